"""What the coach says: streamed text, who speaks, and the measurements it rests on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from fias_desktop.domain.types import Advice, Evidence
from fias_desktop.engine.view import AdviceText
from fias_desktop.ui import names, theme

_MAX_ENTRIES = 20
_MAX_EVIDENCE = 4


def evidence_lines(evidence: Evidence, repetition: int | None) -> tuple[str, str]:
    """A measurement in two lines: where and when, and what against what was expected."""
    where = ", ".join(names.joint(joint) for joint in evidence.joints[:2])
    when = names.moment(evidence.time_s)
    first = " · ".join(part for part in ("" if repetition is None else f"#{repetition}", when, where) if part)
    return first, names.judged(evidence.quantity, evidence.value, evidence.unit, evidence.expected)


class EvidenceRow(QPushButton):
    """One measurement; a click jumps to its moment."""

    def __init__(self, evidence: Evidence, repetition: int | None, look: theme.Theme) -> None:
        super().__init__()
        self.evidence = evidence
        self.setObjectName("Evidence")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        first, second = evidence_lines(evidence, repetition)
        self.setAccessibleName(f"{first}: {second}")
        self.setToolTip(self.tr("Show this moment"))
        upper, lower, self._arrow = QLabel(first), QLabel(second), QLabel()
        upper.setObjectName("Small")
        texts = QVBoxLayout()
        texts.setSpacing(1)
        for label in (upper, lower):
            label.setWordWrap(True)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            texts.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 8, 7)
        layout.addLayout(texts, 1)
        layout.addWidget(self._arrow)
        self.set_theme(look)

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour the arrow."""
        self._arrow.setPixmap(theme.icon("arrow", look.muted).pixmap(QSize(16, 16)))

    def hasHeightForWidth(self) -> bool:
        """Its words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its words need."""
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else super().heightForWidth(width)

    def sizeHint(self) -> QSize:
        """One line each; the real height follows from the width."""
        return QSize(180, 46)

    def minimumSizeHint(self) -> QSize:
        """One line each."""
        return QSize(120, 46)


class AdviceEntry(QWidget):
    """One thing that was said."""

    def __init__(self, look: theme.Theme, on_moment: Callable[[Evidence], None]) -> None:
        super().__init__()
        self._look, self._on_moment = look, on_moment
        self.advice: Advice | None = None
        self.rows: list[EvidenceRow] = []
        self.times = 1
        self.badge, self.when, self.text = QLabel(), QLabel(), QLabel()
        self.badge.setObjectName("Badge")
        self.when.setObjectName("Small")
        self.text.setObjectName("AdviceText")
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.badge)
        head.addWidget(self.when, 1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 2, 0, 10)
        self._layout.setSpacing(6)
        self._layout.addLayout(head)
        self._layout.addWidget(self.text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def write(self, speaker: str, text: str) -> None:
        """Show who speaks and the text so far."""
        self.badge.setText(speaker)
        self.text.setText(text)

    def finish(self, advice: Advice, repetition_of: Callable[[float], int | None]) -> None:
        """Show the checked advice with its evidence."""
        self.advice = advice
        self.write(names.speaker(advice.source), advice.text)
        if advice.source == "phrasebook":
            self.badge.setToolTip(self.tr("The fixed phrases speak: the language model is off or failed the check."))
        for row in self.rows:
            row.deleteLater()
        shown = advice.evidence[:_MAX_EVIDENCE]
        self.rows = [EvidenceRow(item, repetition_of(item.time_s), self._look) for item in shown]
        for row in self.rows:
            row.clicked.connect(lambda _=False, item=row.evidence: self._on_moment(item))
            self._layout.addWidget(row)

    def repeat(self, advice: Advice) -> None:
        """The same cue again."""
        self.times += 1
        self.when.setText(f"{names.moment(advice.time_s)} · {self.times}×")

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour the rows."""
        self._look = look
        for row in self.rows:
            row.set_theme(look)


class AdvicePanel(QWidget):
    """The coach's card, newest on top. `moment_asked` gives an Evidence, `prompt_asked` the exact prompt's text."""

    advise_asked = Signal()
    cancel_asked = Signal()
    prompt_asked = Signal(str)
    moment_asked = Signal(object)

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
        head.addWidget(self.prompt_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 12)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
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
        self.prompt_button = QToolButton()
        self.prompt_button.setFixedSize(28, 28)
        self.prompt_button.setToolTip(self.tr("What was the model told?"))
        self.prompt_button.setAccessibleName(self.tr("What was the model told?"))
        self.prompt_button.setEnabled(False)
        self.prompt_button.clicked.connect(lambda: self.prompt_asked.emit(self._prompt))
        for button in (self.advise_button, self.cancel_button, self.prompt_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

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
        self.entries, self._writing = [], None
        self.cancel_button.hide()
        self.advise_button.show()
        self._empty.show()

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour icons."""
        self._look = look
        self.prompt_button.setIcon(theme.icon("prompt", look.muted, look.border))
        for entry in self.entries:
            entry.set_theme(look)
