"""What a run was made with: code, seed, versions, device; kept beside its results in `run.json`."""

from __future__ import annotations

import json
import math
import platform
import subprocess
import time
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from trainer.recipe import Optimisation

if TYPE_CHECKING:
    from lightning_fabric import Fabric

FACTS = "run.json"


def write_facts(run: Path, options: Optimisation, fabric: Fabric, train: int, held_out: int) -> None:
    """Write `run.json`: one entry for the start of the run and one each time it was resumed."""
    run.mkdir(parents=True, exist_ok=True)
    path = run / FACTS
    starts: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["starts"] if path.is_file() else []
    starts.append({"time": time.strftime("%Y-%m-%d %H:%M:%S"), "code": code_version(), **_machine(fabric)})
    values = {key: value if value != math.inf else None for key, value in asdict(options).items()}  # no JSON has it
    facts = {"seed": options.seed, "train": train, "held_out": held_out, "optimisation": values}
    path.write_text(json.dumps(facts | {"starts": starts}, indent=2), encoding="utf-8")


def code_version() -> str:
    """What `git describe` says of the checkout the code lies in, otherwise the package's version."""
    command = ["git", "describe", "--always", "--dirty", "--tags"]
    try:
        said = subprocess.run(
            command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=10, check=True
        )
        return said.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        pass
    try:
        return version("fias-desktop")
    except PackageNotFoundError:
        return "unknown"


def _machine(fabric: Fabric) -> dict[str, Any]:
    cuda = fabric.device.type == "cuda"
    return {
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": str(fabric.device) + (f" ({torch.cuda.get_device_name()})" if cuda else ""),
        "processes": fabric.world_size,
        "threads": torch.get_num_threads(),
        "precision": str(fabric._precision.precision),
    }
