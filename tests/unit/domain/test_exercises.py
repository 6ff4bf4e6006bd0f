from __future__ import annotations

import numpy as np
import pytest

from fias_desktop.domain.exercises import CLASS_OF_ERROR, ERRORS, LABELS, form_of, group_of, group_probs


def test_every_class_has_a_group_and_a_form() -> None:
    assert [group_of(label) for label in LABELS].count("lunge") == 3
    assert form_of("squat_correct") == "correct"
    assert form_of("idle") == "unknown"
    assert form_of("push_up_arched_back") == "hips_sag"


def test_every_mapped_error_is_an_error_of_its_exercise_and_its_class_exists() -> None:
    for (exercise, error), label in CLASS_OF_ERROR.items():
        assert error in ERRORS[exercise]
        assert label in LABELS
        assert group_of(label) == exercise


def test_unknown_label_is_refused() -> None:
    with pytest.raises(ValueError, match="dance"):
        group_of("dance")


def test_group_probabilities_are_sums() -> None:
    probs = np.full(10, 0.1, np.float32)
    assert group_probs(LABELS, probs) == pytest.approx((0.1, 0.3, 0.3, 0.3))
