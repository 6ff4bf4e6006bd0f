"""The architecture, as tests: the contracts hold, each of them can fail, and none was forgotten."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Files of models/ that are not a paper, and of stages/ that are a tool and not a stage.
NOT_PAPERS = {"__init__", "contract", "cpu_ops", "fusion", "graph", "model_files", "ode", "registry", "streams"}
NOT_PAPERS |= {"infogcnpp_online", "infogcnpp_foresight"}  # parts of their paper's file
NOT_STAGES = {"__init__", "quiet_imports"}

# One violation for each contract: the file it is planted in, and the line.
PLANTED: dict[str, list[tuple[str, str]]] = {
    "layers": [
        ("fias_desktop/domain/clock.py", "import fias_desktop.settings"),
        ("fias_desktop/stages/explain.py", "import fias_desktop.engine.view"),
        ("fias_desktop/store/schema.py", "import fias_desktop.coach"),
        ("fias_desktop/cli.py", "import fias_desktop.ui"),
        ("fias_desktop/stray.py", "VALUE = 1"),
    ],
    "qt": [
        ("fias_desktop/engine/live.py", "import PySide6.QtCore"),
        ("fias_desktop/store/draw.py", "import pyqtgraph"),
        ("trainer/__init__.py", "from PySide6 import QtGui"),
    ],
    "main": [("fias_desktop/__main__.py", "import PySide6.QtWidgets")],
    "stages": [
        ("fias_desktop/stages/explain.py", "import fias_desktop.stages.recognise"),
        ("fias_desktop/stages/capture/video.py", "from fias_desktop.stages.pose import estimator"),
    ],
    "papers": [("fias_desktop/models/other_paper.py", "import fias_desktop.models.stgcnpp")],
    "trainer": [
        ("trainer/__init__.py", "import fias_desktop.engine.live"),
        ("trainer/__init__.py", "from fias_desktop import cli"),
    ],
    "application": [("fias_desktop/engine/batch.py", "import trainer")],
    "numpy_only": [
        ("fias_desktop/stages/windowing.py", "import torch"),
        ("fias_desktop/domain/geometry.py", "import cv2"),
        ("fias_desktop/stages/measure/__init__.py", "from fias_desktop.models import registry"),
    ],
}
CASES = [(contract, path, line) for contract, rows in PLANTED.items() for path, line in rows]


def configuration(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    return found


def contracts() -> dict[str, dict[str, Any]]:
    return {contract["id"]: contract for contract in configuration(ROOT)["contracts"]}


def lint(root: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a tree, as `make lint` does."""
    program = Path(sys.executable).parent / "lint-imports"
    chosen = ["--contract", contract] if contract else []
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [str(program), "--no-cache", *chosen]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python files of both packages with the project file, and one more paper for the papers' contract."""
    root = tmp_path_factory.mktemp("tree")
    for package in ("fias_desktop", "trainer"):
        shutil.copytree(ROOT / package, root / package, ignore=_only_python)
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    known = '    "fias_desktop.models.stgcnpp",\n'
    assert known in text
    text = text.replace(known, known + '    "fias_desktop.models.other_paper",\n')
    (root / "pyproject.toml").write_text(text, encoding="utf-8")
    (root / "fias_desktop" / "models" / "other_paper.py").write_text('"""Another paper."""\n', encoding="utf-8")
    return root


def _only_python(folder: str, names: list[str]) -> list[str]:
    return [
        name for name in names if name == "__pycache__" or not (name.endswith(".py") or (Path(folder) / name).is_dir())
    ]


@pytest.fixture
def planted(copy: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The copy with one violation; taken out again afterwards."""
    _, path, line = request.param
    file = copy / path
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text((before or '"""Planted."""\n') + f"\n{line}\n", encoding="utf-8")
    yield copy
    if before is None:
        file.unlink()
    else:
        file.write_text(before, encoding="utf-8")


def test_every_contract_holds_in_the_copy(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "planted", CASES, indirect=True, ids=[f"{c}-{Path(p).stem}-{i}" for i, (c, p, _) in enumerate(CASES)]
)
def test_a_planted_violation_is_caught(planted: Path, request: pytest.FixtureRequest) -> None:
    contract = request.node.callspec.params["planted"][0]
    done = lint(planted, contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


def test_every_contract_has_a_planted_violation() -> None:
    assert set(contracts()) == set(PLANTED)


def test_the_layers_are_exhaustive() -> None:
    assert contracts()["layers"]["exhaustive"] is True


def test_every_stage_is_in_the_contract_of_stages() -> None:
    found = {
        path.stem for path in (ROOT / "fias_desktop" / "stages").iterdir() if path.suffix == ".py" or path.is_dir()
    }
    named = {module.rsplit(".", 1)[1] for module in contracts()["stages"]["modules"]}
    assert found - NOT_STAGES - {"__pycache__"} == named


def test_every_paper_is_in_the_contract_of_papers() -> None:
    found = {path.stem for path in (ROOT / "fias_desktop" / "models").glob("*.py")}
    named = {module.rsplit(".", 1)[1] for module in contracts()["papers"]["modules"]}
    assert found - NOT_PAPERS == named


def test_qt_is_forbidden_everywhere_but_in_ui() -> None:
    parts = {path.stem for path in (ROOT / "fias_desktop").iterdir() if path.suffix == ".py" or path.is_dir()}
    named = {module.removeprefix("fias_desktop.") for module in contracts()["qt"]["source_modules"]} - {"trainer"}
    assert parts - {"__pycache__", "__init__", "__main__", "ui", "_resources"} == named


NO_QT = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6", "pyqtgraph"):
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Blocker())
from fias_desktop.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_the_console_script_limits_threads_before_anything_numerical_is_loaded() -> None:
    code = "import sys, fias_desktop.__main__; print('numpy' in sys.modules, 'pydantic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["False", "False"]


def run_without_qt(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "FIAS_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", NO_QT, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("command", ["analyse", "doctor", "bench"])
def test_the_command_line_starts_without_qt(command: str, tmp_path: Path) -> None:
    done = run_without_qt(command, "--help", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert command in done.stdout


def test_a_video_is_analysed_without_qt(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    done = run_without_qt("analyse", "demo:squat?reps=1&fps=10", "--no-coach", "--json", str(target), home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert target.is_file()


def test_without_qt_the_window_is_refused_with_a_next_step(tmp_path: Path) -> None:
    done = run_without_qt("--demo", home=tmp_path)
    assert done.returncode == 1
    assert "fias doctor" in done.stderr
    assert "Traceback" not in done.stderr
