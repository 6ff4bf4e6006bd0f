"""`python -m trainer coach ...`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from fias_desktop.resources import root

RECIPES = Path(__file__).parents[1] / "recipes"


def main(argv: Sequence[str]) -> int:
    """Run one command; FiasError tells a person what went wrong."""
    arguments = _parser().parse_args(argv)
    if arguments.command == "train":
        return _train(arguments)
    return _export(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer coach", description="Make the bundled language model.")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train by a recipe, on text made from random sets")
    train.add_argument("recipe", type=Path, help="a file, or the name of one of trainer/recipes")
    train.add_argument("--out", type=Path, help="the run's folder (default: runs/coach-DATE-TIME)")
    export = commands.add_parser("export", help="write a finished run as GGUF, measure it, and write its card")
    export.add_argument("run", type=Path)
    export.add_argument("--to", type=Path, help="folder (default: the program's own, resources/coach)")
    export.add_argument("--type", choices=["f16", "q8_0"], default="q8_0", help="type of the weights")
    export.add_argument("--sets", type=int, help="held-out sets to measure on (default: the recipe's)")
    return parser


def _train(arguments: argparse.Namespace) -> int:
    from trainer.coach.train import train_coach

    recipe = arguments.recipe if arguments.recipe.exists() else RECIPES / arguments.recipe.name
    out = arguments.out or Path("runs") / f"coach-{datetime.now():%Y%m%d-%H%M%S}"
    print(f"The run is in {train_coach(recipe, out)}")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from trainer.coach.export import export_run

    path, figures = export_run(arguments.run, arguments.to or root() / "coach", arguments.type, arguments.sets)
    for name, value in figures.items():
        print(f"{name:26} {value:g}")
    print(f"The model is {path}")
    return 0
