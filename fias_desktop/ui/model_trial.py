"""The card that tries the chosen language model: a fixed prompt, its words, and how soon they came."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from fias_desktop.settings import Settings
from fias_desktop.ui.engine_words import engine_text
from fias_desktop.ui.model_tile import set_text
from fias_desktop.ui.model_work import Tester, Work


class ModelTrial(QWidget):
    """Runs the tester beside the window's thread; the page calls `look` now and then."""

    def __init__(
        self, tester: Tester, choice: Callable[[], tuple[Path, Settings]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tester, self._choice = tester, choice
        self._work: Work | None = None
        self.setObjectName("Card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.button = QPushButton(self.tr("Test"))
        self.button.setAccessibleName(self.tr("Test the chosen model"))
        self.button.clicked.connect(self.toggle)
        self.state = QLabel(self.tr("Gives a short task to the chosen model and shows its words."))
        self.state.setObjectName("Muted")
        self.state.setWordWrap(True)
        self.text, self.problem = QLabel(), QLabel()
        self.text.setObjectName("AdviceText")
        self.problem.setObjectName("ModelProblem")
        for label in (self.text, self.problem):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)  # a foreign model wrote it
            label.hide()
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.state, 1)
        row.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 10)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.text)
        layout.addWidget(self.problem)

    @property
    def running(self) -> bool:
        """Whether a test is under way."""
        return self._work is not None

    def toggle(self) -> None:
        """Start a test, or stop the one under way."""
        if self._work is not None:
            self.stop()
            return
        path, settings = self._choice()
        set_text(self.text, "")
        set_text(self.problem, "")
        self.button.setText(self.tr("Stop"))
        self.state.setText(self.tr("Loading {0} …").format(path.name))
        self._work = Work("test", lambda work: self._tester.run(path, settings, work.say))

    def stop(self) -> None:
        """Stop the test, if there is one."""
        if self._work is not None:
            self._work.cancel()
            self._tester.cancel()

    def look(self) -> None:
        """Show what the test has brought."""
        work = self._work
        if work is None:
            return
        finished = work.finished
        set_text(self.text, work.text)
        if not isnan(work.first_s):
            self.state.setText(self.tr("First words after {0} s").format(f"{work.first_s:.2f}"))
        if finished:
            self._work = None
            self._end(work)

    def _end(self, work: Work) -> None:
        self.button.setText(self.tr("Test"))
        set_text(self.problem, engine_text(str(work.error)) if work.error is not None and not work.cancelled() else "")
        if work.cancelled():
            self.state.setText(self.tr("Stopped."))
        elif work.error is not None:
            self.state.setText(self.tr("The test failed."))
        elif not work.text:
            self.state.setText(self.tr("The model said nothing."))
        else:
            text = self.tr("First words after {0} s, all of it after {1} s")
            self.state.setText(text.format(f"{work.first_s:.2f}", f"{work.all_s:.1f}"))
