"""Colours, the style sheet and the icons: the light and the dark look."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from string import Template

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory

from fias_desktop import resources

_SIZES = (16, 20, 24, 32, 48, 64)
_FRAME = QSize(8, 48)  # what desktops put round a window
_APPLIED = "fias_theme"
_FAMILIES = ["Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "Ubuntu", "Cantarell", "DejaVu Sans"]
# Behind the Latin ones: without a name the desktop takes Japanese shapes and punctuation for Chinese.
_CHINESE = ["Noto Sans CJK TC", "Noto Sans TC", "Microsoft JhengHei UI", "PingFang TC"]


@dataclass(frozen=True)
class Theme:
    """The colours of one look, as `#rrggbb`. `*_soft` are backgrounds for text in the colour of the same name."""

    name: str
    window: str
    card: str
    control: str
    hover: str
    border: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    good: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str


DARK = Theme(
    name="dark",
    window="#0f141b",
    card="#171e28",
    control="#1f2834",
    hover="#293443",
    border="#2d3846",
    text="#e9eef5",
    muted="#9fadbf",
    disabled="#66748a",
    accent="#62a5ff",
    accent_hover="#7db5ff",
    accent_soft="#1b3050",
    on_accent="#07111f",
    good="#45d19a",
    warn="#ffbe55",
    warn_soft="#3a2d12",
    bad="#ff8480",
    bad_soft="#42201f",
)
LIGHT = Theme(
    name="light",
    window="#f3f5f8",
    card="#ffffff",
    control="#f6f8fa",
    hover="#e8edf3",
    border="#d5dce5",
    text="#15202e",
    muted="#526173",
    disabled="#97a3b3",
    accent="#1259c3",
    accent_hover="#0d489f",
    accent_soft="#e2edfd",
    on_accent="#ffffff",
    good="#0b7a4b",
    warn="#8a5200",
    warn_soft="#fdf1d8",
    bad="#b3261e",
    bad_soft="#fde8e6",
)
# The stage behind and on the picture is dark in both looks: a picture is judged best on a dark ground.
STAGE = "#07090d"
STAGE_TEXT = "#f4f7fb"
STAGE_MUTED = "#b6c2d2"


def resolve(choice: str) -> Theme:
    """The theme for a setting (`system`, `light`, `dark`); `system` asks the desktop, dark where it does not say."""
    if choice == "system":
        light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        return LIGHT if light else DARK
    return LIGHT if choice == "light" else DARK


def apply(app: QApplication, theme: Theme) -> None:
    """Give the whole application the look of `theme`; nothing when it has it already (restyling is slow)."""
    if app.property(_APPLIED) == theme.name:
        return
    app.setProperty(_APPLIED, theme.name)
    app.setStyle(QStyleFactory.create("Fusion"))
    font = QFont()
    font.setFamilies(_FAMILIES + _CHINESE)
    font.setPixelSize(13)
    app.setFont(font)
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))


def style_sheet(theme: Theme) -> str:
    """resources/style/app.qss with the theme's colours filled in."""
    template = (resources.root() / "style" / "app.qss").read_text(encoding="utf-8")
    icons = (resources.root() / "icons").as_posix()
    return Template(template).substitute(asdict(theme), icons=icons)


def palette(theme: Theme) -> QPalette:
    """The same colours for what the style sheet does not reach."""
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.control,
        QPalette.ColorRole.AlternateBase: theme.card,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.Button: theme.control,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipBase: theme.card,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.Link: theme.accent,
    }
    result = QPalette()
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.disabled))
    return result


@cache
def _svg(name: str) -> str:
    return (resources.root() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str, size_px: int) -> QPixmap:
    """An icon drawn in one colour, `size_px` square device pixels."""
    result = QPixmap(size_px, size_px)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    data = QByteArray(_svg(name).replace("currentColor", colour).encode())
    QSvgRenderer(data).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return result


def icon(name: str, colour: str, disabled: str = "") -> QIcon:
    """An icon sharp at every usual size; `disabled` is its colour while the control is off."""
    result = QIcon()
    for size in _SIZES:
        result.addPixmap(pixmap(name, colour, size))
        if disabled:
            result.addPixmap(pixmap(name, disabled, size), QIcon.Mode.Disabled)
    return result


def app_icon() -> QIcon:
    """The program's own icon."""
    return icon("fias", "#ffffff")


def first_size() -> QSize:
    """The window's size at its first start: 1440x900, or what the screen has beside the window's frame and title."""
    return QSize(1440, 900).boundedTo(QGuiApplication.primaryScreen().availableGeometry().size() - _FRAME)
