"""One thing that the coach said, sentence by sentence, with the measurements it rests on."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from fias_desktop.coach.guard import split
from fias_desktop.coach.languages import language_of
from fias_desktop.domain.types import Advice, Evidence
from fias_desktop.ui import names, theme
from fias_desktop.ui.objection_words import objection_text

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

    def set_marked(self, on: bool) -> None:
        """Show that the sentence under the pointer rests on this one."""
        self.setProperty("marked", on)
        self.style().unpolish(self)
        self.style().polish(self)

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


def shown_evidence(advice: Advice) -> tuple[Evidence, ...]:
    """The measurements that the sentences rest on, else the most important ones."""
    linked = tuple(dict.fromkeys(i for row in advice.links for i in row))
    return tuple(advice.evidence[i] for i in linked[:_MAX_EVIDENCE]) or advice.evidence[:_MAX_EVIDENCE]


def _linked(sentence: str, number: int, followed: bool) -> str:
    text = html.escape(sentence)
    return f'<a href="{number}" style="color: palette(text); text-decoration: none;">{text}</a>' if followed else text


class AdviceEntry(QWidget):
    """One thing that was said."""

    def __init__(self, look: theme.Theme, on_moment: Callable[[Evidence], None]) -> None:
        super().__init__()
        self._look, self._on_moment = look, on_moment
        self.advice: Advice | None = None
        self.rows: list[EvidenceRow] = []
        self.times = 1
        self.badge, self.when, self.text, self.question = QLabel(), QLabel(), QLabel(), QLabel()
        self.question.setObjectName("Small")
        self.question.setWordWrap(True)
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        self.question.hide()
        self.badge.setObjectName("Badge")
        self.when.setObjectName("Small")
        self.text.setObjectName("AdviceText")
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        reading = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.LinksAccessibleByMouse
        self.text.setTextInteractionFlags(reading | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)
        self.text.linkHovered.connect(self._mark)
        self.text.linkActivated.connect(self._show_first)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.badge)
        head.addWidget(self.when, 1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 2, 0, 10)
        self._layout.setSpacing(6)
        self._layout.addLayout(head)
        self._layout.addWidget(self.question)
        self._layout.addWidget(self.text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_question(self, question: str) -> None:
        """What is answered here."""
        self.question.setText(self.tr("You asked: {0}").format(question))
        self.question.setVisible(bool(question))

    def write(self, speaker: str, text: str) -> None:
        """Show who speaks and the text so far."""
        self.badge.setText(speaker)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setText(text)

    def finish(self, advice: Advice, repetition_of: Callable[[float], int | None]) -> None:
        """Show the checked advice with its evidence."""
        self.advice = advice
        self.write(names.speaker(advice.source), advice.text)
        for row in self.rows:
            row.deleteLater()
        self._write_sentences(advice)
        self.rows = [EvidenceRow(item, repetition_of(item.time_s), self._look) for item in shown_evidence(advice)]
        for row in self.rows:
            row.clicked.connect(lambda _=False, item=row.evidence: self._on_moment(item))
            self._layout.addWidget(row)

    def show_objections(self, objections: tuple[str, ...]) -> None:
        """Why the fixed phrases speak, or that the model's first words were not taken."""
        if self.advice is None:
            return
        why = "\n".join(map(objection_text, objections))
        if self.advice.source != "phrasebook":
            note = self.tr("Taken at the second try. Refused before:") if why else ""
        elif why:
            note = self.tr("The fixed phrases speak: the language model's words were refused.")
        else:
            note = self.tr("The fixed phrases speak: no language model is in use.")
        self.badge.setToolTip("\n".join(part for part in (note, why) if part))

    def _write_sentences(self, advice: Advice) -> None:
        """Sentences that rest on measurements can be pointed at and followed."""
        language = language_of(advice.text)
        sentences = split(advice.text, language)
        if not any(advice.links) or len(sentences) != len(advice.links):
            return
        gap = " " if language == "en" else ""
        parts = (_linked(text, i, bool(row)) for i, (text, row) in enumerate(zip(sentences, advice.links, strict=True)))
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setText(gap.join(parts))

    def _resting_on(self, link: str) -> tuple[Evidence, ...]:
        """The measurements that the sentence of this link rests on."""
        if self.advice is None or not link:
            return ()
        return tuple(self.advice.evidence[i] for i in self.advice.links[int(link)])

    def _mark(self, link: str) -> None:
        proofs = self._resting_on(link)
        for row in self.rows:
            row.set_marked(row.evidence in proofs)

    def _show_first(self, link: str) -> None:
        proofs = self._resting_on(link)
        if proofs:
            self._on_moment(proofs[0])

    def repeat(self, advice: Advice) -> None:
        """The same cue again."""
        self.times += 1
        self.when.setText(f"{names.moment(advice.time_s)} · {self.times}×")

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour the rows."""
        self._look = look
        for row in self.rows:
            row.set_theme(look)
