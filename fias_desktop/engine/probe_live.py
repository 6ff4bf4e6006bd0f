"""Runs the live engine on a source for a while and says how fast it was: for the doctor and the bench."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.clock import SystemClock
from fias_desktop.domain.errors import FiasError
from fias_desktop.engine.live import LiveEngine
from fias_desktop.engine.parts import Parts
from fias_desktop.engine.view import Devices, LiveView, Problem
from fias_desktop.settings import Settings

_FIRST_PICTURE_WITHIN_S = 60.0
# The first pictures pay for loading; they say nothing about the steady state.
_WARM_UP_S = 1.5


@dataclass(frozen=True)
class LiveFigures:
    """What was measured: pictures a second seen and offered, the time from a frame being available to its picture being
    published (the window adds its painting), and medians of the stages beside each other."""

    seconds: float
    fps: float
    source_fps: float
    lag_p50_ms: float
    lag_p95_ms: float
    pose_ms: float
    network_ms: float
    heat_age_ms: float
    people_share: float
    devices: Devices
    problems: tuple[Problem, ...]


def watch_live(source: str, seconds: float, settings: Settings, parts: Parts | None = None) -> LiveFigures:
    """Watch a source for `seconds` after the first picture. FiasError when no picture comes."""
    clock = SystemClock()
    woken = threading.Event()
    engine = LiveEngine(settings.model_copy(update={"coach_enabled": False}), woken.set, parts)
    views: list[LiveView] = []
    lags_ms: list[float] = []
    engine.start(source)
    try:
        until_s = clock.now_s() + _FIRST_PICTURE_WITHIN_S
        while clock.now_s() < until_s:
            woken.wait(0.1)
            woken.clear()
            now_s, view = clock.now_s(), engine.latest()
            if view is None or (views and view.frame.index == views[-1].frame.index):
                continue
            if not views:
                until_s = now_s + _WARM_UP_S + seconds
            views.append(view)
            lags_ms.append((now_s - view.available_s) * 1000)
    finally:
        engine.stop()
    problems = tuple(event for event in engine.take_events() if isinstance(event, Problem))
    if not views:
        first = problems[0] if problems else Problem("No picture came.", "Try another source.")
        raise FiasError(first.message, first.hint)
    return _figures(views, lags_ms, problems)


def _figures(views: list[LiveView], lags_ms: list[float], problems: tuple[Problem, ...]) -> LiveFigures:
    start_s = views[0].available_s + _WARM_UP_S
    steady = [(view, lag) for view, lag in zip(views, lags_ms, strict=True) if view.available_s >= start_s]
    if len(steady) < 2:
        steady = list(zip(views, lags_ms, strict=True))
    last = steady[-1][0]
    seconds = last.available_s - steady[0][0].available_s
    lags = np.array([lag for _, lag in steady])
    return LiveFigures(
        seconds=seconds,
        fps=(len(steady) - 1) / seconds if seconds > 0 else 0.0,
        source_fps=last.rates.source_fps,
        lag_p50_ms=float(np.percentile(lags, 50)),
        lag_p95_ms=float(np.percentile(lags, 95)),
        pose_ms=last.rates.pose_ms,
        network_ms=last.rates.network_ms,
        heat_age_ms=float(np.median([view.rates.heat_age_ms for view, _ in steady])),
        people_share=float(np.mean([view.pose is not None for view, _ in steady])),
        devices=last.devices,
        problems=problems,
    )
