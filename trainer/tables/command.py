"""`python -m trainer tables NAME ...`: make a table of docs/results again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from fias_desktop.domain.errors import FiasError

# What each table shows; the module of that name in this package makes it.
TABLES: dict[str, str] = {
    "crossview": "eight modalities, trained and tested from the front, the back and both (FIAS paper, Table 1)",
    "ablation": "augmentation and categorical loss left out (FIAS paper, Table 2)",
    "stream": "continuous streams: mIoU, responsiveness, stability (FIAS paper, Table 3)",
    "classes": "per-class F1, confusion, calibration, rejection of unknown movement",
    "uiprmd": "UI-PRMD, unseen subjects: correct against incorrect",
    "pushups": "real push-up clips: correct against wrong",
    "nucla": "N-UCLA, cross-view",
    "penn": "Penn Action, official split",
    "sport": "sport actions of Penn Action by InfoGCN++, at every share of a clip",
    "stf": "the losses of STF: accuracy and explanations (STF paper, Tables 4 and 5)",
    "vpn": "what the hands hold: joints, pictures and both (VPN paper, Tables 1 and 2)",
    "ghost": "the pose 0.1 to 0.3 s ahead: network, pose held and velocity kept",
    "noise": "the estimator's noise, simulated and real",
    "recipes": "every full recipe tried for an epoch or a part of one: speed, loss, and what the whole would take",
}


def main(argv: Sequence[str]) -> int:
    """Run one table's command with the rest of the arguments; FiasError for a name that is none."""
    if not argv or argv[0] in ("-h", "--help"):
        print("usage: python -m trainer tables NAME ...\n")
        print("\n".join(f"  {name:10} {words}" for name, words in TABLES.items()))
        return 0
    name, rest = argv[0], list(argv[1:])
    if name not in TABLES:
        raise FiasError(f"There is no table called {name!r}.", f"Choose one of: {', '.join(TABLES)}.")
    # Only the table asked for is imported: some need pose estimation, others only the simulator.
    run: Callable[[Sequence[str]], int] = import_module(f"trainer.tables.{name}").main
    return int(run(rest) or 0)
