"""A line for a question to the coach, with questions to choose from."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QToolButton, QWidget

from fias_desktop.ui import theme

_MAX_LENGTH = 200


class _Line(QLineEdit):
    """Offers its completions as soon as it is entered."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show what may be asked."""
        super().focusInEvent(event)
        if not self.text() and event.reason() != Qt.FocusReason.PopupFocusReason:
            # After the click that gave the focus: a popup that opens within it would be closed by it.
            QTimer.singleShot(0, self._offer)

    def _offer(self) -> None:
        completer = self.completer()
        if completer is not None and self.hasFocus() and not self.text():
            completer.setCompletionPrefix("")
            completer.complete()


class QuestionBox(QWidget):
    """`asked` gives a question about the workout, without blanks around it."""

    asked = Signal(str)

    def __init__(self, look: theme.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = _Line()
        self.line.setObjectName("Question")
        self.line.setMaxLength(_MAX_LENGTH)
        self.line.setPlaceholderText(self.tr("Ask about this workout …"))
        self.line.setAccessibleName(self.tr("Question to the coach"))
        completer = QCompleter(self.questions(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(lambda _: QTimer.singleShot(0, self.send))
        self.line.setCompleter(completer)
        self.line.returnPressed.connect(self.send)
        self.line.installEventFilter(self)
        self.button = QToolButton()
        self.button.setFixedSize(30, 30)
        self.button.setToolTip(self.tr("Ask"))
        self.button.setAccessibleName(self.tr("Ask the coach"))
        self.button.clicked.connect(self.send)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.setSpacing(4)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)
        self.set_theme(look)

    def questions(self) -> list[str]:
        """What people ask, to choose from."""
        return [
            self.tr("Why?"),
            self.tr("What should I change first?"),
            self.tr("What went well?"),
            self.tr("Is it better than the last set?"),
            self.tr("How many did I do?"),
        ]

    def send(self) -> None:
        """Hand over what was typed, once."""
        question = " ".join(self.line.text().split())
        self.line.clear()
        if question:
            self.asked.emit(question)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape leaves the line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.line.clear()
            self.line.clearFocus()
            return True
        return super().eventFilter(watched, event)

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour the icon."""
        self.button.setIcon(theme.icon("send", look.accent, look.border))
        self.button.setIconSize(QSize(18, 18))
