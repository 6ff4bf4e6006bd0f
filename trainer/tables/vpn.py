"""`python -m trainer tables vpn`: what pictures add where joints cannot tell (the VPN paper's tables 1 and 2, small).

Rendered athletes hold a dumbbell, a resistance band or nothing. Every scene is rendered once for each class, with the
same movement, the same noise of the estimator and the same things in it: the joints of the three are the same numbers.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from scipy import stats

from fias_desktop.domain.types import Float64, Int64
from trainer.simulate.appearance import HELD
from trainer.tables import vpn_served
from trainer.tables.report import LEVEL, RESULTS, Cell, Report, write
from trainer.tables.vpn_runs import ANSWERS, FULL, POSE, ROWS, Answers, Job, SmallRecipe, data, read, work

NAME = "vpn"
RUNS, CACHE = Path("runs/tables/vpn"), Path("runs/cache")
SEEDS = 3
CHANCE = 1 / len(HELD)
COLUMNS = ("network", "accuracy", "low", "high", "worst seed", "best seed", *(f"named {held}" for held in HELD),
           "full less this", "difference low", "difference high", "parameters", "CPU minutes", "seeds")  # fmt: skip
_Z = float(stats.norm.ppf(0.5 + LEVEL / 2))
Found = Mapping[str, list[Answers]]


def main(argv: Sequence[str]) -> int:
    """Train what is missing and write the table after every training, or judge an exported model; 0."""
    given = parser().parse_args(argv)
    if given.served is not None:
        write(vpn_served.report(given.served, given.scenes), given.out)
        return 0
    recipe = recipe_of(given)
    torch.set_num_threads(1)
    jobs = [Job(row, recipe, seed) for seed in range(given.seeds) for row in ROWS]
    until = time.monotonic() + 60 * given.minutes
    for job in jobs:
        if given.report or (job.folder(given.runs) / ANSWERS).is_file() or time.monotonic() > until:
            continue
        work(job, given.cache, given.runs)
        report(jobs, recipe, given)
    report(jobs, recipe, given)
    return 0


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    own, default = argparse.ArgumentParser(prog=f"python -m trainer tables {NAME}", description=__doc__), SmallRecipe()
    own.add_argument("--seeds", type=int, default=SEEDS, help="networks for each row (default: 3)")
    own.add_argument("--train", type=int, default=default.train, help="scenes to train with")
    own.add_argument("--test", type=int, default=default.test, help="scenes to judge by")
    own.add_argument("--epochs", type=int, default=default.epochs)
    own.add_argument("--minutes", type=float, default=math.inf, help="begin no training after that")
    own.add_argument("--report", action="store_true", help="train nothing, write the table of what is there")
    own.add_argument("--runs", type=Path, default=RUNS, help="where answers are kept")
    own.add_argument("--cache", type=Path, default=CACHE, help="where rendered clips are kept")
    own.add_argument("--served", type=Path, help="judge this exported model on pictures that the program cuts instead")
    own.add_argument("--scenes", type=int, default=vpn_served.SCENES, help="with --served")
    own.add_argument("--out", type=Path, default=RESULTS)
    return own


def recipe_of(given: argparse.Namespace) -> SmallRecipe:
    """The recipe that was asked for."""
    return replace(SmallRecipe(), train=given.train, test=given.test, epochs=given.epochs)


def report(jobs: Sequence[Job], recipe: SmallRecipe, given: argparse.Namespace) -> None:
    """Write the table from the answers there are."""
    found: dict[str, list[Answers]] = {}
    for job in jobs:
        answers = read(job.folder(given.runs) / ANSWERS)
        if answers is not None:
            found.setdefault(job.row, []).append(answers)
    if not found:
        return
    label = data(recipe, "test", given.cache).label
    chance: tuple[Cell, ...] = ("chance", CHANCE, *[None] * (len(COLUMNS) - 2))
    rows = (chance, *(cells(row, found, label) for row in ROWS if row in found))
    title = "What the hands hold: joints, pictures and both"
    write(Report(NAME, title, command_of(given), notes(recipe, given), COLUMNS, rows), given.out)


def cells(row: str, found: Found, label: Int64) -> tuple[Cell, ...]:
    """A row: accuracy over all clips and seeds, by class, and what the whole network has more on the same clips."""
    hits = hits_of(found[row], label)
    each = hits.mean(axis=1)
    by_class = [float(hits[:, label == number].mean()) for number in range(len(HELD))]
    more: tuple[float | None, ...] = (None, None, None)
    if FULL in found and row != FULL:
        seeds = min(len(hits), len(found[FULL]))
        more = interval(hits_of(found[FULL][:seeds], label) - hits[:seeds])
    minutes = float(np.mean([answers.minutes for answers in found[row]]))
    size = found[row][0].parameters
    return (row, *interval(hits), float(each.min()), float(each.max()), *by_class, *more, size, minutes, len(hits))


def hits_of(answers: Sequence[Answers], label: Int64) -> Float64:
    """Which clips are named right, 0 or 1, (seeds, N)."""
    return np.array([one.logits.argmax(axis=1) == label for one in answers], np.float64)


def interval(values: Float64) -> tuple[float, float, float]:
    """Mean of values (seeds, N) with its 95 % interval over scenes, whose clips and seeds go together."""
    scenes = values.mean(axis=0).reshape(-1, len(HELD)).mean(axis=1)
    half = _Z * float(scenes.std(ddof=1)) / math.sqrt(len(scenes)) if len(scenes) > 1 else math.nan
    mean = float(scenes.mean())
    return mean, mean - half, mean + half


def command_of(given: argparse.Namespace) -> str:
    """The command that makes the table again."""
    default = SmallRecipe()
    named = (("seeds", SEEDS), ("train", default.train), ("test", default.test), ("epochs", default.epochs))
    changed = [f" --{name} {getattr(given, name)}" for name, usual in named if getattr(given, name) != usual]
    return f"python -m trainer tables {NAME}{''.join(changed)}"


def notes(recipe: SmallRecipe, given: argparse.Namespace) -> tuple[str, ...]:
    """What a reader must know."""
    pictures = f"{recipe.shape.frames} pictures of {recipe.shape.pixels} x {recipe.shape.pixels} pixels"
    return (
        f"**Reduced recipe**, the same for all rows: {recipe.train} scenes to train with, {recipe.test} others to judge"
        f" by, each as {len(HELD)} clips of {pictures}; I3D of width {recipe.width} (published: 64) up to"
        f" `{recipe.last}`, from scratch and trained with the rest, {recipe.poses} poses, pose backbone of width"
        f" {recipe.pose_width}; {recipe.epochs} epochs of batches of {recipe.batch} clips (whole scenes), AdamW,"
        f" learning rate {recipe.learning_rate:g} (cosine), mirrored at random; seeds 0 to {given.seeds - 1} of"
        " weights, order and mirrors; nothing was chosen by the test clips. The paper: 64 pictures of 224 pixels, I3D"
        " pre-trained on ImageNet and Kinetics, SGD, 30 epochs.",
        "A scene is rendered once for each class, the same in body, movement, camera, noise, clothes, room and"
        " things; what is not in the hands lies about. Neither the joints nor a colour, a shape or their number tells"
        " the class, but what lies about can be cut off or covered, so how much is seen tells a little."
        f" `{POSE}` gives the clips of a scene one answer: exactly one of them is right, whatever it learns.",
        "Shares; intervals over scenes, 95 %. `full less this` compares on the same clips and seeds: an interval that"
        " includes 0 shows nothing. It does not hold the luck of the seed (see worst and best).",
        "Rows as in the paper's tables 1 and 2: `VPN without coupler` weighs places and times apart; `VPN without"
        " attention` keeps the embedding; `video alone` has neither.",
    )
