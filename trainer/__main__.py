"""`python -m trainer`: train, export and judge recognisers; describe data, make tables; make the bundled coach."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from fias_desktop.domain.errors import FiasError
from fias_desktop.resources import DEFAULT_MODEL, root

RECIPES = Path(__file__).parent / "recipes"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it went well, 1 with a message and the next step when not."""
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        if given[:1] and given[0] in _OWN_PARSER:
            return _OWN_PARSER[given[0]](given[1:])
        return _run(_parser().parse_args(given))
    except FiasError as error:
        print(f"{error.user_message}\n{error.hint}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train a recogniser by a recipe")
    train.add_argument("recipe", type=Path, help="a file, or the name of one of trainer/recipes")
    train.add_argument("--out", type=Path, help="the run's folder (default: runs/NAME-DATE-TIME)")
    train.add_argument("--resume", action="store_true", help="go on with the run in --out")
    train.add_argument("--minutes", type=float, help="time limit instead of the recipe's")
    trial = "keep nothing: one epoch over N windows (default: 1024), to see what the whole would take"
    train.add_argument("--trial", type=int, nargs="?", const=1024, metavar="N", help=trial)
    export = commands.add_parser("export", help="write a finished run as a model the program can load")
    export.add_argument("run", type=Path)
    export.add_argument("--id", default=DEFAULT_MODEL)
    export.add_argument("--models", type=Path, help="folder of models (default: the program's own)")
    evaluate = commands.add_parser("evaluate", help="judge the whole program")
    evaluate.add_argument("what", choices=["clips"], help="clips: the annotated clips in FIAS_CLIPS")
    evaluate.add_argument("rest", nargs=argparse.REMAINDER, help="passed on")
    commands.add_parser("coach", help="make the bundled language model (see `coach --help`)")
    commands.add_parser("coach-eval", help="judge what the coach says (see `coach-eval --help`)")
    commands.add_parser("cues", help="when cues come after known faults (see `cues --help`)")
    commands.add_parser("data", help="draw and describe the data sets (see `data --help`)")
    commands.add_parser("tables", help="make the tables of docs/results (see `tables --help`)")
    commands.add_parser("diagnose", help="what a run has learnt and where it is weak (see `diagnose --help`)")
    commands.add_parser("fix", help="train a run's refinement and compare both (see `fix --help`)")
    commands.add_parser("explain-eval", help="judge explanations on simulated errors (see `explain-eval --help`)")
    return parser


def _run(arguments: argparse.Namespace) -> int:
    if arguments.command == "train":
        return _train(arguments)
    if arguments.command == "export":
        from trainer.export import export_run

        models = arguments.models or root() / "models"
        print(f"The model is in {export_run(arguments.run, models, arguments.id)}")
        return 0
    from trainer.judge.evaluate_clips import main as evaluate_clips

    return int(evaluate_clips(arguments.rest) or 0)


def _train(arguments: argparse.Namespace) -> int:
    from trainer.run import run_recipe, try_recipe

    recipe = arguments.recipe if arguments.recipe.exists() else RECIPES / arguments.recipe.name
    if arguments.trial is None:
        print(f"The run is in {run_recipe(recipe, arguments.out, arguments.resume, arguments.minutes)}")
        return 0
    if arguments.out or arguments.resume or arguments.minutes is not None:
        raise FiasError("A trial keeps nothing.", "Leave out --out, --resume and --minutes.")
    print(try_recipe(recipe, arguments.trial).words)
    return 0


def _coach(rest: Sequence[str]) -> int:
    from trainer.coach import main as coach

    return int(coach(list(rest)) or 0)


def _coach_eval(rest: Sequence[str]) -> int:
    from trainer.coach_eval import main as coach_eval

    return coach_eval(rest)


def _cues(rest: Sequence[str]) -> int:
    from trainer.cues import main as cues

    return cues(rest)


def _data(rest: Sequence[str]) -> int:
    from trainer.data.command import main as data

    return data(rest)


def _tables(rest: Sequence[str]) -> int:
    from trainer.tables.command import main as tables

    return tables(rest)


def _explain_eval(rest: Sequence[str]) -> int:
    from trainer.explain_eval import main as explain_eval

    return explain_eval(rest)


def _diagnose(rest: Sequence[str]) -> int:
    from trainer.diagnose.command import main as diagnose

    return diagnose(rest)


def _fix(rest: Sequence[str]) -> int:
    from trainer.diagnose.fix import main as fix

    return fix(rest)


_OWN_PARSER = {
    "coach": _coach,
    "coach-eval": _coach_eval,
    "cues": _cues,
    "data": _data,
    "tables": _tables,
    "diagnose": _diagnose,
    "fix": _fix,
    "explain-eval": _explain_eval,
}


if __name__ == "__main__":
    sys.exit(main())
