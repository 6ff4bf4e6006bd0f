"""`python -m trainer data`: draw sequences, and describe data sets."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from trainer.data import card, pyskl_pickle, recordings
from trainer.data.catalogue import DATA_SETS, SIMULATED, data_set, folder
from trainer.data.sequence import SkeletonSequence


def main(argv: Sequence[str]) -> int:
    """Run one command; 0 when it went well. FiasError says what went wrong."""
    arguments = _parser().parse_args(list(argv))
    return _card(arguments.name) if arguments.command == "card" else _show(arguments)


def _parser() -> argparse.ArgumentParser:
    keys = ", ".join(entry.key for entry in (*DATA_SETS, SIMULATED))
    parser = argparse.ArgumentParser(prog="python -m trainer data", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="draw sequences into a picture")
    show.add_argument("name", help=f"{keys}, a pickle with annotations (.pkl), or a folder of recordings")
    show.add_argument("--index", type=int, help="one sequence by its number (default: a few of different movements)")
    show.add_argument("--out", type=Path, help=".png (contact sheet) or .gif (animation); default NAME.png")
    described = commands.add_parser("card", help="print a data-set card (Markdown)")
    described.add_argument("name", help=f"{keys}, or all")
    return parser


def _card(name: str) -> int:
    if name == "all":
        print(all_cards(folder()))
    else:
        entry = data_set(name)
        print(card.card(entry, entry.read(Path() if entry is SIMULATED else folder())))
    return 0


def all_cards(data: Path) -> str:
    """The overview of all data sets and a card of each."""
    sets = [(entry, entry.read(data)) for entry in DATA_SETS]
    parts = [card.overview(sets)]
    parts += [f"## {entry.title}\n\n{card.card(entry, sequences)}" for entry, sequences in sets]
    return "\n\n".join(parts)


def _show(arguments: argparse.Namespace) -> int:
    from trainer.data.browse import draw  # matplotlib takes a while to import

    sequences = _read(arguments.name)
    stem = Path(arguments.name).stem + ("" if arguments.index is None else f"-{arguments.index}")
    out = arguments.out or Path(f"{stem}.png")
    draw(sequences, out, arguments.index)
    print(f"Of {len(sequences):,} in all; the picture is {out}")
    return 0


def _read(name: str) -> list[SkeletonSequence]:
    if name.endswith(".pkl"):
        return pyskl_pickle.read(Path(name))
    if Path(name).is_dir():
        return recordings.read(Path(name))
    entry = data_set(name)
    return entry.read(Path() if entry is SIMULATED else folder())
