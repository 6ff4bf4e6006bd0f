"""`python -m trainer.foresight RECIPE`: train the network behind the ghost, write it as a model the program loads."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from fias_desktop.domain.errors import FiasError
from fias_desktop.engine.parts import GHOST_MODEL
from fias_desktop.resources import root
from trainer.foresight.export import write_model
from trainer.foresight.train import train


def main(argv: Sequence[str] | None = None) -> int:
    """Train, judge on unseen bodies, export; 0 when it went well, 1 with a message and the next step when not."""
    parser = argparse.ArgumentParser(prog="python -m trainer.foresight", description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--out", type=Path, help="the run's folder (default: runs/NAME-DATE-TIME)")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out")
    parser.add_argument("--model", type=Path, help="the model's folder (default: the program's own)")
    given = parser.parse_args(argv)
    try:
        run, recipe, network = train(given.recipe, given.out, given.resume)
        folder = write_model(given.model or root() / "models" / GHOST_MODEL, recipe, network)
    except FiasError as error:
        print(f"{error.user_message}\n{error.hint}", file=sys.stderr)
        return 1
    print(f"The run is in {run}, the model in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
