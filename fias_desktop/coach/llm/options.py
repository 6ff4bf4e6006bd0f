"""How a language model is run: on which device, how much of it, and how its words are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fias_desktop.settings import Settings

ALL_LAYERS = -1


@dataclass(frozen=True)
class Options:
    """`gpu_layers` -1 means all of them; `context` is in tokens, at most the model's own; the model is unloaded after
    `idle_s` without a request, never with 0."""

    threads: int = 1
    device: Literal["auto", "cpu", "gpu"] = "auto"
    gpu_layers: int = ALL_LAYERS
    context: int = 2048
    temperature: float = 0.4
    top_p: float = 0.95
    idle_s: float = 0.0

    @classmethod
    def from_settings(cls, settings: Settings) -> Options:
        """What a person chose."""
        return cls(
            threads=settings.coach_threads,
            device=settings.coach_device,
            gpu_layers=settings.coach_gpu_layers,
            context=settings.coach_context,
            temperature=settings.coach_temperature,
            top_p=settings.coach_top_p,
            idle_s=60.0 * settings.coach_idle_minutes,
        )
