"""Stability, temporal IoU and responsiveness on made-up recordings."""

from __future__ import annotations

import math

import numpy as np
import pytest

from trainer.judge.stream_scores import Recording, Stretch, joined, overlap, score

CLASSES = ("squat", "lunge")


def recording(*spells: tuple[str, int], active: tuple[Stretch, ...] = ()) -> Recording:
    """One sample a second: what is said for how many seconds."""
    names = [name for name, count in spells for _ in range(count)]
    return Recording(np.arange(len(names), dtype=np.float64), np.array(names, np.str_), active)


def test_spans_of_one_name_are_joined_over_short_gaps_only() -> None:
    spans = [(0.0, 2.0, "squat"), (2.9, 4.0, "squat"), (5.1, 6.0, "squat"), (6.2, 7.0, "lunge")]
    assert joined(spans) == (Stretch(0.0, 4.0, "squat"), Stretch(5.1, 6.0, "squat"), Stretch(6.2, 7.0, "lunge"))


def test_a_perfect_answer_is_all_ones() -> None:
    said = recording(("idle", 10), ("squat", 11), ("idle", 9), active=(Stretch(10.0, 20.0, "squat"),))
    found = score([said], CLASSES)
    assert (found.miou, found.mean_iou, found.stability, found.response_s) == (1.0, 1.0, 1.0, 0.0)
    assert found.rest_named == 0.0 and found.missed == 0.0 and found.classes[0].stretches == 1


def test_late_and_lingering_names_cost_overlap_and_time() -> None:
    said = recording(("idle", 12), ("squat", 13), ("idle", 5), active=(Stretch(10.0, 19.0, "squat"),))
    found = score([said], CLASSES)
    assert found.stability == pytest.approx(8 / 10)
    assert found.miou == pytest.approx(8 / 15)
    assert found.response_s == pytest.approx(2.0)
    assert found.rest_named == pytest.approx(5 / 20)


def test_pooled_and_mean_over_recordings_differ() -> None:
    long = recording(("squat", 100), active=(Stretch(0.0, 99.0, "squat"),))
    short = recording(("idle", 10), active=(Stretch(0.0, 9.0, "squat"),))
    found = score([long, short], CLASSES)
    assert found.miou == pytest.approx(100 / 110) and found.stability == pytest.approx(100 / 110)
    assert found.mean_iou == pytest.approx(0.5) and found.mean_stability == pytest.approx(0.5)
    assert found.miou_interval[0] < found.miou <= found.miou_interval[1]


def test_a_name_in_a_recording_without_the_class_costs_its_overlap() -> None:
    right = recording(("squat", 10), active=(Stretch(0.0, 9.0, "squat"),))
    assert score([right, recording(("squat", 10))], CLASSES).miou == pytest.approx(0.5)


def test_stretches_that_are_never_named_wait_for_ever() -> None:
    named = recording(("squat", 10), active=(Stretch(0.0, 9.0, "squat"),))
    never = recording(("idle", 10), active=(Stretch(0.0, 9.0, "squat"),))
    found = score([named, named, never], CLASSES)
    assert found.response_s == 0.0 and found.missed == pytest.approx(1 / 3)
    assert math.isnan(score([never], CLASSES).response_s)


def test_a_class_that_never_occurs_has_no_figures_and_does_not_count() -> None:
    said = recording(("squat", 10), active=(Stretch(0.0, 9.0, "squat"),))
    found = score([said], CLASSES)
    assert found.miou == 1.0
    assert math.isnan(found.classes[1].iou) and math.isnan(found.classes[1].stability)


def test_overlap_counts_samples() -> None:
    assert overlap(recording(("squat", 4), ("idle", 6), active=(Stretch(2.0, 5.0, "squat"),)), "squat") == (2, 6)
