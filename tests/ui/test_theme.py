"""Both looks are readable, and every icon can be drawn."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from fias_desktop import resources
from fias_desktop.ui import theme

PAIRS = (
    ("text", "window"), ("text", "card"), ("text", "control"), ("muted", "card"), ("muted", "window"),
    ("accent", "accent_soft"), ("on_accent", "accent"), ("on_accent", "accent_hover"), ("text", "warn_soft"),
    ("text", "bad_soft"), ("text", "accent_soft"), ("warn", "card"), ("good", "card"), ("bad", "card"),
)  # fmt: skip


def contrast(a: str, b: str) -> float:
    """The contrast ratio of WCAG 2."""

    def luminance(name: str) -> float:
        colour = QColor(name)
        channels = (colour.redF(), colour.greenF(), colour.blueF())
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT], ids=lambda look: look.name)
@pytest.mark.parametrize(("ink", "paper"), PAIRS)
def test_words_can_be_read(look: theme.Theme, ink: str, paper: str) -> None:
    assert contrast(getattr(look, ink), getattr(look, paper)) >= 4.5


def test_the_style_sheet_has_no_hole(qapp: QApplication) -> None:
    for look in (theme.DARK, theme.LIGHT):
        sheet = theme.style_sheet(look)
        assert "${" not in sheet and look.window in sheet


def test_every_icon_draws_something(qapp: QApplication) -> None:
    names = [path.stem for path in (resources.root() / "icons").glob("*.svg")]
    assert len(names) > 20
    for name in names:
        image = theme.pixmap(name, "#ff0000", 24).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), name


def test_settings_choose_the_look(qapp: QApplication) -> None:
    assert theme.resolve("light") is theme.LIGHT and theme.resolve("dark") is theme.DARK
    assert theme.resolve("system") in (theme.LIGHT, theme.DARK)
