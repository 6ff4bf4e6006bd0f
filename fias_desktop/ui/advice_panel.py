"""What the coach says: streamed text, who speaks, and the measurements it rests on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from fias_desktop.domain.types import Advice
from fias_desktop.engine.view import AdviceText
from fias_desktop.ui import names, theme
from fias_desktop.ui.advice_entry import AdviceEntry
from fias_desktop.ui.question_box import QuestionBox

_MAX_ENTRIES = 20


class AdvicePanel(QWidget):
    """The coach's card, newest on top. `moment_asked` gives an Evidence, `prompt_asked` the exact prompt's text."""

    advise_asked = Signal()
    question_asked = Signal(str)
    cancel_asked = Signal()
    prompt_asked = Signal(str)
    moment_asked = Signal(object)
    captions_asked = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("Card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.entries: list[AdviceEntry] = []
        self._writing: tuple[int, AdviceEntry] | None = None
        self._prompt = ""
        self.repetition_of: Callable[[float], int | None] = lambda time_s: None
        self._build_feed()
        self._build_buttons()
        title = QLabel(self.tr("Coach"))
        title.setObjectName("CardTitle")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.captions_button)
        head.addWidget(self.prompt_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 12)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
        self.question = QuestionBox(look)
        self.question.asked.connect(self.question_asked)
        layout.addWidget(self.question)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 6, 0)
        buttons.addWidget(self.advise_button, 1)
        buttons.addWidget(self.cancel_button, 1)
        layout.addLayout(buttons)
        self.set_theme(look)

    def _build_feed(self) -> None:
        self._empty = QLabel(
            self.tr("After a set the coach says what to work on. Cues appear on the picture while you move.")
        )
        self._empty.setObjectName("Muted")
        self._empty.setWordWrap(True)
        body = QWidget()
        body.setObjectName("ScrollBody")
        self._feed = QVBoxLayout(body)
        self._feed.setContentsMargins(0, 0, 8, 0)
        self._feed.setSpacing(2)
        self._feed.addWidget(self._empty)
        self._feed.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scroll.setWidget(body)

    def _build_buttons(self) -> None:
        self.advise_button = QPushButton(self.tr("Advise now"))
        self.advise_button.setToolTip(self.tr("Ask the coach about the set so far"))
        self.advise_button.setProperty("primary", True)
        self.advise_button.clicked.connect(self.advise_asked)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("Stop the coach at once"))
        self.cancel_button.clicked.connect(self.cancel_asked)
        self.cancel_button.hide()
        self.prompt_button = self._icon_button(self.tr("What was the model told?"))
        self.prompt_button.clicked.connect(lambda: self.prompt_asked.emit(self._prompt))
        self.captions_button = self._icon_button(self.tr("Save what was said as subtitles"))
        self.captions_button.clicked.connect(self.captions_asked)
        for button in (self.advise_button, self.cancel_button, self.prompt_button, self.captions_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _icon_button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setFixedSize(28, 28)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setEnabled(False)
        return button

    def show_cue(self, advice: Advice) -> None:
        """A cue: the same code as the newest entry is counted there."""
        newest = self.entries[0].advice if self.entries else None
        if newest is not None and (newest.code, newest.source) == (advice.code, advice.source):
            self.entries[0].repeat(advice)
            return
        entry = self._new_entry(advice.time_s)
        entry.finish(advice, self.repetition_of)

    def stream(self, piece: AdviceText) -> None:
        """Text of the coach so far; the checked advice, or a note that it was stopped, at the end."""
        if self._writing is None or self._writing[0] != piece.request:
            self._writing = (piece.request, self._new_entry(None))
        entry = self._writing[1]
        entry.show_question(piece.question)
        self._prompt = piece.prompt or self._prompt
        self.prompt_button.setEnabled(bool(self._prompt))
        if piece.done:
            self._finish(entry, piece)
        else:
            entry.write(self.tr("Writing …"), piece.text)
        self.cancel_button.setVisible(not piece.done)
        self.advise_button.setVisible(piece.done)

    def _finish(self, entry: AdviceEntry, piece: AdviceText) -> None:
        self._writing = None
        if piece.advice is not None:
            entry.finish(piece.advice, self.repetition_of)
            entry.show_objections(piece.objections)
            entry.when.setText(names.moment(piece.advice.time_s))
        else:
            entry.write(self.tr("Stopped"), piece.text or self.tr("No advice was given."))

    def _new_entry(self, time_s: float | None) -> AdviceEntry:
        entry = AdviceEntry(self._look, self.moment_asked.emit)
        if time_s is not None:
            entry.when.setText(names.moment(time_s))
        self._empty.hide()
        self._feed.insertWidget(0, entry)
        self.entries.insert(0, entry)
        for old in self.entries[_MAX_ENTRIES:]:
            self._feed.removeWidget(old)
            old.deleteLater()
        del self.entries[_MAX_ENTRIES:]
        self._scroll.verticalScrollBar().setValue(0)
        return entry

    def clear(self) -> None:
        """Another source."""
        for entry in self.entries:
            self._feed.removeWidget(entry)
            entry.hide()
            entry.deleteLater()
        self.entries, self._writing, self._prompt = [], None, ""
        self.prompt_button.setEnabled(False)
        self.captions_button.setEnabled(False)
        self.cancel_button.hide()
        self.advise_button.show()
        self._empty.show()

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour icons."""
        self._look = look
        self.prompt_button.setIcon(theme.icon("prompt", look.muted, look.border))
        self.captions_button.setIcon(theme.icon("captions", look.muted, look.border))
        self.question.set_theme(look)
        for entry in self.entries:
            entry.set_theme(look)
