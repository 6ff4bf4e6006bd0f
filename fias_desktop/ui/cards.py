"""What the settings page is made of: cards with rows of a control, its name and a note."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

_BETWEEN, _WORDS_MIN = 16, 170  # points between words and control, and the least room for words beside it


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


class Row(QWidget):
    """A control beside its name and a note; between them where the words would have too little room beside it."""

    def __init__(self, control: QWidget, note: str) -> None:
        super().__init__()
        self.name, self.control, self.note = QLabel(control.accessibleName()), control, QLabel(note)
        self.note.setObjectName("Muted")
        for label in (self.name, self.note):
            label.setWordWrap(True)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 7, 0, 7)
        self._layout.setColumnStretch(0, 1)
        self._narrow = False
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may want another arrangement."""
        wide = max(self.control.sizeHint().width(), self.control.minimumWidth())
        narrow = self.width() - wide - _BETWEEN < _WORDS_MIN
        if narrow != self._narrow:
            self._narrow = narrow
            self._arrange()

    def _arrange(self) -> None:
        grid, control = self._layout, self.control
        for widget in (self.name, control, self.note):
            grid.removeWidget(widget)
        grid.addWidget(self.name, 0, 0)
        if self._narrow:
            grid.addWidget(control, 1, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            grid.addWidget(control, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.note, 2 if self._narrow else 1, 0)
        grid.setHorizontalSpacing(0 if self._narrow else _BETWEEN)
        grid.setVerticalSpacing(6 if self._narrow else 1)


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
        """A control with its accessible name and a note."""
        control.setToolTip(note)
        self._rows.addWidget(Row(control, note))

    def add_widget(self, widget: QWidget) -> None:
        """Something as wide as the card."""
        self._rows.addWidget(widget)
