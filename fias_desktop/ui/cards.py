"""What the settings page is made of: cards with rows of a control, its name and a note."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)


class Choice(QComboBox):
    """A combo box that shortens a long entry with an ellipsis instead of cutting it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """As usual, with the text that fits."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        elided = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width() - 6)
        option.currentText = elided
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class Card(QWidget):
    """Rows on a card; its title stands above it, outside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(16, 6, 16, 8)
        self._rows.setSpacing(0)

    def add_row(self, control: QWidget, note: str) -> None:
        """A control beside its accessible name and a note."""
        name, detail = QLabel(control.accessibleName()), QLabel(note)
        detail.setObjectName("Muted")
        for label in (name, detail):
            label.setWordWrap(True)
        control.setToolTip(note)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(name)
        texts.addWidget(detail)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 7, 0, 7)
        layout.setSpacing(16)
        layout.addLayout(texts, 1)
        layout.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        self._rows.addWidget(row)

    def add_widget(self, widget: QWidget) -> None:
        """Something as wide as the card."""
        self._rows.addWidget(widget)
