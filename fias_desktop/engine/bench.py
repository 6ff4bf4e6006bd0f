"""`fias bench`: medians of every stage on this machine, and their ratios to what pose alone allows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

import numpy as np

from fias_desktop.coach.request import Request
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.model_card import bare_spec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.domain.types import Frame
from fias_desktop.engine.coach_service import Speaker
from fias_desktop.engine.coach_trial import sample_set
from fias_desktop.engine.parts import Parts, one_thread_each
from fias_desktop.engine.pipeline import Perceiver, Reasoner
from fias_desktop.engine.probe_live import LiveFigures, watch_live
from fias_desktop.settings import Settings
from fias_desktop.stages.explain import saliency_of, trust
from fias_desktop.stages.windowing import make_window
from fias_desktop.store.schema import Json

SOURCE = "demo:squat?reps=3"
LIVE_SOURCE = "demo:squat,lunge?loop=1"
_FRAMES = 90
_REPEATS = 60
_COACH_REPEATS = 5
_NETWORK_FRAMES, _NETWORK_REPEATS, _CLIP_REPEATS = 40, 9, 3
# The networks of the papers as they were published: what a card's `params` say.
PUBLISHED: dict[str, dict[str, int]] = {
    "stgcnpp": {},
    "infogcnpp": {},
    "res_tcn": {},
    "ms_res_tcn": {"attend_left_knee": 1, "attend_right_knee": 1},
    "msg3d_stf": {},
    "vpn": {},
}
CLIPS = {"vpn": (64, 224)}  # pictures and their pixels, of those that look at the person


@dataclass(frozen=True)
class Figure:
    """One measured figure: `value` in `unit`, and what it is compared with in words."""

    name: str
    value: float
    unit: str
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """All figures, in the order of the flow."""

    figures: tuple[Figure, ...]

    def rows(self) -> list[tuple[str, str, str]]:
        """Name, value and note, for a table."""
        return [(f.name, f"{f.value:.2f} {f.unit}".rstrip(), f.note) for f in self.figures]

    def to_json(self) -> Json:
        """The same as JSON values, by name."""
        return {f.name: {"value": round(f.value, 4), "unit": f.unit, "note": f.note} for f in self.figures}


def measure(settings: Settings, seconds: float, parts: Parts | None = None) -> Figures:
    """Measure the stages one by one, then everything together, live. FiasError when a model is missing."""
    one_thread_each()
    parts = parts or Parts()
    frames, draw_ms = _frames(parts)
    alone = _stages(frames, settings, parts)
    live = watch_live(LIVE_SOURCE, seconds, settings, parts)
    pose_ms = alone[0].value
    drawn = Figure("demo picture drawn", draw_ms, "ms")
    return Figures((drawn, *alone, *_live(live, pose_ms), *_networks(pose_ms), *_coach(settings, parts)))


def _frames(parts: Parts) -> tuple[list[Frame], float]:
    source = parts.open_source(SOURCE)
    frames: list[Frame] = []
    took: list[float] = []
    try:
        while len(frames) < _FRAMES:
            started = time.perf_counter()
            frame = source.read()
            if frame is None:
                break
            took.append((time.perf_counter() - started) * 1000)
            frames.append(frame)
    finally:
        source.close()
    return frames, median(took)


def _stages(frames: list[Frame], settings: Settings, parts: Parts) -> list[Figure]:
    estimator = parts.make_estimator(settings)
    recogniser = parts.load_recogniser(settings)
    try:
        perceiver = Perceiver(parts.rules(), estimator)
        perceiver.buffer.pictures.want(recogniser.spec)
        whole, pose = [], []
        for frame in frames:
            started = time.perf_counter()
            seen = perceiver.perceive(frame)
            whole.append((time.perf_counter() - started) * 1000)
            pose.append(seen.pose_ms)
        track, end_s = perceiver.buffer.track(), frames[-1].time_s
        window = Reasoner(recogniser).reason(track, end_s).window
        if window is None:
            raise FiasError("The demo's athlete was not seen.", "Run fias doctor.")
        recognition = recogniser.recognise(window)
        saliency = max(
            (saliency_of(recognition, label) for label in recogniser.spec.labels), key=lambda s: s.values.sum()
        )
        rng = np.random.default_rng(0)
        reasoner = Reasoner(recogniser)
        recognise_ms = median_ms(lambda: recogniser.recognise(window))
        pose_ms = median(pose[len(pose) // 4 :])
        both_ms = median_ms(lambda: reasoner.reason(track, end_s))
        return [
            Figure("pose", pose_ms, "ms", f"limit {1000 / pose_ms:.1f} fps, {estimator.device}"),
            Figure("perceive (pose, tracking, measuring)", median(whole[len(whole) // 4 :]), "ms"),
            Figure("window", median_ms(lambda: make_window(track, recogniser.spec, end_s)), "ms"),
            Figure("recogniser", recognise_ms, "ms", recogniser.device),
            Figure("explanation", median_ms(lambda: saliency_of(recognition, saliency.target)), "ms"),
            Figure("window + recogniser + explanation", both_ms, "ms", f"{both_ms / pose_ms:.2f} x pose; bar 15 ms"),
            Figure(
                "trust (one batch)",
                median_ms(lambda: trust(recogniser.probs, window, saliency, rng)),
                "ms",
                "bar 40 ms",
            ),
        ]
    finally:
        estimator.close()
        recogniser.close()


def median_ms(call: Callable[[], object], repeats: int = _REPEATS) -> float:
    """The median time of a call in milliseconds, after two calls that warm it up."""
    took = []
    for number in range(repeats + 2):
        started = time.perf_counter()
        call()
        if number >= 2:
            took.append((time.perf_counter() - started) * 1000)
    return median(took)


def _live(live: LiveFigures, pose_ms: float) -> list[Figure]:
    limit = min(1000 / pose_ms, live.source_fps) if live.source_fps else 1000 / pose_ms
    return [
        Figure(
            "live: pictures", live.fps, "fps", f"{live.fps / limit:.2f} of the limit (source {live.source_fps:.1f} fps)"
        ),
        Figure("live: lag, median", live.lag_p50_ms, "ms", f"{live.lag_p50_ms / pose_ms:.2f} x pose"),
        Figure("live: lag, 95 %", live.lag_p95_ms, "ms", "from a frame being available to its picture; no painting"),
        Figure("live: pose", live.pose_ms, "ms", f"{live.pose_ms / pose_ms:.2f} x pose alone"),
        Figure("live: network", live.network_ms, "ms"),
        Figure("live: age of the heat", live.heat_age_ms, "ms"),
    ]


def _networks(pose_ms: float) -> list[Figure]:
    """One answer of every paper's network at its published size, in torch on the CPU, fresh weights, 40 samples."""
    import torch

    from fias_desktop.models.contract import Batch
    from fias_desktop.models.registry import build

    topology = skeleton("coco17")
    rng = torch.Generator().manual_seed(0)
    joints = torch.randn(1, _NETWORK_FRAMES, topology.num_joints, 3, generator=rng)
    known = torch.ones(joints.shape[:3], dtype=torch.bool)
    figures = []
    for name, params in PUBLISHED.items():
        spec = bare_spec(name, topology.name, _NETWORK_FRAMES, 15.0, params)
        frames, pixels = CLIPS.get(name, (0, 0))
        network = build(replace(spec, clip_frames=frames, clip_pixels=pixels)).eval()
        clip = torch.zeros(1, frames, pixels, pixels, 3, dtype=torch.uint8) if frames else None
        size = sum(parameter.numel() for parameter in network.parameters())
        with torch.inference_mode():
            took = median_ms(
                partial(network, Batch(joints, known, clip)), _CLIP_REPEATS if frames else _NETWORK_REPEATS
            )
        words = f"{took / pose_ms:.2f} x pose; {size:,} parameters, torch"
        figures.append(Figure(f"network {name}, published size", took, "ms", words))
    return figures


def _coach(settings: Settings, parts: Parts) -> list[Figure]:
    """First words and the whole advice, as the window would see them, with the model loaded."""
    speaker = parts.make_speaker(settings)
    try:
        speaker.speak(sample_set(), Request(), lambda _: None)
        rows = [_spoken(speaker) for _ in range(_COACH_REPEATS)]
    finally:
        speaker.close()
    first, whole = median(row[0] for row in rows), median(row[1] for row in rows)
    return [
        Figure("advice: first words", first, "s", f"{speaker.device}; bar 0.5 s"),
        Figure("advice: whole", whole, "s", "bar 2 s"),
    ]


def _spoken(speaker: Speaker) -> tuple[float, float]:
    started = time.perf_counter()
    firsts: list[float] = []
    speaker.speak(sample_set(), Request(), lambda _: firsts.append(time.perf_counter() - started))
    whole = time.perf_counter() - started
    return (firsts[0] if firsts else whole), whole
