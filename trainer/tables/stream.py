"""`python -m trainer tables stream`: continuous streams, the FIAS paper's Table 3.

Two kinds of recordings: simulated workouts (sets with life between them, cameras all around, an estimator's noise) and
the annotated real clips, through the whole program. Each is judged by what every window alone says and by what the
online decision makes of it. `--tune` finds the decision's rules, on other simulated streams than those of the table.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console

from fias_desktop.domain.exercises import EXERCISES, LABELS
from fias_desktop.resources import DEFAULT_MODEL, model_dir
from fias_desktop.stages.decide import UNKNOWN
from trainer.judge.evaluate_clips import markdown
from trainer.judge.stream_answers import Answers, simulated_answers
from trainer.judge.stream_scores import Recording, StreamScore, grouped, score
from trainer.judge.tune_decision import FINE, decided_names, fine_recording, tune, tune_form
from trainer.tables.report import RESULTS, Cell, Report, save_plot, write
from trainer.tables.stream_clips import Clip, analysed_clips
from trainer.tables.stream_plot import timelines

NAME = "stream"
TUNE_SEED, TEST_SEED = 0, 1
COLUMNS = ("recordings", "names", "class", "IoU", "95 %", "mean over recordings", "stability", "95 % ",
           "mean over recordings ", "response s", "never named", "rest named", "changes a min")  # fmt: skip
PAPER = "FIAS paper"
# Table 3 of the paper and the sentence below it: class, IoU, stability, responsiveness (s).
_PAPER: tuple[tuple[str, str, float | None, float, float], ...] = (
    ("groups", "lunge", 0.494, 0.8586, 0.408),
    ("groups", "push_up", 0.504, 0.7668, 0.956),
    ("groups", "squat", 0.437, 0.4493, 2.358),
    ("groups", "all", 0.478, 0.6447, 0.670),
    ("classes", "all", None, 0.3364, 4.223),
)


@dataclass(frozen=True, eq=False)
class Judged:
    """One kind of recordings as four: groups and fine classes, said by windows alone and decided."""

    title: str
    groups_alone: list[Recording]
    groups: list[Recording]
    classes_alone: list[Recording]
    classes: list[Recording]


def main(argv: Sequence[str]) -> int:
    """Make the table and its plots, or find the decision's rules; 0."""
    given = _parser().parse_args(argv)
    model = given.model or model_dir(DEFAULT_MODEL)
    if given.tune:
        streams = simulated_answers(model, TUNE_SEED, given.tune_streams, given.cache, given.workers)
        found = tune(streams, given.tries)
        Console().print(replace(found, rules=tune_form(streams, found.rules)))
        return 0
    streams = simulated_answers(model, TEST_SEED, given.streams, given.cache, given.workers)
    judged, notes = [simulated(streams)], [_simulation_note(streams)]
    _write(judged, notes, given)
    folder = given.clips or _folder()
    if folder is not None:
        clips = analysed_clips(folder, model, given.cache)
        given.out.mkdir(parents=True, exist_ok=True)
        (given.out / "clips.md").write_text(markdown([clip.score for clip in clips]), encoding="utf-8")
        _write([*judged, real(clips)], [*notes, _clips_note(clips)], given)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer tables stream", description=__doc__)
    parser.add_argument("--tune", action="store_true", help="find the decision's rules instead and print them")
    parser.add_argument("--tune-streams", type=int, default=48, help="simulated streams to tune on")
    parser.add_argument("--tries", type=int, default=800, help="rules to try")
    parser.add_argument("--streams", type=int, default=48, help="simulated streams to judge")
    parser.add_argument("--clips", type=Path, help="annotated clips (default: FIAS_CLIPS; without it none)")
    parser.add_argument("--model", type=Path, help="folder of another model than the program's own")
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--workers", type=int, default=2)
    return parser


def _folder() -> Path | None:
    folder = os.environ.get("FIAS_CLIPS")
    return Path(folder) if folder else None


def simulated(streams: Sequence[Answers]) -> Judged:
    """Simulated streams with their exact truth."""
    alone = [fine_recording(each, _alone(each)) for each in streams]
    decided = [fine_recording(each, decided_names(each)) for each in streams]
    return Judged("simulated", [grouped(each) for each in alone], [grouped(each) for each in decided], alone, decided)


def _alone(answers: Answers) -> list[str]:
    """The fine class that each window names, or `unknown` where it was rejected or there was none."""
    named = zip(answers.probs.argmax(axis=1), answers.known, strict=True)
    return [LABELS[int(best)] if known else UNKNOWN for best, known in named]


def real(clips: Sequence[Clip]) -> Judged:
    """The annotated clips as the whole program saw them."""
    return Judged(
        "real clips",
        [clip.recording(alone=True, fine=False) for clip in clips],
        [clip.recording(alone=False, fine=False) for clip in clips],
        [clip.recording(alone=True, fine=True) for clip in clips],
        [clip.recording(alone=False, fine=True) for clip in clips],
    )


def _write(judged: Sequence[Judged], notes: Sequence[str], given: argparse.Namespace) -> None:
    shown = [(each.title, each.groups_alone[i], each.groups[i]) for each in judged for i in _examples(each)]
    save_plot(timelines(shown), NAME, given.out)
    rows = [row for each in judged for row in _rows(each)]
    command = f"python -m trainer tables stream --streams {given.streams}"
    title = "Continuous streams: what is named when (FIAS paper, Table 3)"
    write(Report(NAME, title, command, (*_NOTES, *notes), COLUMNS, (*rows, *_paper_rows())), given.out)


def _examples(judged: Judged) -> list[int]:
    """The recordings with a third, a half and two thirds of the others' IoU below theirs: neither best nor worst."""
    ious = np.array([score([each], EXERCISES).mean_iou for each in judged.groups])
    order = [int(i) for i in np.argsort(ious) if np.isfinite(ious[i])]
    return [order[len(order) * share // 6] for share in (1, 3, 5)] if order else []


def _rows(judged: Judged) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for level, classes, alone, decided in (
        ("groups", EXERCISES, judged.groups_alone, judged.groups),
        ("classes", FINE, judged.classes_alone, judged.classes),
    ):
        for how, recordings in (("each window alone", alone), ("decided", decided)):
            rows += _score_rows((judged.title, f"{level}, {how}"), score(recordings, classes), how == "decided")
    return rows


def _score_rows(names: tuple[str, str], found: StreamScore, each_class: bool) -> list[tuple[Cell, ...]]:
    total: tuple[Cell, ...] = (
        *names, "all", found.miou, _range(found.miou_interval), found.mean_iou, found.stability,
        _range(found.stability_interval), found.mean_stability, found.response_s, found.missed, found.rest_named,
        found.changes_per_min,
    )  # fmt: skip
    if not each_class:
        return [total]
    rows: list[tuple[Cell, ...]] = [
        (*names, each.name, each.iou, "", None, each.stability, "", None, each.response_s, each.missed, None, None)
        for each in found.classes
        if each.stretches
    ]
    return [*rows, total]


def _range(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.3f} to {interval[1]:.3f}"


def _paper_rows() -> list[tuple[Cell, ...]]:
    return [
        (PAPER, level, name, iou, "", None, stability, "", None, wait_s, None, None, None)
        for level, name, iou, stability, wait_s in _PAPER
    ]


_NOTES = (
    "Active is the union of repetitions of one name joined over gaps below 1 s. IoU: samples named so and active over "
    "either. Of `all` it is the mean over the classes of the IoU of their pooled samples, the category mIoU that the "
    "paper reports; beside it the mean over recordings. Stability: share of active samples named right, pooled and as "
    "the mean over recordings. Response: median over active stretches of the wait for the first right sample; one "
    "that is never named waits for ever. Rest named: share of rest in which an exercise was named.",
    "`each window alone` is the most probable class of a window, unknown when it was rejected; `decided` is what the "
    "program shows (`fias_desktop/stages/decide.py`). Its rules were found by `python -m trainer tables stream --tune` "
    "on simulated streams of another seed; the clips were used neither for training nor for tuning.",
    "Intervals are 95 % bootstrap intervals over whole recordings.",
    "The paper's figures are those of its own recordings, which are not public: other people, other exercises' share.",
)


def _simulation_note(streams: Sequence[Answers]) -> str:
    minutes = sum(float(each.time_s[-1]) for each in streams) / 60
    repetitions = sum(len(each.start_s) for each in streams)
    return (
        f"Simulated: {len(streams)} streams of seed {TEST_SEED} ({minutes:.0f} minutes, {repetitions} repetitions), "
        "each another body, programme, camera (all around, at several heights) and estimator noise; ten windows a "
        "second."
    )


def _clips_note(clips: Sequence[Clip]) -> str:
    seconds = sum(float(clip.time_s[-1]) for clip in clips if len(clip.time_s))
    return (
        f"Real clips: {len(clips)} ({seconds / 60:.1f} minutes), every frame through the whole program. Fine classes: "
        "repetitions whose form was annotated with a confidence below 0.6 are left out; an error that has no class of "
        "its own counts as `correct`, as in training."
    )
