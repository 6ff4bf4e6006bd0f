"""What the cross-view table and the ablation share: their options, their recipe, and the training of one row."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, replace
from pathlib import Path

from fias_desktop.models.streams import STREAMS
from trainer.recipe import Recipe, read_recipe
from trainer.tables.report import RESULTS
from trainer.tables.sim_runs import EXACT, LIFTED, SEEN, Amount, Job

RUNS = Path("runs/tables/sim")
RECIPES = Path(__file__).parents[1] / "recipes"
REDUCED = RECIPES / "crossview_reduced.toml"
COORDINATES = {SEEN: 2, LIFTED: 3, EXACT: 3}


@dataclass(frozen=True)
class Line:
    """One modality: what the network sees and the stream made of it."""

    source: str
    stream: str


def parser_of(name: str, description: str | None) -> argparse.ArgumentParser:
    """The options of `python -m trainer tables <name>`."""
    parser = argparse.ArgumentParser(prog=f"python -m trainer tables {name}", description=description)
    parser.add_argument("--recipe", type=Path, default=REDUCED, help="default: the reduced recipe")
    parser.add_argument("--seeds", type=int, default=1, help="networks for each row (default: 1)")
    parser.add_argument("--streams", nargs="+", choices=STREAMS, default=STREAMS, help="default: all four")
    parser.add_argument("--lifter", type=int, default=Amount.lifter, help="windows to teach the lifter with")
    parser.add_argument("--test", type=int, default=Amount.test, help="test windows of a side")
    parser.add_argument("--workers", type=int, default=2, help="networks trained at the same time")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no training after that")
    parser.add_argument("--report", action="store_true", help="train nothing, write the table of what is there")
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser


def recipe_of(given: argparse.Namespace) -> tuple[Recipe, Amount]:
    """The recipe that was asked for, and how many windows it takes."""
    recipe = read_recipe(given.recipe)
    return recipe, Amount(recipe.data.train, given.test, given.lifter, recipe.data.seed)


def command_of(name: str, given: argparse.Namespace) -> str:
    """The command that makes the table again."""
    other = "" if given.recipe == REDUCED else f" --recipe {given.recipe}"
    return f"python -m trainer tables {name} --seeds {given.seeds}{other}"


def job_of(recipe: Recipe, amount: Amount, seed: int, line: Line, view: str) -> Job:
    """The training of one modality from one view."""
    spec = replace(recipe.spec, streams=(line.stream,), coordinates=COORDINATES[line.source])
    mine = replace(recipe, spec=spec, optimisation=replace(recipe.optimisation, seed=seed))
    return Job(f"{line.source.replace(' ', '-')}-{line.stream}-{view}-{seed}", mine, line.source, view, amount)


def recipe_words(recipe: Recipe, given: argparse.Namespace) -> str:
    """The recipe that all rows share, as a note."""
    spec, options = recipe.spec, recipe.optimisation
    size = ", ".join(f"{name} {value}" for name, value in spec.params.items()) or "published size"
    network = f"{spec.network} ({size})"
    return (
        f"{'**Reduced recipe**' if given.recipe == REDUCED else 'Recipe'}, the same for all rows: {network}, windows of"
        f" {spec.frames} samples at {spec.rate_hz:g} Hz, {recipe.data.train} training windows, {options.epochs} epochs"
        f" of batches of {options.batch}, learning rate {options.learning_rate:g} (AdamW, cosine), augmentation,"
        f" categorical loss of weight {options.group_weight:g}, multi-label head; seeds 0 to {given.seeds - 1} of"
        " weights, order and augmentation; nothing was chosen by the test windows. The full recipe is"
        " `trainer/recipes/crossview.toml`."
    )
