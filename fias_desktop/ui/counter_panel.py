"""The card of the running set: every repetition as a mark that shows its moment when clicked."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from fias_desktop.domain.types import Evidence, ExerciseSet, Repetition
from fias_desktop.ui import names, theme
from fias_desktop.ui.engine_words import engine_text

_MAX_MARKS = 24
_MARK_PX = 26


def ledger_text(rep: Repetition) -> str:
    """One row of the ledger in words."""
    if not rep.counted:
        return f"{names.moment(rep.bottom_s)} · {engine_text(rep.reason)}"
    return f"{rep.index} · {names.moment(rep.bottom_s)} · {names.form(rep.form)} · {rep.score:.0f}/100"


def shown_moment(rep: Repetition) -> tuple[str, str, Evidence | None]:
    """Title and caption of a repetition's still, and the measurement it shows: the first one outside its range."""
    title = f"{names.exercise(rep.exercise)} · {names.moment(rep.bottom_s)}"
    evidence = next((item for item in rep.evidence if item.excess > 0), None)
    if evidence is None:
        return title, ledger_text(rep), None
    return title, names.in_sentences(names.form(rep.form), names.measured(evidence)), evidence


class RepetitionMark(QAbstractButton):
    """A small disc: filled green for good form, amber for an error, hollow when it was not counted."""

    def __init__(self, rep: Repetition, look: theme.Theme) -> None:
        super().__init__()
        self.repetition, self._look = rep, look
        self.setFixedSize(_MARK_PX, _MARK_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(ledger_text(rep))
        self.setAccessibleName(ledger_text(rep))

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour."""
        self._look = look
        self.update()

    def _colour(self) -> QColor:
        if not self.repetition.counted or self.repetition.form == "unknown":
            return QColor(self._look.disabled)
        return QColor(self._look.good if self.repetition.form == "correct" else self._look.warn)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The disc with the repetition's number; an error also has a notch, so that colour is not all."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        disc = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        colour = self._colour()
        fill = QColor(colour)
        fill.setAlpha(60 if self.repetition.counted else 0)
        painter.setBrush(fill)
        dashed = Qt.PenStyle.SolidLine if self.repetition.counted else Qt.PenStyle.DashLine
        painter.setPen(QPen(colour if not self.hasFocus() else QColor(self._look.text), 1.6, dashed))
        round_px = disc.width() / 2 if self.repetition.form != "correct" else 7
        painter.drawRoundedRect(disc, round_px, round_px)
        painter.setPen(QColor(self._look.text))
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        text = str(self.repetition.index) if self.repetition.counted else "×"
        painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), text)


class CounterPanel(QWidget):
    """Exercise, counts and marks of the running set. `moment_asked` gives a repetition."""

    moment_asked = Signal(object)

    def __init__(self, look: theme.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("Card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.marks: list[RepetitionMark] = []
        self._over, self._exercise = False, ""
        self._counted = self._clean = 0
        self.title, self.summary = QLabel(self.tr("This set")), QLabel()
        self.title.setObjectName("CardTitle")
        self.summary.setObjectName("Muted")
        self.summary.setWordWrap(True)
        self.summary.setText(self.tr("No repetition yet"))
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addLayout(self._grid)
        layout.addWidget(self.summary)

    def add(self, rep: Repetition) -> Repetition:
        """One more row of the ledger; given back with its number in the running set, by which the coach calls it."""
        if rep.counted and (self._over or self._exercise not in ("", rep.exercise)):
            self.clear()
        if rep.counted:
            self._exercise = rep.exercise
            self._counted += 1
            self._clean += rep.form == "correct"
            rep = replace(rep, index=self._counted)
        mark = RepetitionMark(rep, self._look)
        mark.clicked.connect(lambda: self.moment_asked.emit(rep))
        self.marks.append(mark)
        if len(self.marks) > _MAX_MARKS:
            self._drop(self.marks.pop(0))
        self._arrange()
        self._sum_up(rep)
        return rep

    def finish(self, finished: ExerciseSet) -> None:
        """The set ended: what it was stays until the next repetition."""
        self._over = True
        count, clean = len(finished.counted), sum(1 for rep in finished.counted if rep.form == "correct")
        once = self.tr("Set done: 1 repetition of {0}, {1} with good form")
        often = self.tr("Set done: {0} repetitions of {1}, {2} with good form")
        exercise = names.exercise(finished.exercise)
        self.summary.setText(once.format(exercise, clean) if count == 1 else often.format(count, exercise, clean))

    def clear(self) -> None:
        """Another set or source."""
        self._over, self._exercise = False, ""
        self._counted = self._clean = 0
        for mark in self.marks:
            self._drop(mark)
        self.marks = []
        self.title.setText(self.tr("This set"))
        self.summary.setText(self.tr("No repetition yet"))

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour the marks."""
        self._look = look
        for mark in self.marks:
            mark.set_theme(look)

    def resizeEvent(self, event: object) -> None:
        """As many marks in a row as there is room for."""
        self._arrange()

    def sizeHint(self) -> QSize:
        """Its contents."""
        return QSize(220, super().sizeHint().height())

    def _drop(self, mark: RepetitionMark) -> None:
        self._grid.removeWidget(mark)
        mark.hide()
        mark.deleteLater()

    def _arrange(self) -> None:
        columns = max((self.width() - 28) // (_MARK_PX + 4), 1)
        for place, mark in enumerate(self.marks):
            self._grid.addWidget(mark, place // columns, place % columns)

    def _sum_up(self, last: Repetition) -> None:
        if self._exercise:
            self.title.setText(self.tr("This set · {0}").format(names.exercise(self._exercise)))
        if not last.counted:
            self.summary.setText(engine_text(last.reason))
            return
        self.summary.setText(self.tr("{0} counted, {1} with good form").format(self._counted, self._clean))
