"""What was found in one video, and its JSON form (schema 1, docs/analysis-json.md)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Advice, Evidence, ExerciseSet, Repetition, TimelineSample
from fias_desktop.settings import write_atomically

SCHEMA = 1
Json = dict[str, "JsonValue"]
JsonValue = str | int | float | bool | None | list["JsonValue"] | Json


@dataclass(frozen=True)
class VideoFacts:
    """The video: its path as given, frames per second, frames analysed, and the seconds they cover."""

    path: str
    fps: float
    frames: int
    seconds: float


@dataclass(frozen=True)
class ModelFacts:
    """What analysed it: the recogniser's id and SHA-256 of its weights, devices in words, and who spoke."""

    recogniser: str
    recogniser_sha256: str
    pose: str
    pose_device: str
    network_device: str
    coach: str


@dataclass(frozen=True)
class Performance:
    """How fast it went: `fps` of the whole, medians of one pose and one window, and `ratio_to_pose`, the whole time
    over the time that pose alone took. `complete` is False when the video could not be read to its end."""

    wall_s: float
    fps: float
    realtime: float
    pose_ms: float
    network_ms: float
    ratio_to_pose: float
    person_share: float
    complete: bool


@dataclass(frozen=True)
class Analysis:
    """Everything found in one video. `joints` and `mean_heat` go together: the mean share of the heat on each joint
    over the windows inside repetitions. `problems` are what a person should be told about this analysis."""

    source: VideoFacts
    models: ModelFacts
    timeline: tuple[TimelineSample, ...]
    repetitions: tuple[Repetition, ...]
    sets: tuple[ExerciseSet, ...]
    joints: tuple[str, ...]
    mean_heat: tuple[float, ...]
    advice: tuple[Advice, ...]
    performance: Performance
    problems: tuple[FiasError, ...] = ()

    @property
    def counted(self) -> tuple[Repetition, ...]:
        """The repetitions that count."""
        return tuple(rep for rep in self.repetitions if rep.counted)


def to_json(analysis: Analysis) -> Json:
    """The analysis as JSON values; a number that is not finite becomes null."""
    source, models, performance = analysis.source, analysis.models, analysis.performance
    return {
        "schema": SCHEMA,
        "source": {
            "path": source.path,
            "fps": _number(source.fps, 3),
            "frames": source.frames,
            "seconds": _number(source.seconds, 3),
        },
        "models": {
            "recogniser": models.recogniser,
            "recogniser_sha256": models.recogniser_sha256,
            "pose": models.pose,
            "pose_device": models.pose_device,
            "network_device": models.network_device,
            "coach": models.coach,
        },
        "timeline": [_sample(sample) for sample in analysis.timeline],
        "repetitions": [_repetition(rep) for rep in analysis.repetitions],
        "saliency": {"joints": list(analysis.joints), "mean": [_number(heat, 5) for heat in analysis.mean_heat]},
        "advice": [_advice(advice) for advice in analysis.advice],
        "performance": {
            "wall_s": _number(performance.wall_s, 2),
            "fps": _number(performance.fps, 2),
            "realtime": _number(performance.realtime, 3),
            "pose_ms": _number(performance.pose_ms, 2),
            "network_ms": _number(performance.network_ms, 2),
            "ratio_to_pose": _number(performance.ratio_to_pose, 3),
            "person_share": _number(performance.person_share, 3),
            "complete": performance.complete,
        },
    }


def json_text(analyses: Sequence[Analysis], as_list: bool) -> str:
    """One analysis as a JSON object, or any number as a list."""
    content: JsonValue = [to_json(analysis) for analysis in analyses] if as_list else to_json(analyses[0])
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)


def write_json(path: Path, analyses: Sequence[Analysis], as_list: bool) -> None:
    """Write `json_text` into a file: whole or not at all. FiasError when the disk refuses."""
    write_atomically(path, (json_text(analyses, as_list) + "\n").encode())


def _sample(sample: TimelineSample) -> Json:
    return {
        "time_s": _number(sample.time_s, 3),
        "label": sample.label,
        "group": sample.group,
        "prob": _number(sample.prob, 4),
        "known": sample.known,
    }


def _repetition(rep: Repetition) -> Json:
    return {
        "exercise": rep.exercise,
        "start_s": _number(rep.start_s, 3),
        "bottom_s": _number(rep.bottom_s, 3),
        "end_s": _number(rep.end_s, 3),
        "counted": rep.counted,
        "reason": rep.reason,
        "form": rep.form,
        "score": _number(rep.score, 1),
        "evidence": [_evidence(item) for item in rep.evidence],
    }


def _evidence(item: Evidence) -> Json:
    return {
        "rule_id": item.rule_id,
        "quantity": item.quantity,
        "value": _number(item.value, 3),
        "unit": item.unit,
        "expected": [_number(bound, 3) for bound in item.expected],
        "time_s": _number(item.time_s, 3),
        "frame_index": item.frame_index,
        "joints": list(item.joints),
        "saliency_share": _number(item.saliency_share, 4),
        "confidence": _number(item.confidence, 3),
    }


def _advice(advice: Advice) -> Json:
    return {
        "time_s": _number(advice.time_s, 3),
        "text": advice.text,
        "source": advice.source,
        "code": advice.code,
        "evidence": [_evidence(item) for item in advice.evidence],
    }


def _number(value: float, digits: int) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None
