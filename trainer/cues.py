"""`python -m trainer cues`: when cues come, against faults whose times are known.

Simulated workouts (sets with life between them, cameras all around, the estimator's noise) run through the whole
program in the stream's own time: measuring, counting, the network's windows, the ledger and the timer of cues.
"""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from fias_desktop.coach.cues import PAUSE_S, REPEAT_AFTER, REPEAT_S
from fias_desktop.coach.english import ENGLISH
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERROR_LABELS, ERRORS, ExerciseRule, camera_side
from fias_desktop.resources import DEFAULT_MODEL, exercise_rules, model_dir, read_card
from fias_desktop.stages.repetitions.grading import AFTER_S, NEWEST, SURE
from trainer.judge.cue_clips import clip_cues
from trainer.judge.cue_replay import POSE_S, Given, replay
from trainer.judge.cue_scores import Fault, Said, matched
from trainer.judge.cue_streams import Watched, watched
from trainer.judge.cue_truth import FRAMED, VISIBLE, excused, faults_of, is_true
from trainer.tables.report import RESULTS, Cell, Report, share_interval, write

NAME = "cues"
CHOOSE_SEED, TEST_SEED = 0, 3
PER_S = 300.0
_DRAWS = 1000
COLUMNS = ("what", "faults", "due", "due in time", "low", "high", "of all in time", "delay s", "cues", "false",
           "false in 5 min", "low ", "high ", "precision", "F due", "F all")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Outcome:
    """One workout judged: its `faults` with the delay of each one's cue (None: none in time), the corrections `said`,
    which of them were `true` (the error was there) and which hit a fault in time."""

    watched: Watched
    faults: tuple[Fault, ...]
    delays: tuple[float | None, ...]
    said: tuple[Given, ...]
    true: tuple[bool, ...]
    hits: int


def judged(
    workout: Watched,
    given: Sequence[Given],
    rules: tuple[ExerciseRule, ...],
    visible: float,
    framed: float = FRAMED,
) -> Outcome:
    """The corrections of one workout beside its faults, those in the picture by the share `framed` of the joints.
    Praise is no correction."""
    corrections = [each for each in given if each.code != "correct"]
    said = [Said(each.shown_s, each.code) for each in corrections]
    true = [is_true(workout, cue) for cue in said]
    faults = faults_of(workout, rules, visible, framed)
    faults = excused(workout, faults, [cue for cue, right in zip(said, true, strict=True) if right])
    every = faults_of(workout, rules, 0.0001, 0.0)
    pairs = matched(said, faults)
    delays = [said[cue].time_s - fault.time_s if cue >= 0 else None for cue, fault in zip(pairs, faults, strict=True)]
    hits = sum(pair >= 0 for pair in matched(said, every))
    return Outcome(workout, tuple(faults), tuple(delays), tuple(corrections), tuple(true), hits)


def main(argv: Sequence[str]) -> int:
    """Write docs/results/cues.md and .csv; 0. FiasError when real clips are asked for and none are known."""
    asked = _parser().parse_args(argv)
    model = asked.model or model_dir(DEFAULT_MODEL)
    workouts = watched(model, asked.seed, asked.streams, asked.cache, asked.workers)
    threshold, rules = read_card(model).rejection_threshold, exercise_rules()
    given = [replay(each, rules, threshold) for each in workouts]
    told = [judged(*each, rules, asked.visible) for each in zip(workouts, given, strict=True)]
    anywhere = [judged(*each, rules, asked.visible, framed=0.0) for each in zip(workouts, given, strict=True)]
    alone = [judged(each, replay(each, rules, threshold, network=False), rules, asked.visible) for each in workouts]
    rows = [*_all_rows(told), _row("out of the picture, too", anywhere), _row("all, movement alone", alone)]
    notes = [*_NOTES, _streams_note(told, asked), _limits_note(told)]
    if asked.real:
        row, note = _real(asked.clips)
        rows, notes = [*rows, row], [*notes, note]
    command = f"python -m trainer cues --streams {asked.streams} --seed {asked.seed}" + " --real" * asked.real
    title = "Cues in time: faults of simulated workouts and when they are called out"
    write(Report(NAME, title, command, tuple(notes), COLUMNS, tuple(rows)), asked.out)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer cues", description=__doc__)
    parser.add_argument("--streams", type=int, default=36, help="simulated workouts to judge")
    parser.add_argument("--seed", type=int, default=TEST_SEED, help=f"{CHOOSE_SEED}: the workouts for choosing")
    parser.add_argument("--visible", type=float, default=VISIBLE, help="severity from which a fault must be told")
    parser.add_argument("--real", action="store_true", help="the annotated clips, too")
    parser.add_argument("--clips", type=Path, help="their folder (default: FIAS_CLIPS)")
    parser.add_argument("--model", type=Path, help="folder of another model than the program's own")
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--workers", type=int, default=1)
    return parser


def _all_rows(told: Sequence[Outcome]) -> list[tuple[Cell, ...]]:
    sides = {side: [each for each in told if _side(each) == side] for side in ("front", "oblique", "side", "back")}
    return [
        _row("all, whole program", told),
        _row("severity 0.8 and more", told, least=0.8),
        *(_row(f"camera: {side}", each) for side, each in sides.items()),
        *(_row(name, told, name) for name in ERROR_LABELS),
    ]


def _side(outcome: Outcome) -> str:
    return camera_side(abs(outcome.watched.azimuth_deg))


@dataclass(frozen=True)
class _Sums:
    """Counts over workouts: faults and those in time, those due and those in time, corrections, hits, false ones."""

    faults: int
    told: int
    due: int
    due_told: int
    said: int
    hits: int
    false: int
    seconds: float

    @property
    def false_rate(self) -> float:
        """False corrections in five minutes; NaN without any time."""
        return self.false / self.seconds * PER_S if self.seconds else math.nan

    @property
    def precision(self) -> float:
        """The share of corrections that hit a fault of any severity."""
        return _ratio(self.hits, self.said)

    @property
    def f_due(self) -> float:
        """F-score over the faults at which a cue is due."""
        return _harmonic(self.precision, _ratio(self.due_told, self.due))

    @property
    def f_all(self) -> float:
        """F-score over all faults."""
        return _harmonic(self.precision, _ratio(self.told, self.faults))


def _sums(outcomes: Sequence[Outcome], error: str = "", least: float = 0.0) -> _Sums:
    faults = [
        (fault, delay)
        for each in outcomes
        for fault, delay in zip(each.faults, each.delays, strict=True)
        if error in ("", f"{fault.exercise}_{fault.code}") and fault.severity >= least
    ]
    due = [delay for fault, delay in faults if fault.due]
    false = sum(
        not right and error in ("", *_meant(cue))
        for each in outcomes
        for cue, right in zip(each.said, each.true, strict=True)
    )
    return _Sums(
        faults=len(faults),
        told=sum(delay is not None for _, delay in faults),
        due=len(due),
        due_told=sum(delay is not None for delay in due),
        said=sum(len(each.said) for each in outcomes),
        hits=sum(each.hits for each in outcomes),
        false=false,
        seconds=sum(each.watched.seconds for each in outcomes),
    )


def _meant(cue: Given) -> list[str]:
    """The errors that a cue can mean by its words: two exercises share a code."""
    return [
        f"{exercise}_{code}"
        for exercise, codes in ERRORS.items()
        for code in codes
        if code == cue.code and cue.text in ENGLISH.error(exercise, code).cues
    ]


def _row(name: str, outcomes: Sequence[Outcome], error: str = "", least: float = 0.0) -> tuple[Cell, ...]:
    """One row; what cannot be told of one error or severity alone stays empty."""
    sums = _sums(outcomes, error, least)
    share, low, high = share_interval(sums.due_told, sums.due)
    delays = [
        delay
        for each in outcomes
        for fault, delay in zip(each.faults, each.delays, strict=True)
        if delay is not None and error in ("", f"{fault.exercise}_{fault.code}") and fault.severity >= least
    ]
    part = bool(error or least)
    rate_low, rate_high = _interval(outcomes) if not part else (None, None)
    return (
        name,
        sums.faults,
        sums.due,
        share,
        low,
        high,
        _ratio(sums.told, sums.faults),
        median(delays) if delays else None,
        None if part else sums.said,
        None if least else sums.false,
        None if part else sums.false_rate,
        rate_low,
        rate_high,
        None if part else sums.precision,
        None if part else sums.f_due,
        None if part else sums.f_all,
    )


def _interval(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """95 % bootstrap interval of the false cues in five minutes, over whole workouts."""
    if not outcomes:
        return math.nan, math.nan
    rng = np.random.default_rng(0)
    false = np.array([sum(not right for right in each.true) for each in outcomes])
    seconds = np.array([each.watched.seconds for each in outcomes])
    drawn = rng.integers(len(outcomes), size=(_DRAWS, len(outcomes)))
    low, high = np.quantile(false[drawn].sum(axis=1) / seconds[drawn].sum(axis=1) * PER_S, (0.025, 0.975))
    return float(low), float(high)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else math.nan


_NOTES = (
    "Fault: an error of a true repetition, at its bottom (feet that are too close are so throughout), of at least the "
    "severity stated below, unless it lies across the body and the camera stands beside it, or more than a "
    "tenth of the joints lies outside the picture (the cameras drift; the row `out of the picture, too` counts those "
    "as well). Due: the program's own timer, were it told every fault at once, would call it out: the gravest error "
    "first, a pause of "
    f"{PAUSE_S:.0f} s between corrections, the same one again only after {REPEAT_AFTER} repetitions or {REPEAT_S:.0f} "
    "s; less those that a true cue given before forbids. In time: a cue of that error less than 1.5 s from the fault, "
    "matched one to one. Of all in time: the same share of all faults, most of which the pause forbids.",
    "False: a correction of an error that is not there, neither planned nor by the exact measurements of the movement, "
    "in rest or in any repetition. Precision: corrections matched one to one with a fault of any severity. F: its "
    "harmonic mean with the share in time, of due and of all faults (QEVD's rule).",
    f"Times are those of the stream, with {POSE_S * 1000:.0f} ms for each pose (the newest picture is taken when the "
    "last pose is done) and windows every 0.1 s that are answered with the next picture. Depth of the world landmarks "
    "has the error that the program's estimator makes on rendered athletes.",
    "Movement alone: without the network, what was measured decides. Shares have Wilson's 95 % intervals, false cues "
    "95 % bootstrap intervals over whole workouts. Whom to believe when was chosen on 65 workouts of seeds 0 and 2: "
    "the newest four windows (0.85 of due faults in time) are better than all since the bottom (0.81). Neither a "
    "threshold for every error nor (on 35 of them) a logistic regression on heads and measurements, fitted on other "
    "workouts than they were tried on, was better than one threshold for all.",
)


def _streams_note(told: Sequence[Outcome], asked: argparse.Namespace) -> str:
    minutes = sum(each.watched.seconds for each in told) / 60
    repetitions = sum(len(each.watched.spans) for each in told)
    return (
        f"{len(told)} workouts of seed {asked.seed} ({minutes:.0f} minutes, {repetitions} repetitions), each another "
        f"body, programme, camera and estimator noise. Faults count from severity {asked.visible:g} on (0.45 to 1 are "
        "drawn)."
    )


def _limits_note(told: Sequence[Outcome]) -> str:
    """Of the due faults without a cue: did the network not see them, or did the rest of the program withhold it?"""
    missed = [
        _heads_say(each.watched, fault)
        for each in told
        for fault, delay in zip(each.faults, each.delays, strict=True)
        if fault.due and delay is None
    ]
    blind, unseen = sum(math.isnan(prob) for prob in missed), sum(prob < SURE for prob in missed)
    return (
        f"Of {len(missed)} due faults without a cue in time, {blind} had no window of the network, and in {unseen} the "
        f"network never said {SURE:g} in the mean of {NEWEST} windows up to {AFTER_S:g} s after the bottom; in the "
        f"other {len(missed) - blind - unseen} it was sure, and the movement was not taken for a repetition, what was "
        "measured refuted it, or a cue for another error came first."
    )


def _heads_say(workout: Watched, fault: Fault) -> float:
    """The surest mean of as many windows in a row as the program takes, after the bottom; NaN without so many."""
    column = ERROR_LABELS.index(f"{fault.exercise}_{fault.code}")
    rows = workout.seen & (workout.ask_s >= fault.time_s) & (workout.ask_s <= fault.time_s + AFTER_S)
    said = workout.errors[rows, column]
    means = [float(said[i : i + NEWEST].mean()) for i in range(len(said) - NEWEST + 1)]
    return max(means, default=math.nan)


def _real(folder: Path | None) -> tuple[tuple[Cell, ...], str]:
    known = folder or (Path(os.environ["FIAS_CLIPS"]) if os.environ.get("FIAS_CLIPS") else None)
    if known is None:
        raise FiasError("No folder with annotated clips is known.", "Set FIAS_CLIPS or pass --clips.")
    clips = clip_cues(known)
    faults, told = sum(clip.faults for clip in clips), sum(clip.in_time for clip in clips)
    said, false = sum(clip.said for clip in clips), sum(clip.false for clip in clips)
    seconds = sum(clip.seconds for clip in clips)
    share, low, high = share_interval(told, faults)
    row: tuple[Cell, ...] = (
        "real clips", faults, None, None, low, high, share, None, said, false, false / seconds * PER_S, None, None,
        None, None, None,
    )  # fmt: skip
    return row, (
        f"Real clips: {len(clips)} annotated ones ({seconds / 60:.1f} minutes) through pose estimation and the whole "
        "program, every frame. Faults: repetitions whose error was annotated with a confidence of 0.6 or more; false: "
        "in rest, in other exercises, or in a repetition that is as surely correct. The interval is of all in time."
    )
