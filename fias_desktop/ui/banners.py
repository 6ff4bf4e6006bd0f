"""Banners above the picture: what happened and what to do."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from fias_desktop.ui import theme
from fias_desktop.ui.engine_words import engine_text

_MAX_SHOWN = 3
_INFO_MS = 20_000
_COLOURS = {"info": "accent", "warning": "warn", "error": "bad"}


class Banner(QWidget):
    """One message with its hint and a cross to close it. `level`: info, warning or error."""

    def __init__(self, level: str, message: str, hint: str, look: theme.Theme) -> None:
        super().__init__()
        self.level, self.message, self.hint, self.times = level, message, hint, 1
        self.setObjectName("Banner")
        self.setProperty("level", level)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(f"{message} {hint}".strip())
        self._mark = QLabel()
        self.title = QLabel(message)
        self.title.setObjectName("BannerTitle")
        self.detail = QLabel(hint)
        self.detail.setVisible(bool(hint))
        self.close_button = QToolButton()
        self.close_button.setFixedSize(28, 28)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.setToolTip(self.tr("Close this message"))
        self.close_button.setAccessibleName(self.tr("Close this message"))
        self._lay_out()
        self.set_theme(look)

    def _lay_out(self) -> None:
        for label in (self.title, self.detail):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self.title)
        texts.addWidget(self.detail)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 7, 8, 7)
        layout.setSpacing(10)
        layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(texts, 1)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour the icons."""
        colour = getattr(look, _COLOURS[self.level])
        self._mark.setPixmap(theme.icon(self.level, colour).pixmap(QSize(22, 22)))
        self.close_button.setIcon(theme.icon("close", look.text))

    def repeat(self) -> None:
        """The same thing happened again."""
        self.times += 1
        self.title.setText(f"{self.message} ({self.times}×)")


class BannerArea(QWidget):
    """The stack of banners, newest on top; hidden while empty. The same message is shown once with a number."""

    def __init__(self, look: theme.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("BannerArea")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look = look
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 6, 8, 6)
        self._layout.setSpacing(6)
        self.banners: list[Banner] = []
        self.hide()

    def show_banner(self, level: str, message: str, hint: str = "") -> Banner:
        """Show a message of the window or of the engine; an info goes by itself after a while."""
        message, hint = engine_text(message), engine_text(hint)
        for known in self.banners:
            if (known.message, known.hint) == (message, hint):
                known.repeat()
                return known
            if known.message == message:
                self.remove(known)  # said anew, with something to do
                break
        banner = Banner(level, message, hint, self._look)
        banner.close_button.clicked.connect(lambda: self.remove(banner))
        self._layout.insertWidget(0, banner)
        self.banners.insert(0, banner)
        for old in self.banners[_MAX_SHOWN:]:
            old.hide()
        if level == "info":
            timer = QTimer(banner)
            timer.setSingleShot(True)
            timer.timeout.connect(lambda: self.remove(banner))
            timer.start(_INFO_MS)
        self.show()
        return banner

    def remove(self, banner: Banner) -> None:
        """Take a banner away; one that waited for room comes up."""
        if banner not in self.banners:
            return
        self.banners.remove(banner)
        self._layout.removeWidget(banner)
        banner.hide()
        banner.deleteLater()
        for waiting in self.banners[:_MAX_SHOWN]:
            waiting.show()
        self.setVisible(bool(self.banners))

    def take_back(self, message: str) -> None:
        """Take away a message of the window or of the engine that is no longer true."""
        for banner in [banner for banner in self.banners if banner.message == engine_text(message)]:
            self.remove(banner)

    def clear(self, *levels: str) -> None:
        """Take away all banners of these levels."""
        for banner in [banner for banner in self.banners if banner.level in levels]:
            self.remove(banner)

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour what is shown."""
        self._look = look
        for banner in self.banners:
            banner.set_theme(look)
