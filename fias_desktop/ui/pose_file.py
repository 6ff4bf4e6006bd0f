"""The field for a person's own pose model."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from fias_desktop.domain.errors import FiasError
from fias_desktop.stages.pose import pose_task
from fias_desktop.ui import theme
from fias_desktop.ui.engine_words import engine_text

_WIDTH = 200


class PoseFile(QWidget):
    """A button that names the file and asks for another, and a cross that takes it out. `path` is empty for the model
    that comes with the program; `problem` is the label that says why a file cannot be used."""

    def __init__(self, path: str, look: theme.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.problem = QLabel()
        self.problem.setObjectName("ModelProblem")
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.button, self.clear_button = QPushButton(), QToolButton()
        self.button.clicked.connect(self._ask)
        self.clear_button.setIcon(theme.icon("close", look.text))
        self.clear_button.setFixedSize(28, 28)
        self.clear_button.setToolTip(self.tr("Use the bundled pose model"))
        self.clear_button.setAccessibleName(self.tr("Use the bundled pose model"))
        self.clear_button.clicked.connect(lambda: self.use(""))
        self.setAccessibleName(self.tr("Pose model"))
        self.setFixedWidth(_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.button, 1)
        layout.addWidget(self.clear_button)
        self._show(self._fault(path))

    def use(self, path: str) -> None:
        """Take a file, or none (""); one that cannot be used is not taken, and why is said."""
        fault = self._fault(path)
        if not fault:
            self.path = path
        self._show(fault)

    def sizeHint(self) -> QSize:
        """As wide as the other controls of the page."""
        return QSize(_WIDTH, super().sizeHint().height())

    def _ask(self) -> None:
        start = str(Path(self.path).parent if self.path else Path.home())
        kinds = self.tr("Pose models of MediaPipe") + " (*.task)"
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a pose model"), start, kinds)
        if path:
            self.use(path)

    def _fault(self, path: str) -> str:
        try:
            if path:
                pose_task(Path(path))
        except FiasError as error:
            return engine_text(str(error))
        return ""

    def _show(self, fault: str) -> None:
        name = Path(self.path).name if self.path else self.tr("Bundled")
        room = _WIDTH - (34 if self.path else 0) - 30
        self.button.setText(self.button.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room))
        self.button.setAccessibleName(self.tr("Choose a pose model (now: {0})").format(name))
        self.button.setToolTip(self.path)
        self.clear_button.setVisible(bool(self.path))
        self.problem.setText(fault)
        self.problem.setVisible(bool(fault))
