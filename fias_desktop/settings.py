"""What a person can choose, as one frozen object, kept in a JSON file that is written atomically."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fias_desktop.domain.errors import FiasError
from fias_desktop.resources import DEFAULT_MODEL, data_dir


class Settings(BaseModel):
    """Everything on the settings page. Threads get this frozen snapshot; a change makes a new one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: str = ""
    model_id: str = DEFAULT_MODEL
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    pose_gpu: bool = False
    pose_model: str = ""  # a person's own .task file; empty: the bundled one
    coach_enabled: bool = True
    coach_model: str = ""
    coach_threads: int = Field(default=1, ge=1, le=64)
    coach_device: Literal["auto", "cpu", "gpu"] = "auto"
    coach_gpu_layers: int = Field(default=-1, ge=-1, le=1000)  # -1: all of them
    coach_context: int = Field(default=2048, ge=512, le=32768)
    coach_temperature: float = Field(default=0.4, ge=0.0, le=2.0)
    coach_top_p: float = Field(default=0.95, gt=0.0, le=1.0)
    coach_idle_minutes: float = Field(default=10.0, ge=0.0, le=1440.0)  # then it is unloaded; 0: never
    coach_voice: Literal["calm", "energetic", "brief"] = "calm"
    speech_enabled: bool = True
    speech_voice: str = ""
    speech_rate: float = Field(default=0.0, ge=-1.0, le=1.0)
    speech_volume: float = Field(default=0.9, ge=0.0, le=1.0)
    mirror: bool = True
    show_heat: bool = True
    show_face: bool = False
    show_silhouette: bool = True
    ghost_ms: Literal[0, 100, 200, 300] = 0  # how far ahead the ghost is; 0: none
    delay_s: float = Field(default=0.0, ge=0.0, le=10.0)
    theme: Literal["system", "light", "dark"] = "system"
    language: str = ""
    gesture_start: bool = True


def settings_file() -> Path:
    """Where the settings lie."""
    return data_dir() / "settings.json"


def load() -> Settings:
    """The stored settings, or the defaults where there are none; a damaged file is kept aside and the defaults used."""
    path = settings_file()
    try:
        return Settings.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (ValidationError, ValueError, OSError):
        path.replace(path.with_suffix(".damaged.json"))
        return Settings()


def save(settings: Settings) -> None:
    """Write the settings atomically: whole or not at all; FiasError when the disk refuses."""
    write_atomically(settings_file(), settings.model_dump_json(indent=2).encode())


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file through a temporary one beside it and rename it; FiasError with the reason when that fails."""
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
            temporary = file.name
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise FiasError(
            f"{path} could not be written: {error.strerror or error}.", "Free some space or choose another folder."
        ) from error
