"""`python -m trainer diagnose RUN`: what a finished Res-TCN run has learnt and where it is weak."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from trainer.diagnose.diagnosis import diagnose, read_subject
from trainer.diagnose.page import fix_command, write_page
from trainer.run import CACHE

FOLDER = "diagnosis"


def main(argv: Sequence[str]) -> int:
    """Write RUN/diagnosis/diagnosis.md with its plots and say which joints it proposes."""
    parser = argparse.ArgumentParser(prog="python -m trainer diagnose", description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished run of Res-TCN")
    parser.add_argument("--windows", type=int, help="of the validation split (default: as many as the recipe's)")
    parser.add_argument("--repetitions", type=int, default=40, help="to be seen from several sides")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where windows are kept")
    parser.add_argument("--out", type=Path, help=f"folder of the page (default: RUN/{FOLDER})")
    given = parser.parse_args(list(argv))
    found = diagnose(read_subject(given.run), given.windows, given.repetitions, given.cache)
    more = f" --windows {given.windows}" if given.windows else ""
    page = write_page(found, given.out or given.run / FOLDER, f"python -m trainer diagnose {given.run}{more}")
    print(f"The diagnosis is in {page}\nProposed joints: {', '.join(found.proposed)}\nNext: {fix_command(found)}")
    return 0
