"""What the language model was told, to the letter."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget


class PromptDialog(QDialog):
    """The exact prompt of the last advice, to read and to copy."""

    def __init__(self, prompt: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What was the model told?"))
        note = QLabel(self.tr("This text, and nothing else, was given to the language model on this machine."))
        note.setObjectName("Muted")
        note.setWordWrap(True)
        self.text = QPlainTextEdit(prompt)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Prompt"))
        self.copy_button, self.close_button = QPushButton(self.tr("Copy")), QPushButton(self.tr("Close"))
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(prompt))
        self.close_button.clicked.connect(self.accept)
        self.close_button.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(note)
        layout.addWidget(self.text, 1)
        layout.addLayout(buttons)
        room = self.screen().availableGeometry().size()
        self.resize(min(560, room.width() - 20), min(420, room.height() - 60))
