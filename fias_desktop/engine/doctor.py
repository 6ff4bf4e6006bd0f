"""`fias doctor`: looks at everything the program needs on this machine and measures how fast it is."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from fias_desktop.domain.errors import FiasError
from fias_desktop.engine.offline import NetworkWatch
from fias_desktop.resources import coach_model, data_dir, exercise_rules, model_dir, model_ids, read_card, sha256
from fias_desktop.settings import Settings
from fias_desktop.store.schema import Json

OK, NOTE, FAIL = "ok", "note", "fail"
DEMO = "demo:squat,lunge?loop=1"
PACKAGES = (
    "PySide6",
    "torch",
    "numpy",
    "mediapipe",
    "opencv-contrib-python",
    "onnxruntime",
    "llama-cpp-python",
    "av",
    "safetensors",
    "pyqtgraph",
    "pydantic",
    "platformdirs",
    "psutil",
    "rich",
)
DEBIAN_PACKAGES = (
    "libgl1",
    "libglib2.0-0",
    "libxkbcommon0",
    "libegl1",
    "libfontconfig1",
    "libdbus-1-3",
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libgomp1",
    "libpulse0",
)
_LEAST_FREE_BYTES = 200 << 20
_LEAST_FPS = 12.0


@dataclass(frozen=True)
class Check:
    """One finding: what was looked at, what was found, `ok`, `note` or `fail`, and what to do about it."""

    name: str
    found: str
    state: str = OK
    hint: str = ""


@dataclass(frozen=True)
class Findings:
    """All findings, in the order they were made."""

    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        """Whether the program can work here."""
        return all(check.state != FAIL for check in self.checks)

    def rows(self) -> list[tuple[str, str, str]]:
        """Name, finding with its hint, and state, for a table."""
        return [(c.name, c.found + (f"\n{c.hint}" if c.hint else ""), c.state) for c in self.checks]

    def to_json(self) -> Json:
        """The same as JSON values."""
        return {"healthy": self.healthy, "checks": [dict(asdict(check)) for check in self.checks]}


def examine(settings: Settings, watch: NetworkWatch, seconds: float) -> Findings:
    """Make every check; one that fails with a FiasError becomes a finding and the others go on."""
    parts: tuple[Callable[[], Iterator[Check]], ...] = (
        _system,
        _packages,
        _system_packages,
        _folders,
        _cameras,
        _rules,
        _models,
        lambda: _coach(settings),
        lambda: _speed(settings, seconds),
        lambda: _network(watch),
    )
    return Findings(tuple(check for part in parts for check in _safely(part)))


def _safely(part: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    try:
        yield from part()
    except FiasError as error:
        name = getattr(part, "__name__", "").strip("_") or "check"
        yield Check(name if name != "<lambda>" else "check", error.user_message, FAIL, error.hint)


def _system() -> Iterator[Check]:
    version = platform.python_version()
    fits = (3, 11) <= sys.version_info[:2] <= (3, 12)
    yield Check("Python", version, OK if fits else FAIL, "" if fits else "Install Python 3.11 or 3.12.")
    yield Check("system", f"{platform.system()} {platform.release()}, {os.cpu_count()} CPU cores")
    if sys.platform.startswith("linux"):
        display = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
        hint = "" if display else "The window needs one; analysing videos does not."
        yield Check("display", display or "none", OK if display else NOTE, hint)


def _packages() -> Iterator[Check]:
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    frozen = getattr(sys, "frozen", False)
    if found:
        yield Check("packages", ", ".join(found))
    if missing and not frozen:
        yield Check("packages", f"missing: {', '.join(missing)}", FAIL, "Run make run again, or install FIAS again.")


def _system_packages() -> Iterator[Check]:
    if shutil.which("dpkg-query") is None:
        return
    missing = [name for name in DEBIAN_PACKAGES if not _installed(name)]
    if not missing:
        yield Check("system packages", f"all {len(DEBIAN_PACKAGES)} are there")
        return
    line = f"sudo apt-get install -y --no-install-recommends {' '.join(missing)}"
    yield Check("system packages", f"missing: {', '.join(missing)}", NOTE, f"The window may not open. Install: {line}")


def _installed(package: str) -> bool:
    """Whether a Debian package, or what replaced it (libglib2.0-0t64), is installed."""
    query = ["dpkg-query", "-W", "-f", "${Status}\n", package, f"{package}t64"]
    done = subprocess.run(query, capture_output=True, text=True, check=False, timeout=20)
    return "install ok installed" in done.stdout


def _folders() -> Iterator[Check]:
    folder = data_dir()
    free = shutil.disk_usage(folder).free
    hint = "" if free > _LEAST_FREE_BYTES else "Free some space."
    yield Check("data folder", f"{folder}, {free / 2**30:.1f} GB free", OK if not hint else NOTE, hint)
    if not os.access(folder, os.W_OK):
        yield Check("data folder", "it cannot be written to", FAIL, "Change its permissions or set FIAS_HOME.")


def _cameras() -> Iterator[Check]:
    from fias_desktop.stages.capture.cameras import list_cameras

    cameras = list_cameras()
    for camera in cameras:
        yield Check(f"camera {camera.index}", camera.name)
    if not cameras:
        yield Check("cameras", "none found", NOTE, "Plug one in; until then there are videos, streams and the demo.")


def _rules() -> Iterator[Check]:
    rules = exercise_rules()
    count = sum(len(rule.rules) for rule in rules)
    yield Check("exercises", f"{', '.join(rule.exercise for rule in rules)}; {count} rules of form")


def _models() -> Iterator[Check]:
    ids = sorted(model_ids())
    if not ids:
        yield Check("recogniser", "none found", FAIL, "Install FIAS Desktop again.")
    for model_id in ids:
        try:
            yield _model(model_id)
        except FiasError as error:
            yield Check(f"recogniser {model_id}", error.user_message, FAIL, error.hint)


def _model(model_id: str) -> Check:
    """The files of one recogniser against the hashes on its card."""
    folder = model_dir(model_id)
    spec = read_card(folder)
    wrong = [name for name, wanted in spec.hashes.items() if _hash(folder / name) != wanted]
    name = f"recogniser {model_id}"
    if wrong:
        return Check(name, f"missing or changed: {', '.join(wrong)}", FAIL, "Install or import it again.")
    return Check(name, f"{spec.title}; {len(spec.hashes)} files, hashes right")


def _hash(path: Path) -> str:
    try:
        return sha256(path)
    except OSError:
        return ""


def _coach(settings: Settings) -> Iterator[Check]:
    from fias_desktop.coach.llm.gguf_file import read_header

    path = Path(settings.coach_model) if settings.coach_model else coach_model()
    try:
        header = read_header(path)
    except FiasError as error:
        yield Check("language model", error.user_message, NOTE, f"{error.hint} Until then the phrasebook speaks.")
        return
    size = f"{header.size_bytes / 1e6:.1f} MB"
    yield Check("language model", f"{path.name}: {header.architecture}, {size}, SHA-256 {sha256(path)[:16]}...")


def _speed(settings: Settings, seconds: float) -> Iterator[Check]:
    from fias_desktop.engine.probe_live import watch_live

    figures = watch_live(DEMO, seconds, settings)
    yield Check("device for pose", figures.devices.pose)
    yield Check("device for the network", figures.devices.network, NOTE if figures.problems else OK)
    for problem in figures.problems:
        yield Check("live", problem.message, FAIL, problem.hint)
    seen = f"{figures.fps:.1f} fps on the demo ({figures.pose_ms:.0f} ms a pose, {figures.network_ms:.0f} ms a window)"
    slow = "" if figures.fps >= _LEAST_FPS else "Close other programs; a faster machine would serve better."
    yield Check("speed", seen, OK if not slow else NOTE, slow)
    yield Check("latency", f"{figures.lag_p50_ms:.0f} ms from frame to picture, 95 %: {figures.lag_p95_ms:.0f} ms")


def _network(watch: NetworkWatch) -> Iterator[Check]:
    watch.look()
    count = len(watch.calls)
    hint = "" if count == 0 else "; ".join(watch.calls[:5])
    yield Check("network calls made", str(count), OK if count == 0 else FAIL, hint)
