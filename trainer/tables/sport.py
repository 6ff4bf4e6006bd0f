"""`python -m trainer tables sport`: sport actions of Penn Action by InfoGCN++, at every share of a clip seen so far.

The article names fourteen actions of three video collections; the joints of eight of them are in Penn Action. Split by
video with Penn's own flag: the test clips choose nothing. (The article's split is by window, and its test windows chose
the checkpoint.)
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from fias_desktop.domain.types import Float64, Int64
from fias_desktop.models.contract import Batch
from trainer.data import penn, splits
from trainer.data.catalogue import folder as data_folder
from trainer.data.sequence import SkeletonSequence
from trainer.judge.metrics import f1_per_class
from trainer.learn.augment import known
from trainer.learn.fit import CHECKPOINT, Examples
from trainer.tables.penn import EVERY, SPACE, judges
from trainer.tables.public_common import (
    BATCH,
    FINAL,
    RECIPES,
    RUNS,
    Benchmark,
    Fold,
    Run,
    Variant,
    load,
    read_recipe,
    shortened,
    work,
)
from trainer.tables.public_networks import build
from trainer.tables.public_windows import cut, examples_of, normalised
from trainer.tables.report import RESULTS, Cell, Report, write

# The article's fourteen, and what Penn Action calls those it has.
ACTIONS = (
    "bench_press", "squat", "clean_and_jerk", "handstand_pushups", "handstand_walking", "jumping_jacks", "jump_rope",
    "lunges", "pull_ups", "push_ups", "running_on_treadmill", "sit_ups", "snatch_weight_lifting", "wall_pushups",
)  # fmt: skip
OF_PENN = {"pullup": "pull_ups", "pushup": "push_ups", "situp": "sit_ups"}
RATIOS = tuple(tenth / 10 for tenth in range(1, 11))
STREAM = "joint"
ARTICLE: tuple[Cell, ...] = ("article, 14 actions", 444, 0.9302, 0.9170, 0.8887, 0.8996)
_COLUMNS = ("network", "clips", "accuracy", "macro precision", "macro recall", "macro F1", "parameters", "minutes")
_EARLY_COLUMNS = ("network", *(f"{ratio:.0%}" for ratio in RATIOS), "mean")
_NOTES = (
    "Eight of the article's fourteen actions, the ones that Penn Action has; the others stay in the list of classes "
    "and are never right. Penn's own split by video. The article's row is for the pattern, not the level: other "
    "videos, more actions, and windows of one video on both sides of its split.",
    "Accuracy: the answer at the last frame, over the clip. Macro figures are means over the classes that occur.",
    "Shares seen: the clip is cut off there, normalised by what was seen alone, and named by the answer at its last "
    "frame.",
)


def sport(sequences: Sequence[SkeletonSequence]) -> tuple[SkeletonSequence, ...]:
    """The clips of sport actions, with their numbers among `ACTIONS`."""
    named = ((one, OF_PENN.get(one.movement, one.movement)) for one in sequences)
    return tuple(
        replace(one, labels=np.full(len(one.labels), ACTIONS.index(name)), names=ACTIONS)
        for one, name in named
        if name in ACTIONS
    )


def fold(data: Path, name: str) -> Fold:
    """The official split, or every fifth training video of each action as judges."""
    split = splits.official(sport(penn.read(data)))
    if name != FINAL:
        split = splits.by_video(split.train, judges(split.train))
    return Fold(split.train, split.test, np.ones(len(split.test), np.bool_))


BENCHMARK = Benchmark("sport", ACTIONS, SPACE, (f"every {EVERY}th video",), fold)


def main(argv: Sequence[str]) -> int:
    """Train what is missing and write docs/results/sport and sport_early; 0."""
    parser = argparse.ArgumentParser(prog="python -m trainer tables sport", description=__doc__)
    parser.add_argument("--recipe", type=Path, default=RECIPES / "sport.toml")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's, to try it out: writes sport_short")
    parser.add_argument("--runs", type=Path, default=RUNS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args(list(argv))
    recipe, data = shortened(read_recipe(given.recipe), BENCHMARK.name, given.epochs), data_folder()
    test = examples_of(fold(data, FINAL).test, SPACE)
    rows: list[tuple[Cell, ...]] = []
    early: list[tuple[Cell, ...]] = []
    for variant in recipe.final:
        run = Run(BENCHMARK, variant, FINAL, STREAM, 0)
        answers = load(work(run, data, given.runs))
        seen = accuracies(trained(run, given.runs), test, variant.cutting.frames)
        rows.append(_row(variant, np.asarray(answers.scores.argmax(axis=1)), test, answers.parameters, answers.minutes))
        early.append((variant.network.words, *seen.tolist(), float(seen.mean())))
    title, name = "Sport actions of Penn Action, split by video", recipe.table or BENCHMARK.name
    command = _command(given)
    notes = (*_NOTES, recipe.reduced) if recipe.reduced else _NOTES
    write(Report(name, title, command, notes, _COLUMNS, (*rows, (*ARTICLE, None, None))), given.out)
    write(
        Report(f"{name}_early", f"{title}: accuracy by the share seen", command, notes, _EARLY_COLUMNS, tuple(early)),
        given.out,
    )
    return 0


def _command(given: argparse.Namespace) -> str:
    """The command that makes the tables again."""
    other = "" if given.recipe.stem == BENCHMARK.name else f" --recipe trainer/recipes/{given.recipe.name}"
    return f"python -m trainer tables sport{other}" + ("" if given.epochs is None else f" --epochs {given.epochs}")


def _row(variant: Variant, said: Int64, test: Examples, parameters: int, minutes: float) -> tuple[Cell, ...]:
    label = test.label.numpy()
    found = f1_per_class(label, said, len(ACTIONS))
    there = found.support > 0
    macro = [float(np.nan_to_num(values[there]).mean()) for values in (found.precision, found.recall, found.f1)]
    return variant.network.words, len(label), float((said == label).mean()), *macro, parameters, minutes


def trained(run: Run, runs: Path) -> nn.Module:
    """The averaged network of a finished run, in evaluation mode."""
    network = build(run.variant.network, SPACE, len(ACTIONS), run.stream)
    state = torch.load(run.folder(runs) / CHECKPOINT, weights_only=True)
    network.load_state_dict(state["averaged"])
    return network.eval()


@torch.no_grad()
def accuracies(network: nn.Module, test: Examples, frames: int) -> Float64:
    """The share named right when 10, 20, ..., 100 % of each clip have been seen, (10,)."""
    hits = np.zeros(len(RATIOS))
    for joints, label in test.batches(BATCH):
        whole = cut(joints, torch.zeros(len(joints)), torch.ones(len(joints)), frames)
        hits += [float((_named(network, whole[:, : seen_frames(ratio, frames)]) == label).sum()) for ratio in RATIOS]
    return hits / len(test)


def seen_frames(ratio: float, frames: int) -> int:
    """How many of a clip's samples have been seen."""
    return max(round(ratio * frames), 1)


def _named(network: nn.Module, joints: Tensor) -> Tensor:
    window = normalised(joints, SPACE)
    named: Tensor = network(Batch(window, known(window))).logits.argmax(dim=1)
    return named
