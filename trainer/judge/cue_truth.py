"""What a perfect coach would have called out in a watched workout: every visible fault, and those of them at which a
cue is due by the timer's own rules of priority, pause and repetition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fias_desktop.coach.cues import ON_TIME_S, PAUSE_S, REPEAT_AFTER, REPEAT_S, CueTimer
from fias_desktop.coach.evidence import recognised
from fias_desktop.domain.exercises import (
    ERROR_LABELS,
    ERRORS,
    EXERCISES,
    HIDDEN_FROM_THE_SIDE,
    ExerciseRule,
    camera_side,
)
from fias_desktop.domain.types import Evidence, Repetition
from trainer.judge.cue_scores import Fault, Said
from trainer.judge.cue_streams import Watched

# Below this severity the simulated error is not clearly there to see; streams draw 0.45 to 1.
VISIBLE = 0.6
# Who has left the picture, for more than this share of the joints, cannot be told of a fault.
FRAMED = 0.9
_SEEN = Evidence("true", "true", 0.0, "", (0.0, 0.0), 0.0, 0, ())


def faults_of(
    watched: Watched, rules: Sequence[ExerciseRule], visible: float = VISIBLE, framed: float = FRAMED
) -> list[Fault]:
    """Every fault of at least this severity that a camera there can show, in the order of time: with at least the share
    `framed` of the joints inside the picture."""
    side = camera_side(abs(watched.azimuth_deg))
    hidden = HIDDEN_FROM_THE_SIDE if side == "side" else frozenset()
    shown = [
        [
            code
            for code in ERRORS[EXERCISES[exercise]]
            if severity[_column(exercise, code)] >= visible and (EXERCISES[exercise], code) not in hidden
        ]
        if inside >= framed
        else []
        for exercise, severity, inside in zip(
            watched.exercise.tolist(), watched.severity, watched.framed.tolist(), strict=True
        )
    ]
    due = _due(watched, shown, rules)
    return [
        Fault(
            EXERCISES[int(watched.exercise[row])],
            code,
            float(watched.spans[row, 1]),
            float(watched.severity[row, _column(int(watched.exercise[row]), code)]),
            code == due[row],
        )
        for row, codes in enumerate(shown)
        for code in codes
    ]


def excused(watched: Watched, faults: Sequence[Fault], true_cues: Sequence[Said]) -> list[Fault]:
    """The faults, no longer due where cues that the program truly gave before forbid another one."""
    return [replace(fault, due=fault.due and not _blocked(watched, fault, true_cues)) for fault in faults]


def is_true(watched: Watched, cue: Said) -> bool:
    """Whether the error is there, planned or by the exact measurements, in a repetition that a cue can mean: under way,
    or over for less than 1.5 s."""
    return any(
        code == cue.code and (watched.severity[row, column] > 0 or watched.broken[row, column] > 0)
        for row in _meant(watched, cue.time_s)
        for code, column in _columns(int(watched.exercise[row]))
    )


def _meant(watched: Watched, time_s: float) -> list[int]:
    inside = (watched.spans[:, 0] <= time_s) & (time_s <= watched.spans[:, 2] + ON_TIME_S)
    return [int(row) for row in np.flatnonzero(inside)]


def _due(watched: Watched, shown: Sequence[Sequence[str]], rules: Sequence[ExerciseRule]) -> list[str]:
    """For every true repetition the error that the program's timer calls out when it knows all faults at once."""
    timer, due = CueTimer(rules), []
    for (start_s, bottom_s, end_s), exercise, codes in zip(
        watched.spans.tolist(), watched.exercise.tolist(), shown, strict=True
    ):
        form = codes[0] if codes else "correct"
        rep = Repetition(EXERCISES[exercise], 1, start_s, bottom_s, end_s, True, "", form, evidence=(_SEEN,))
        rep = replace(rep, evidence=(recognised(rep, form),))
        advice = timer.early(rep, codes, rep.bottom_s)
        due.append(advice.code if advice is not None else "")
        timer.update(rep, codes, rep.end_s)
    return due


def _blocked(watched: Watched, fault: Fault, true_cues: Sequence[Said]) -> bool:
    """A graver fault was told in the same repetition, or the pause lasts longer than a cue would be on time, or the
    same error was told in one of the last repetitions."""
    row = int(np.flatnonzero(watched.spans[:, 1] == fault.time_s)[0])
    start_s, first_s = watched.spans[row, 0], watched.spans[max(row - REPEAT_AFTER, 0), 0]
    latest_s = fault.time_s + ON_TIME_S
    return any(
        (cue.code != fault.code and start_s < cue.time_s < latest_s)
        or (cue.time_s <= start_s and cue.time_s + PAUSE_S > latest_s)
        or (cue.code == fault.code and first_s < cue.time_s <= start_s and latest_s - cue.time_s <= REPEAT_S)
        for cue in true_cues
    )


def _columns(exercise: int) -> list[tuple[str, int]]:
    return [(code, _column(exercise, code)) for code in ERRORS[EXERCISES[exercise]]]


def _column(exercise: int, code: str) -> int:
    return ERROR_LABELS.index(f"{EXERCISES[exercise]}_{code}")
