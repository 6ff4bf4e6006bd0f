"""The recipe of a refined network: a run's own, with MS-Res-TCN and the joints of its attention stream."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fias_desktop.models.ms_res_tcn import ATTEND
from trainer.learn.run_facts import FACTS
from trainer.train import RECIPE

NETWORK = "ms_res_tcn"


def refined_recipe(run: Path, joints: Sequence[str], minutes: float | None) -> str:
    """The text of a recipe with the same data, budget and seed as a run's own, whatever its comments said.

    The time limit is the one the run was really given (`--minutes` may have overridden its recipe), or `minutes`.
    """
    table = tomllib.loads((run / RECIPE).read_text(encoding="utf-8"))
    model = table["model"]
    model["network"] = NETWORK
    model["title"] = f"{model['title']}, refined"
    model["params"] = {**model.get("params", {}), **{f"{ATTEND}{joint}": 1 for joint in joints}}
    given = _limit_of(run) if minutes is None else minutes
    table["optimisation"]["minutes"] = table["optimisation"]["minutes"] if given is None else given
    return recipe_text(table)


def _limit_of(run: Path) -> float | None:
    """The minutes that a run was allowed; None when it did not say."""
    path = run / FACTS
    if not path.is_file():
        return None
    minutes = json.loads(path.read_text(encoding="utf-8"))["optimisation"]["minutes"]
    return math.inf if minutes is None else float(minutes)


def recipe_text(table: Mapping[str, Any]) -> str:
    """A recipe as TOML: tables of values, tables within them, and lists of tables."""
    return "\n".join(_lines(table, "")).strip() + "\n"


def _lines(table: Mapping[str, Any], name: str) -> list[str]:
    plain = {key: value for key, value in table.items() if not _is_table(value)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    for key, value in table.items():
        if not _is_table(value):
            continue
        full = f"{name}.{key}" if name else key
        rows, brackets = (value, f"[[{full}]]") if isinstance(value, list) else ([value], f"[{full}]")
        for row in rows:
            lines += ["", brackets, *_lines(row, full)]
    return lines


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _value(value: object) -> str:
    # JSON writes a float without an end as Infinity, which is no TOML.
    return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
