"""Judge the whole program on annotated clips: named right, counted right, ghosts, form.

The words have the meaning of the glossary in docs: *active* is the union of the annotated repetitions joined over gaps
below 1 s; *named right* means that the commonest group inside active is the exercise; a *ghost* is a counted repetition
whose middle lies in an idle span of 1.5 s or more, or in a clip without that exercise. The category mIoU is the mean
over the exercises of the IoU of their pooled samples, those of all clips, also of other exercises.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any, Protocol

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import EXERCISES
from fias_desktop.domain.types import Repetition, TimelineSample
from trainer.judge.stream_scores import Recording, joined, overlap

_IDLE_S = 1.5
_SURE_FORM = 0.6
_COLUMNS = ["clip", "exercise", "named", "stable", "IoU", "response", "counted", "ghosts", "form"]
# A counted repetition is the annotated one whose bottom is this near.
_SAME_S = 0.75


class Analysed(Protocol):
    """What the program found in one clip."""

    @property
    def timeline(self) -> Sequence[TimelineSample]:
        """What the recogniser said, moment by moment."""
        ...

    @property
    def repetitions(self) -> Sequence[Repetition]:
        """Every counted and rejected repetition."""
        ...


@dataclass(frozen=True)
class ClipScore:
    """How one clip was judged. `named`, `stability` (share of active samples named right), `iou` (samples named so and
    active over either) and `response_s` (first active start to the first right sample) are None where the exercise is
    none that the recogniser knows; `overlaps` are for each of `EXERCISES` the samples named so and active, and either;
    `expected` is the range of counts to accept, `best` the one to expect; `forms` counts (agreed, comparable) form
    labels."""

    clip: str
    exercise: str
    named: str | None
    stability: float | None
    iou: float | None
    response_s: float | None
    overlaps: tuple[tuple[int, int], ...]
    counted: int
    best: int
    expected: tuple[int, int]
    ghosts: int
    forms: tuple[int, int]

    @property
    def known(self) -> bool:
        """Whether the clip shows an exercise that is counted."""
        return self.exercise in EXERCISES

    @property
    def named_right(self) -> bool:
        """Whether the commonest group inside active is the exercise."""
        return self.named == self.exercise

    @property
    def count_right(self) -> bool:
        """Whether the count is within the accepted range."""
        return self.expected[0] <= self.counted <= self.expected[1]

    @property
    def count_exact(self) -> bool:
        """Whether the count is the one to expect."""
        return self.counted == self.best


def evaluate_clips(folder: Path, analyse: Callable[[Path], Analysed], only: str = "") -> tuple[ClipScore, ...]:
    """Analyse and score every annotated clip of a folder (those whose name contains `only`)."""
    rows = [row for row in read_annotations(folder) if only in row["file"]]
    return tuple(score_clip(row, analyse(folder / row["file"])) for row in track(rows, "Clips", transient=True))


def score_clip(truth: dict[str, Any], found: Analysed) -> ClipScore:
    """Compare what was found with one object of annotations.json."""
    exercise = str(truth["exercise"])
    counted = [rep for rep in found.repetitions if rep.counted]
    recording = recording_of(truth, [(sample.time_s, name_of(sample)) for sample in found.timeline])
    inside = recording.during(recording.active)
    named, right = recording.names[inside].tolist(), inside & (recording.names == exercise)
    known, hits = exercise in EXERCISES and bool(named), int(right.sum())
    either = int((inside | (recording.names == exercise)).sum())
    return ClipScore(
        clip=Path(truth["file"]).stem,
        exercise=exercise,
        named=Counter(named).most_common(1)[0][0] if known else None,
        stability=hits / len(named) if known else None,
        iou=hits / either if known else None,
        response_s=float(recording.time_s[right][0]) - recording.active[0].start_s if known and hits else None,
        overlaps=tuple(overlap(recording, name) for name in EXERCISES),
        counted=sum(rep.exercise == exercise for rep in counted),
        best=int(truth["count_best"]),
        expected=(int(truth["count_range"][0]), int(truth["count_range"][1])),
        ghosts=sum(_is_ghost(rep, exercise, truth["idle_spans"]) for rep in counted),
        forms=_forms(truth["reps"], [rep for rep in counted if rep.exercise == exercise]),
    )


def recording_of(truth: dict[str, Any], said: Sequence[tuple[float, str]]) -> Recording:
    """What was said at which times, beside when the annotated exercise was active."""
    active = joined((float(rep["start_s"]), float(rep["end_s"]), str(truth["exercise"])) for rep in truth["reps"])
    return Recording(np.array([time_s for time_s, _ in said]), np.array([name for _, name in said], np.str_), active)


def summary(scores: Sequence[ClipScore]) -> dict[str, float]:
    """The figures over all clips, by name."""
    known = [score for score in scores if score.known]
    agreed = [sum(score.forms[i] for score in known) for i in (0, 1)]
    figures: dict[str, float] = {
        "clips_with_a_known_exercise": len(known),
        "named_right": sum(score.named_right for score in known),
        "counts_exact": sum(score.count_exact for score in known),
        "counts_within_range": sum(score.count_right for score in known),
        "counts_out_of_range": sum(not score.count_right for score in known),
        "clips_without_a_known_exercise": len(scores) - len(known),
        "ghosts": sum(score.ghosts for score in scores),
        "clips_with_ghosts": sum(score.ghosts > 0 for score in scores),
        "forms_agreed": agreed[0],
        "forms_compared": agreed[1],
    }
    figures |= _category_ious(scores)
    for name in ("stability", "iou"):
        values = [value for score in known if (value := getattr(score, name)) is not None]
        figures[f"mean_{name}"] = mean(values) if values else 0.0
    waits = [score.response_s for score in known if score.response_s is not None]
    return figures | ({"median_response_s": median(waits)} if waits else {})


def _category_ious(scores: Sequence[ClipScore]) -> dict[str, float]:
    """The pooled IoU of each exercise that some clip shows, and their mean."""
    shown = {score.exercise for score in scores}
    pooled = {
        f"{name}_iou": sum(score.overlaps[i][0] for score in scores)
        / max(sum(score.overlaps[i][1] for score in scores), 1)
        for i, name in enumerate(EXERCISES)
        if name in shown
    }
    return ({"category_miou": mean(pooled.values())} | pooled) if pooled else {}


def report(scores: Sequence[ClipScore]) -> Table:
    """The scores as a table for the terminal, the summary as its caption."""
    figures = summary(scores)
    caption = (
        f"named right {figures['named_right']:.0f} of {figures['clips_with_a_known_exercise']:.0f}, "
        f"count exact {figures['counts_exact']:.0f} and within range {figures['counts_within_range']:.0f} "
        f"of {figures['clips_with_a_known_exercise']:.0f}, "
        f"ghosts {figures['ghosts']:.0f} in {figures['clips_with_ghosts']:.0f} clips, "
        f"form agreed {figures['forms_agreed']:.0f} of {figures['forms_compared']:.0f}"
    )
    table = Table(*_COLUMNS, caption=caption)
    for score in scores:
        table.add_row(*_cells(score))
    return table


def markdown(scores: Sequence[ClipScore]) -> str:
    """The same table in Markdown, the summary's figures below it."""
    rows = [_COLUMNS, ["---"] * len(_COLUMNS), *([Text.from_markup(cell).plain for cell in _cells(s)] for s in scores)]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    figures = "\n".join(f"- {name.replace('_', ' ')}: {value:g}" for name, value in summary(scores).items())
    return f"{table}\n\n{figures}\n"


def main(arguments: Sequence[str] = ()) -> int:
    """`python -m trainer evaluate clips [--folder DIR] [--only TEXT] [--json FILE] [--markdown FILE]`."""
    parser = argparse.ArgumentParser(prog="python -m trainer evaluate clips", description=__doc__)
    parser.add_argument("--folder", type=Path, default=_folder(), help="clips with annotations.json (FIAS_CLIPS)")
    parser.add_argument("--only", default="", help="only clips whose name contains this")
    parser.add_argument("--json", type=Path, help="write the scores here, too")
    parser.add_argument("--markdown", type=Path, help="write the table here, too")
    given = parser.parse_args(list(arguments))
    if given.folder is None:
        raise FiasError("No folder with annotated clips is known.", "Set FIAS_CLIPS or pass --folder.")
    scores = evaluate_clips(given.folder, _analyse, given.only)
    Console(width=None if sys.stdout.isatty() else 150).print(report(scores))
    if given.json is not None:
        content = {"summary": summary(scores), "clips": [asdict(score) for score in scores]}
        given.json.write_text(json.dumps(content, indent=1), encoding="utf-8")
    if given.markdown is not None:
        given.markdown.write_text(markdown(scores), encoding="utf-8")
    return 0


def _analyse(path: Path) -> Analysed:
    from fias_desktop.engine.batch import analyse

    return analyse(path, coach=False)


def _folder() -> Path | None:
    folder = os.environ.get("FIAS_CLIPS")
    return Path(folder) if folder else None


def read_annotations(folder: Path) -> list[dict[str, Any]]:
    """The rows of a folder's annotations.json; FiasError when there is none."""
    try:
        return list(json.loads((folder / "annotations.json").read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise FiasError(
            f"There is no annotations.json in {folder}.", "Set FIAS_CLIPS to the folder of clips."
        ) from error
    except ValueError as error:
        raise FiasError(f"{folder / 'annotations.json'} is damaged: {error}.", "Restore the file.") from error


def name_of(sample: TimelineSample) -> str:
    """The group that was decided, or `unknown`."""
    return sample.group if sample.known else "unknown"


def _within(time_s: float, spans: Iterable[tuple[float, float]]) -> bool:
    return any(start_s <= time_s <= end_s for start_s, end_s in spans)


def _is_ghost(rep: Repetition, exercise: str, idle: Iterable[dict[str, Any]]) -> bool:
    long = [(float(span["start_s"]), float(span["end_s"])) for span in idle]
    long = [span for span in long if span[1] - span[0] >= _IDLE_S]
    return rep.exercise != exercise or _within((rep.start_s + rep.end_s) / 2, long)


def _forms(truth: Sequence[dict[str, Any]], counted: Sequence[Repetition]) -> tuple[int, int]:
    """Form labels that agree, of those to compare: annotated surely, and counted. A second sure label counts."""
    agreed = compared = 0
    for row in truth:
        found = min(counted, key=lambda rep: abs(rep.bottom_s - row["bottom_s"]), default=None)
        if found is None or abs(found.bottom_s - row["bottom_s"]) > _SAME_S or row["confidence"] < _SURE_FORM:
            continue
        labels = {row["form"]} | {label for label, sure in row.get("also", []) if sure >= _SURE_FORM}
        compared += 1
        agreed += found.form in labels
    return agreed, compared


def _cells(score: ClipScore) -> list[str]:
    def share(value: float | None) -> str:
        return "" if value is None else f"{value:.0%}"

    low, high = score.expected
    good = "green" if score.count_right else "red"
    accepted = f" ({low}-{high})" if high > low else ""
    counted = f"[{good}]{score.counted}[/] of {score.best}{accepted}" if score.known else ""
    named = "" if score.named is None else f"[{'green' if score.named_right else 'red'}]{score.named}[/]"
    return [
        score.clip,
        score.exercise,
        named,
        share(score.stability),
        share(score.iou),
        "" if score.response_s is None else f"{score.response_s:.1f} s",
        counted,
        f"[red]{score.ghosts}[/]" if score.ghosts else "0",
        f"{score.forms[0]}/{score.forms[1]}" if score.forms[1] else "",
    ]
