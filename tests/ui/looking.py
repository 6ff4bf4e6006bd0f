"""Hands and eyes: clicks and keys, and looking for what a person would see as broken."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QSlider, QSpinBox, QWidget

from fias_desktop.ui.status_bar import ElidedLabel


def cut_texts(top: QWidget) -> list[str]:
    """The texts of visible labels and buttons that do not fit their widget, or leave the window."""
    found = []
    for widget in top.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, ElidedLabel):
            continue
        if isinstance(widget, QLabel) and widget.text() and not _label_fits(widget):
            found.append(f"{widget.text()!r} in {widget.size().toTuple()}")
        if isinstance(widget, QAbstractButton) and widget.text() and not _button_fits(widget):
            found.append(f"button {widget.text()!r} in {widget.size().toTuple()}")
    return found


def _label_fits(label: QLabel) -> bool:
    if label.wordWrap():
        return label.height() >= label.heightForWidth(label.width()) - 1
    return label.width() >= label.sizeHint().width() - 1 and label.height() >= label.sizeHint().height() - 1


def _button_fits(button: QAbstractButton) -> bool:
    wide = button.fontMetrics().horizontalAdvance(button.text())
    return button.width() >= wide + 4 and button.height() >= button.fontMetrics().height()


def overlaps(*widgets: QWidget) -> list[str]:
    """Pairs of visible siblings that lie over each other."""
    shown = [widget for widget in widgets if widget.isVisible() and not widget.geometry().isEmpty()]
    return [
        f"{type(a).__name__} over {type(b).__name__}"
        for i, a in enumerate(shown)
        for b in shown[i + 1 :]
        if _on_window(a).intersects(_on_window(b))
    ]


def _on_window(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), widget.rect().topLeft()), widget.size())


def nameless_controls(top: QWidget) -> list[str]:
    """Visible controls that a screen reader cannot name, or that have no tooltip where they are only an icon."""
    kinds = (QAbstractButton, QComboBox, QSlider, QSpinBox)
    found = []
    for widget in top.findChildren(QWidget):
        if not isinstance(widget, kinds) or not widget.isVisible() or widget.objectName().startswith("qt_"):
            continue
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        if not (widget.accessibleName() or text):
            found.append(f"{type(widget).__name__} has no name")
        if isinstance(widget, QAbstractButton) and not text and not widget.toolTip():
            found.append(f"{widget.accessibleName()} has no tooltip")
    return found


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """The left button of the mouse, in the middle of a widget or at a place in it."""
    where = widget.rect().center() if at is None else at
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)


def press(widget: QWidget, key: Qt.Key) -> None:
    """One key."""
    QTest.keyClick(widget, key)
