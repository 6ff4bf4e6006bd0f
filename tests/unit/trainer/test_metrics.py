"""Figures of merit on cases small enough to be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from trainer.judge.metrics import (
    auroc,
    auroc_interval,
    confusion,
    ece,
    f1_per_class,
    fast_auroc,
    rank_correlation,
    reliability,
)


def test_auroc_is_the_share_of_ordered_pairs() -> None:
    # Pairs (positive, negative): 3>1, 3>2, 2>1 right, 2=2 half.
    assert auroc([1.0, 2.0, 2.0, 3.0], [False, False, True, True]) == pytest.approx(3.5 / 4)


def test_auroc_keeps_the_order_of_scores_far_beyond_one() -> None:
    assert auroc([1000.0, 1001.0, 1002.0, 999.0], [False, True, True, False]) == pytest.approx(1.0)


def test_auroc_of_one_kind_alone_is_unknown() -> None:
    assert np.isnan(auroc([0.1, 0.2], [True, True]))


def test_both_ways_to_auroc_agree() -> None:
    rng = np.random.default_rng(0)
    scores, positive = rng.normal(size=300).round(1), rng.random(300) < 0.3
    assert fast_auroc(scores, positive) == pytest.approx(auroc(scores, positive), abs=1e-6)


def test_interval_holds_the_value_and_narrows_with_more_rows() -> None:
    rng = np.random.default_rng(1)
    widths = []
    for rows in (60, 1500):
        positive = np.arange(rows) % 2 == 0
        value, low, high = auroc_interval(rng.normal(size=rows) + positive, positive, draws=200)
        assert low < value < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_interval_over_groups_is_wider_when_rows_repeat_each_other() -> None:
    rng = np.random.default_rng(2)
    positive = np.arange(40) % 2 == 0
    scores = rng.normal(size=40) + positive
    copies, groups = np.repeat(scores, 10), np.repeat(np.arange(40), 10)
    naive = auroc_interval(copies, np.repeat(positive, 10), draws=200)
    honest = auroc_interval(copies, np.repeat(positive, 10), groups=groups, draws=200)
    assert honest[2] - honest[1] > 2 * (naive[2] - naive[1])


def test_interval_is_the_same_for_the_same_seed() -> None:
    scores, positive = np.arange(20.0) % 7, np.arange(20) % 2 == 0
    assert auroc_interval(scores, positive, 3, draws=50) == auroc_interval(scores, positive, 3, draws=50)


def test_ece_is_the_gap_between_confidence_and_accuracy() -> None:
    probs = np.tile([0.8, 0.2], (10, 1))
    assert ece(probs, np.array([0] * 8 + [1] * 2)) == pytest.approx(0.0, abs=1e-6)
    assert ece(probs, np.array([0] * 5 + [1] * 5)) == pytest.approx(0.3, abs=1e-6)


def test_reliability_adds_up_to_the_calibration_error() -> None:
    rng = np.random.default_rng(3)
    probs = rng.dirichlet(np.ones(4) * 0.5, 500)
    label = rng.integers(4, size=500)
    sure, right, count = reliability(probs, label)
    gaps = np.abs(sure - right)[count > 0]
    assert (gaps * count[count > 0]).sum() / 500 == pytest.approx(ece(probs, label), abs=1e-5)


def test_confusion_has_the_truth_in_its_rows() -> None:
    assert confusion([0, 0, 1], [0, 1, 1], 3).tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_f1_of_each_class() -> None:
    found = f1_per_class([0, 0, 0, 1], [0, 0, 1, 1], 3)
    assert found.precision[:2] == pytest.approx([1.0, 0.5])
    assert found.recall[:2] == pytest.approx([2 / 3, 1.0])
    assert found.f1[:2] == pytest.approx([0.8, 2 / 3])
    assert np.isnan(found.f1[2]) and found.support.tolist() == [3, 1, 0]


def test_rank_correlation_sees_order_only() -> None:
    assert rank_correlation([1, 2, 3, 4], [1, 8, 27, 1000]) == pytest.approx(1.0)
    assert np.isnan(rank_correlation([1, 1, 1], [1, 2, 3]))
