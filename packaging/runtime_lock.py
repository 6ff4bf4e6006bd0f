"""Print the lines of a lock file that the program itself needs: the closure of pyproject's dependencies."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement


def normal(name: str) -> str:
    """A distribution's normalised name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(names: list[str]) -> set[str]:
    """Every distribution that these need, by normalised name."""
    seen: set[str] = set()
    todo = [(normal(Requirement(name).name)) for name in names]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            lines = requires(name) or []
        except PackageNotFoundError:
            continue
        environment = {**default_environment(), "extra": ""}
        needed = (Requirement(line) for line in lines)
        todo += [normal(r.name) for r in needed if r.marker is None or r.marker.evaluate(environment)]
    return seen


def main() -> None:
    """Filter the lock named on the command line."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = closure(project["dependencies"]) | {
        "hatchling",
        "editables",
        "pathspec",
        "pluggy",
        "trove-classifiers",
        "packaging",
    }
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        if normal(line.split("==")[0]) in wanted:
            print(line)


if __name__ == "__main__":
    main()
