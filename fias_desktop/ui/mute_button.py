"""The button that silences the coach's voice."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from fias_desktop.ui import theme


class MuteButton(QToolButton):
    """Checked while the coach is silent. `key` presses it from anywhere in the window; `muted_changed` tells what a
    person chose."""

    muted_changed = Signal(bool)

    def __init__(self, look: theme.Theme, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._key, self._note = look, key, ""
        self.setCheckable(True)
        self.setFixedSize(36, 36)
        self.setIconSize(QSize(20, 20))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Mute the coach's voice"))
        self.setShortcut(QKeySequence(key))
        self.toggled.connect(self._show)
        self.clicked.connect(self.muted_changed)
        self._show()

    def set_muted(self, muted: bool) -> None:
        """Show what the settings say."""
        self.setChecked(muted)

    def set_note(self, note: str) -> None:
        """Why nothing would be heard anyway; empty when all is well."""
        self._note = note
        self._show()

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour the icon."""
        self._look = look
        self._show()

    def _show(self) -> None:
        muted = self.isChecked()
        silent = muted or bool(self._note)
        self.setIcon(
            theme.icon("speaker-off" if silent else "speaker", self._look.muted if silent else self._look.text)
        )
        action = self.tr("Let the coach speak ({0})") if muted else self.tr("Mute the coach's voice ({0})")
        self.setToolTip("\n".join(part for part in (action.format(self._key), self._note) if part))
