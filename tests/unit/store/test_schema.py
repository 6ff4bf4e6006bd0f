from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Evidence
from fias_desktop.store.schema import (
    SCHEMA,
    Analysis,
    ModelFacts,
    Performance,
    VideoFacts,
    json_text,
    to_json,
    write_json,
)
from tests.fakes import advice, repetition, sample

NAN = float("nan")


def analysis(**changes: object) -> Analysis:
    made = Analysis(
        source=VideoFacts("kniebeuge ü.mp4", 29.97, 90, 3.003),
        models=ModelFacts("scripted", "abc", "pose", "CPU", "CPU", "off"),
        timeline=(sample(0.0), sample(0.1)),
        repetitions=(repetition(1), repetition(2, "too_shallow", counted=False)),
        sets=(),
        joints=("left_knee", "right_knee"),
        mean_heat=(0.75, 0.25),
        advice=(advice(),),
        performance=Performance(3.0, 30.0, 1.0, 20.0, 5.0, 1.2, 1.0, True),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_the_fields_are_those_of_schema_1() -> None:
    content = to_json(analysis())
    assert content["schema"] == SCHEMA == 1
    assert set(content) == {
        "schema", "source", "models", "timeline", "repetitions", "saliency", "advice", "performance",
    }  # fmt: skip
    assert set(content["source"]) == {"path", "fps", "frames", "seconds"}  # type: ignore[arg-type]
    assert set(content["timeline"][0]) == {"time_s", "label", "group", "prob", "known"}  # type: ignore
    assert set(content["repetitions"][0]) == {  # type: ignore
        "exercise", "start_s", "bottom_s", "end_s", "counted", "reason", "form", "score", "evidence",
    }  # fmt: skip
    assert set(content["saliency"]) == {"joints", "mean"}  # type: ignore[arg-type]
    assert {"time_s", "text", "source", "evidence"} <= set(content["advice"][0])  # type: ignore


def test_numbers_that_are_not_finite_become_null() -> None:
    evidence = Evidence("rule", "angle", NAN, "deg", (float("-inf"), 90.0), 1.0, 30, ("left_knee",))
    broken = replace(repetition(1), evidence=(evidence,), score=NAN)
    text = json_text([analysis(repetitions=(broken,), mean_heat=(NAN, float("inf")))], as_list=False)
    assert "NaN" not in text
    assert "Infinity" not in text
    content = json.loads(text)
    assert content["repetitions"][0]["evidence"][0]["value"] is None
    assert content["repetitions"][0]["evidence"][0]["expected"] == [None, 90.0]
    assert content["saliency"]["mean"] == [None, None]


def test_one_video_is_an_object_and_several_are_a_list(tmp_path: Path) -> None:
    write_json(tmp_path / "one.json", [analysis()], as_list=False)
    write_json(tmp_path / "two.json", [analysis(), analysis()], as_list=True)
    one = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    two = json.loads((tmp_path / "two.json").read_text(encoding="utf-8"))
    assert one["source"]["path"] == "kniebeuge ü.mp4"
    assert len(two) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.json", "two.json"], "a temporary file is left"


def test_a_folder_that_is_not_there_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    with pytest.raises(FiasError) as caught:
        write_json(tmp_path / "missing" / "out.json", [analysis()], as_list=False)
    assert caught.value.hint


def test_the_documentation_names_every_field() -> None:
    text = (Path(__file__).parents[3] / "docs" / "analysis-json.md").read_text(encoding="utf-8")
    content = to_json(analysis())
    names = set(content)
    for key in ("source", "models", "saliency", "performance"):
        names |= set(content[key])  # type: ignore[arg-type]
    for key in ("timeline", "repetitions", "advice"):
        names |= set(content[key][0])  # type: ignore
    names |= set(content["advice"][0]["evidence"][0])  # type: ignore
    assert {name for name in names if f"`{name}`" not in text} == set()
