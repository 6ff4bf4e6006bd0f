"""The cards of the page of language models: one for a model on this machine, one for a model to download."""

from __future__ import annotations

from math import isnan

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from fias_desktop.coach.models.catalogue import CatalogueEntry
from fias_desktop.coach.models.download import Progress
from fias_desktop.coach.models.shelf import ShelfModel, fits
from fias_desktop.ui import names
from fias_desktop.ui.engine_words import engine_text

SURE_MS = 5000
_BAR_STEPS = 1000


def size_text(size_bytes: float) -> str:
    """`1.1 GB`, `397 MB`: as the memory guard counts."""
    if size_bytes >= 2**30:
        return f"{size_bytes / 2**30:.1f} GB"
    if size_bytes < 2**20:
        return f"{max(size_bytes / 2**10, 1):.0f} KB"
    return f"{size_bytes / 2**20:.0f} MB" if size_bytes >= 10 * 2**20 else f"{size_bytes / 2**20:.1f} MB"


def set_text(label: QLabel, text: str) -> None:
    """Show a text, or nothing at all where it is empty."""
    if label.text() != text:
        label.setText(text)
    label.setVisible(bool(text))


class Tile(QWidget):
    """Name, badge and lines on the left, buttons on the right, a bar below."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = self._label(name, "ModelName")
        self.badge = QLabel()
        self.badge.setObjectName("Badge")
        self.details, self.memory = self._label("", "Muted"), self._label("", "Muted")
        self.warning, self.problem = self._label("", "ModelWarning"), self._label("", "ModelProblem")
        self.bar = QProgressBar()
        self.bar.setRange(0, _BAR_STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(name)
        self.bar.hide()
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self._arrange()

    def _arrange(self) -> None:
        self.badge.setVisible(bool(self.badge.text()))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.title)
        for label in (self.details, self.memory, self.warning, self.problem):
            label.hide()
            texts.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(texts, 1)
        row.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self.buttons)
        self.buttons.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 10)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.bar)

    def add_button(self, text: str, name: str) -> QPushButton:
        """One more button; `name` is what a screen reader says."""
        button = QPushButton(text)
        button.setAccessibleName(name)
        self.buttons.addWidget(button)
        return button

    def show_memory(self, needed_bytes: int, free_bytes: int, guard: bool) -> bool:
        """Say what it needs, as a warning where that is not there; whether it may be loaded."""
        enough = not guard or fits(needed_bytes, free_bytes)
        set_text(self.memory, self.tr("Needs about {0} of memory").format(size_text(needed_bytes)) if enough else "")
        text = self.tr("Needs {0} of memory and some to spare, {1} free.").format(
            size_text(needed_bytes), size_text(free_bytes)
        )
        set_text(self.warning, "" if enough else text)
        return enough

    @staticmethod
    def _label(text: str, name: str) -> QLabel:
        label = QLabel(text)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)  # names come from foreign files
        return label


class ShelfTile(Tile):
    """A model on this machine, to use or to delete."""

    def __init__(self, model: ShelfModel, parent: QWidget | None = None) -> None:
        super().__init__(model.name, parent)
        self.model = model
        badges = {"bundled": self.tr("Bundled"), "elsewhere": self.tr("Another folder"), "shelf": ""}
        set_text(self.badge, badges[model.place])
        licence = model.licence or (self.tr("licence not stated") if not model.problem else "")
        file = model.path.name if model.place != "elsewhere" else str(model.path)
        parts = (size_text(model.size_bytes), model.quantisation, model.architecture, licence, file)
        set_text(self.details, " · ".join(part for part in parts if part))
        set_text(self.problem, engine_text(model.problem))
        self.use = self.add_button(self.tr("Use"), model.name)
        self.delete: QPushButton | None = None
        self._sure = QTimer(self)
        self._sure.setSingleShot(True)
        self._sure.timeout.connect(self._forget)
        if model.place == "shelf":
            self.delete = self.add_button(self.tr("Delete"), self.tr("Delete {0}").format(model.name))

    def sure(self) -> bool:
        """Whether “Delete” was pressed a second time; the first time it asks."""
        if self._sure.isActive():
            self._sure.stop()
            return True
        assert self.delete is not None
        self.delete.setText(self.tr("Really delete?"))
        self.delete.setAccessibleName(self.tr("Press again to delete {0}").format(self.model.name))
        self._sure.start(SURE_MS)
        return False

    def refresh(self, chosen: bool, kept: bool, context: int, free_bytes: int) -> None:
        """Whether it is the one in use, or must stay for another reason, and whether it fits into the memory."""
        enough = True
        if not self.model.problem:
            enough = self.show_memory(self.model.memory_bytes(context), free_bytes, guard=not chosen)
        text = self.tr("In use") if chosen else self.tr("Use")
        self.use.setText(text)
        self.use.setAccessibleName(f"{text}: {self.model.name}")
        self.use.setEnabled(not chosen and enough and not self.model.problem)
        self.use.setToolTip(self.warning.text() or self.problem.text())
        if self.delete is not None:
            self.delete.setEnabled(not kept)
            self.delete.setToolTip(self.tr("Use another model first, and save.") if kept else "")

    def _forget(self) -> None:
        if self.delete is not None:
            self.delete.setText(self.tr("Delete"))
            self.delete.setAccessibleName(self.tr("Delete {0}").format(self.model.name))


class OfferTile(Tile):
    """A model of the catalogue, to download."""

    def __init__(self, entry: CatalogueEntry, parent: QWidget | None = None) -> None:
        own = entry.origin == "own"
        super().__init__(entry.name, parent)
        self.entry = entry
        set_text(self.badge, self.tr("Your entry") if own else "")
        languages = names.listed(*map(engine_text, entry.languages))
        parts = (size_text(entry.size_bytes), entry.licence, languages, self.tr("from {0}").format(entry.host))
        set_text(
            self.details,
            "\n".join(line for line in (" · ".join(part for part in parts if part), engine_text(entry.note)) if line),
        )
        self.title.setToolTip(f"{entry.url}\nSHA-256 {entry.sha256}")
        self.state = self._label("", "Muted")
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.state)
        self.state.hide()
        self.fetch = self.add_button("", entry.name)
        self.discard = self.add_button("", entry.name)
        self.running = False

    def refresh(self, progress: Progress, part_bytes: int, other_active: bool, free_bytes: int) -> None:
        """Show this progress, which is of state `idle` where another entry or none was asked for."""
        self.show_memory(self.entry.memory_bytes, free_bytes, guard=True)
        self.running = progress.active
        begun = self.running or part_bytes > 0
        done = progress.done_bytes if self.running else part_bytes
        self.bar.setVisible(begun)
        self.bar.setValue(int(_BAR_STEPS * done / self.entry.size_bytes))
        set_text(self.state, self._words(progress, done) if begun else "")
        error = progress.error
        set_text(self.problem, engine_text(str(error)) if error is not None else "")
        self._name(self.fetch, self.tr("Pause") if self.running else self._begin_text(begun))
        self._name(self.discard, self.tr("Cancel") if self.running else self.tr("Discard"))
        self.fetch.setEnabled(not other_active and progress.state != "checking")
        self.discard.setVisible(begun)

    def _begin_text(self, begun: bool) -> str:
        return self.tr("Continue") if begun else self.tr("Download")

    def _name(self, button: QPushButton, text: str) -> None:
        if button.text() != text:
            button.setText(text)
            button.setAccessibleName(f"{text}: {self.entry.name}")

    def _words(self, progress: Progress, done: int) -> str:
        share = self.tr("{0} of {1}").format(size_text(done), size_text(self.entry.size_bytes))
        if progress.state == "checking":
            return self.tr("Checking the file: {0}").format(share)
        if progress.state == "waiting":
            return self.tr("{0} · the connection broke, trying again").format(share)
        if progress.state != "running":
            return self.tr("{0} · paused").format(share)
        if isnan(progress.left_s) or progress.rate_bytes_s <= 0:
            return share
        return f"{share} · {size_text(progress.rate_bytes_s)}/s · {self._left(progress.left_s)}"

    def _left(self, seconds: float) -> str:
        if seconds < 90:
            return self.tr("{0} s left").format(round(seconds))
        return self.tr("{0} min left").format(round(seconds / 60))
