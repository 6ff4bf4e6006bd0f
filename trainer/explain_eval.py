"""`python -m trainer explain-eval`: does the heat lie on what is really at fault?

Simulated athletes that no training saw make errors whose joints and moments are known. Every method of every model is
judged on the windows of error classes that the model names right. Writes explain, explain_common (of several models),
explain_errors and, for models of several streams, explain_streams into docs/results, or by another `--name`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Bool, Int64
from fias_desktop.resources import DEFAULT_MODEL, model_dir
from trainer.explain.figures import chance_joints, chance_places
from trainer.explain.judge import (
    FAULTY_SAMPLES,
    NOISE,
    RANDOM_ORDERS,
    Cases,
    Entry,
    at_fault,
    judge,
    milliseconds,
    own_fault,
)
from trainer.explain.methods import AS_BUILT, COSTLY_PASSES, PLAIN
from trainer.explain.model import load
from trainer.explain.streams import COLUMNS as STREAM_COLUMNS
from trainer.explain.streams import NOTE, stream_rows
from trainer.explain.table import (
    COLUMNS,
    ERROR_COLUMNS,
    Judged,
    Truth,
    choice_note,
    chosen,
    error_rows,
    goal_note,
    plot,
    rows_of,
)
from trainer.judge.evaluate import load_model, look
from trainer.learn.fit import CURVES
from trainer.learn.run_facts import FACTS
from trainer.run import CACHE
from trainer.simulate.dataset import Scenario, WindowSet, make_dataset
from trainer.tables.report import RESULTS, Cell, Report, save_plot, write

BAR_MODEL = "stgcnpp_sim"  # whose plain Grad-CAM is the bar
NAME = "explain"
SEED = 62  # of windows that nothing else uses


def main(argv: Sequence[str]) -> int:
    """Judge the explanations of some models and write the tables."""
    given = _parser().parse_args(list(argv))
    entries = entries_of(given.models)
    spec = common_spec([load_model(entry.folder)[0] for entry in entries])
    windows = make_dataset(given.windows, given.seed, "test", spec, given.cache, given.workers, Scenario(mocap=False))
    asked = few_of_each(at_fault(windows), windows.subject, given.each)
    right = [named_right(entry, windows, asked) for entry in entries]
    truth = truth_of(windows, given.choose)
    report = Tables(command_of(given), given.out, given.name)
    if not given.only_streams:
        judged = [_judged(*pair, windows, truth, given) for pair in zip(entries, right, strict=True)]
        write_tables(judged, windows, truth, asked, np.all(right, axis=0), report)
    write_streams(entries, right, asked, windows, truth, report)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer explain-eval", description=__doc__)
    parser.add_argument("--windows", type=int, default=6000, help="to draw; two in five show an error")
    parser.add_argument("--each", type=int, default=2, help="windows of an athlete: those of one are much alike")
    parser.add_argument("--models", "--model", nargs="+", default=[DEFAULT_MODEL, BAR_MODEL],
                        help="ids of models, or folders of models or of finished runs")  # fmt: skip
    parser.add_argument("--choose", type=float, default=0.4, help="share of the athletes a method is chosen on")
    parser.add_argument("--checked", type=int, default=60,
                        help="windows with deletion, insertion, stability and slow methods")  # fmt: skip
    parser.add_argument("--only-streams", action="store_true",
                        help="only whether the streams of a model look at the same joints")  # fmt: skip
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--seed", type=int, default=SEED, help="of the simulation")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--name", default=NAME, help="of the tables' files")
    return parser


def command_of(given: argparse.Namespace) -> str:
    """The command that makes the tables again."""
    models = "" if given.models == [DEFAULT_MODEL, BAR_MODEL] else f" --models {' '.join(given.models)}"
    models += "" if given.name == NAME else f" --name {given.name}"
    models += " --only-streams" if given.only_streams else ""
    sizes = f"--windows {given.windows} --each {given.each} --checked {given.checked} --choose {given.choose:g}"
    return f"python -m trainer explain-eval {sizes} --seed {given.seed}{models}"


def entries_of(models: Sequence[str]) -> tuple[Entry, ...]:
    """The models asked for, by folder or id, and the one whose plain Grad-CAM is the bar; FiasError for one that is not
    there."""
    folders = [Path(name) if (Path(name) / "card.toml").is_file() else model_dir(name) for name in models]
    bar = model_dir(BAR_MODEL).resolve()
    rest = () if bar in [folder.resolve() for folder in folders] else (Entry(bar, bar=True),)
    return (*(Entry(folder) for folder in folders), *rest)


def common_spec(specs: Sequence[ModelSpec]) -> ModelSpec:
    """The first card, when all models look at the same windows and name the same classes; FiasError when not."""
    kinds = {(s.skeleton, s.frames, s.rate_hz, s.channels, s.normalisation, s.labels) for s in specs}
    if len(kinds) > 1 or specs[0].skeleton != COCO17_FEET.name or specs[0].labels != LABELS:
        raise FiasError(
            "These models do not look at the same windows, or do not name the simulator's classes.",
            "Compare models of the same skeleton (coco17feet), length, rate, channels and labels.",
        )
    return specs[0]


def named_right(entry: Entry, windows: WindowSet, asked: Bool) -> Bool:
    """The windows of those asked bool (N,) whose class the model names right, bool (N,); FiasError without any."""
    if not asked.any():
        raise FiasError("No window shows an error.", "Draw more with --windows.")
    _, network = load_model(entry.folder)
    right = np.zeros_like(asked)
    right[asked] = look(network, windows.joints[asked], size=32).logits.argmax(axis=1) == windows.label[asked]
    return right


def few_of_each(rows: Bool, subject: Int64, each: int, seed: int = 0) -> Bool:
    """At most `each` of every subject's windows that are in `rows` bool (N,), drawn at random."""
    order = np.random.default_rng(seed).permutation(np.flatnonzero(rows))
    order = order[np.argsort(subject[order], kind="stable")]
    _, first, counts = np.unique(subject[order], return_index=True, return_counts=True)
    place = np.arange(len(order)) - np.repeat(first, counts)
    kept = np.zeros_like(rows)
    kept[order[place < each]] = True
    return kept


def truth_of(windows: WindowSet, choose: float, seed: int = 0) -> Truth:
    """What is known of the windows; `choose` is the share of the athletes that are for choosing."""
    athletes = np.unique(windows.subject)
    chosen_ones = np.random.default_rng(seed).permutation(athletes)[: round(choose * len(athletes))]
    known = windows.joints.any(axis=-1)
    return Truth(
        subject=windows.subject,
        label=windows.label,
        chance=chance_joints(windows.fault, known),
        chance_place=chance_places(windows.fault, known),
        choosing=np.isin(windows.subject, chosen_ones),
    )


def cases_of(windows: WindowSet, rows: Int64, choosing: Bool, checked: int) -> Cases:
    """The windows (n,) as cases; the first `checked` of those reported are checked, as many of either half are for slow
    methods too."""
    place = np.where(choosing, np.cumsum(choosing), np.cumsum(~choosing))
    return Cases(
        joints=windows.joints[rows],
        target=windows.label[rows],
        fault=windows.fault[rows],
        own=own_fault(windows)[rows],
        checked=~choosing & (place <= checked),
        costly=place <= checked,
    )


def _judged(entry: Entry, right: Bool, windows: WindowSet, truth: Truth, given: argparse.Namespace) -> Judged:
    # One order for all models, so that they are checked on the same windows as far as they name them right.
    order = np.random.default_rng(1).permutation(len(windows))
    rows = order[right[order]]
    if not len(rows) or truth.choosing[rows].all():
        raise FiasError(f"The model in {entry.folder} names no error right.", "Draw more with --windows.")
    cases = cases_of(windows, rows, truth.choosing[rows], given.checked)
    model = load(entry.folder)
    methods = entry.methods(model)
    scores = judge(entry, cases, given.workers)
    print(f"{model.spec.id}: {len(methods)} methods on {len(rows)} windows")
    return Judged(model.spec.id, methods, rows, tuple(scores), tuple(milliseconds(model, methods, cases)))


@dataclass(frozen=True)
class Tables:
    """The command that makes the tables, their folder, and how their files' names begin."""

    command: str
    out: Path
    name: str = NAME


def write_tables(
    judged: Sequence[Judged], windows: WindowSet, truth: Truth, asked: Bool, common: Bool, tables: Tables
) -> None:
    """The three tables and the plot; with one model there are no common windows to tell of."""
    name, command, out = tables.name, tables.command, tables.out
    whole = [one for one in judged if len(one.methods) > 1]
    bar = next((one for one in judged if one.name == BAR_MODEL), None)
    first = whole[0]
    goals = [goal_note(first, name, bar, truth) for name in dict.fromkeys((AS_BUILT, chosen(first, truth)))]
    notes = (*goals, *(choice_note(one, truth) for one in whole), *_notes(judged, windows, truth, asked))
    reported = ~truth.choosing
    save_plot(plot(whole, truth, reported), name, out)
    title = "Explanations on simulated errors, each model's rightly named windows"
    write(Report(name, title, command, notes, COLUMNS, rows_of(judged, truth, reported)), out)
    if len(judged) > 1:
        title = "Explanations on simulated errors, windows that all models name right"
        rows = rows_of(judged, truth, reported & common)
        write(Report(f"{name}_common", title, command, notes[-len(_FIXED) :], COLUMNS, rows), out)
    title = "Explanations on simulated errors, by class"
    rows = error_rows(judged, truth, reported)
    write(Report(f"{name}_errors", title, command, notes[-len(_FIXED) :], ERROR_COLUMNS, rows), out)


def write_streams(
    entries: Sequence[Entry], right: Sequence[Bool], asked: Bool, windows: WindowSet, truth: Truth, tables: Tables
) -> None:
    """How far the streams of a model look at the same joints, on the windows bool (N,) that it names right of those
    that were asked, where one of the models has several."""
    found: list[tuple[Cell, ...]] = []
    notes = [NOTE]
    for entry, named in zip(entries, right, strict=True):
        rows, model = np.flatnonzero(named & ~truth.choosing), load(entry.folder)
        if len(model.spec.streams) > 1 and not len(rows):
            raise FiasError(f"The model in {entry.folder} names no error right.", "Train it for longer.")
        more = stream_rows(model, windows.joints[rows], windows.label[rows], truth.subject[rows])
        found += more
        if more:
            notes.append(
                f"`{more[0][0]}`{trained(entry.folder)} names {len(rows)} of {int((asked & ~truth.choosing).sum())}"
                " simulated errors right, of athletes that no training saw; only these are compared."
            )
    if found:
        title = "Streams of one network: do they look at the same joints?"
        report = Report(f"{tables.name}_streams", title, tables.command, tuple(notes), STREAM_COLUMNS, tuple(found))
        write(report, tables.out)


def trained(folder: Path) -> str:
    """How long a run has learnt, in words; nothing for a model that is no run."""
    if not (folder / CURVES).is_file():
        return ""
    epochs = len((folder / CURVES).read_text(encoding="utf-8").splitlines()) - 1
    windows = json.loads((folder / FACTS).read_text(encoding="utf-8"))["train"]
    return f" (a reduced run: {windows} windows, epochs: {epochs})"


_FIXED = (
    "*joint*: share of windows whose hottest joint over time is one at fault (pointing game, J. Zhang et al., IJCV"
    " 2018), with a 95 % bootstrap interval over athletes; *chance*: the share of the known joints that are at fault."
    " *joint of the class's own error*: without the joints of a second error in the same repetition. *joint and time*:"
    " the same for the hottest place. *energy*: the share of the heat that is on joints at fault, or on them while they"
    " are.",
    "*deletion*, *insertion*: area under the probability of the class while the joints are hidden, or shown, hottest"
    " first (V. Petsiuk et al., BMVC 2018), hidden as the program's own check hides them. *random order*: the mean over"
    f" {RANDOM_ORDERS} orders; *better*: the share of windows on the right side of it.",
    f"*stability*: mean correlation of the map with that of the window with noise of {NOISE:g} torso lengths on every"
    " known position. *ms*: processor time of one map, one thread, in torch, the network's own pass included.",
    "Contrast: the logit of the error less that of the exercise's correct class. Unknown: the baseline in which no"
    f" joint is known, 0 in every channel. Slow methods (more than {COSTLY_PASSES} passes of the network) ran on as"
    " many windows as were checked.",
    f"Grad-CAM `{PLAIN.removeprefix('Grad-CAM ')}` of ST-GCN++ is the plain recipe that others are held against. Random"
    " heat is a control.",
)


def _notes(judged: Sequence[Judged], windows: WindowSet, truth: Truth, asked: Bool) -> tuple[str, ...]:
    faulty = at_fault(windows)
    counts = ", ".join(
        f"`{one.name}` names {len(one.rows)} right ({int((~truth.choosing[one.rows]).sum())} reported)"
        for one in judged
    )
    return (
        f"{len(windows)} held-out simulated windows of {len(np.unique(windows.subject))} athletes, cameras all around;"
        f" {int(faulty.sum())} are of an error class with joints at fault in at least {FAULTY_SAMPLES} samples,"
        f" of which {int(asked.sum())} were taken, at random, a few of each athlete: {counts}. Methods were chosen on"
        " other athletes than those reported.",
        *_FIXED,
    )
