"""Who teaches and who judges: no person, camera, video or copied sequence on both sides."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fias_desktop.domain.errors import FiasError
from trainer.data import nucla, penn, splits, uiprmd
from trainer.data.sequence import SkeletonSequence

needs_data = pytest.mark.skipif(not os.environ.get("FIAS_DATA"), reason="FIAS_DATA names no folder with data sets")


def _sequence(number: int, subject: int = 1, view: str = "1", split: str = "train") -> SkeletonSequence:
    points = np.full((2, 21, 3), float(number), np.float32)
    return SkeletonSequence(
        points,
        np.zeros(2, np.int64),
        10.0,
        "test",
        f"n{number}",
        "some.npz",
        subject=subject,
        view=view,
        video=f"v{number}",
        split=split,
    )


def _set() -> list[SkeletonSequence]:
    """Three people seen by two cameras."""
    people = [(1, "1"), (1, "2"), (2, "1"), (2, "2"), (3, "1"), (3, "2")]
    return [
        _sequence(number, subject, view, "test" if view == "2" else "train")
        for number, (subject, view) in enumerate(people)
    ]


def test_people_are_divided() -> None:
    split = splits.by_subject(_set(), {2})
    assert {sequence.subject for sequence in split.test} == {2}
    assert {sequence.subject for sequence in split.train} == {1, 3}
    assert len(split.test) + len(split.train) == 6


def test_everybody_judges_once() -> None:
    folds = splits.leave_one_out(_set())
    assert [{sequence.subject for sequence in fold.test} for fold in folds] == [{1}, {2}, {3}]
    judged = [sequence.name for fold in folds for sequence in fold.test]
    assert sorted(judged) == [f"n{number}" for number in range(6)]


def test_cameras_videos_and_the_official_flag_divide_too() -> None:
    assert {sequence.view for sequence in splits.by_view(_set(), {"2"}).train} == {"1"}
    assert [sequence.name for sequence in splits.by_video(_set(), {"v3"}).test] == ["n3"]
    assert [sequence.name for sequence in splits.official(_set()).test] == ["n1", "n3", "n5"]


@pytest.mark.parametrize("test", [{9}, {1, 9}])
def test_a_person_who_does_not_exist_cannot_judge(test: set[int]) -> None:
    with pytest.raises(FiasError, match="No sequence has the subject 9"):
        splits.by_subject(_set(), test)


def test_nobody_is_left_to_teach() -> None:
    with pytest.raises(FiasError, match="side of the split by subject is empty"):
        splits.by_subject(_set(), {1, 2, 3})


def test_what_is_not_known_cannot_be_split_by() -> None:
    unknown = replace(_sequence(7), subject=-1)
    with pytest.raises(FiasError, match=r"some\.npz, sequence n7: its subject is not known"):
        splits.by_subject([*_set(), unknown], {2})
    with pytest.raises(FiasError, match="n7: it belongs neither"):
        splits.official([*_set(), replace(_sequence(7), split="")])


def test_a_person_on_both_sides_is_found() -> None:
    with pytest.raises(FiasError, match=r"some\.npz, sequence n9: its subject stands on two sides"):
        splits.prove_disjoint("subject", [_sequence(8, 1)], [_sequence(9, 1)])


def test_the_same_points_under_another_name_are_found() -> None:
    copy = replace(_sequence(1, subject=5), name="another", video="another")
    with pytest.raises(FiasError, match="sequence another: its content stands on two sides"):
        splits.by_subject([*_set(), copy], {5})
    with pytest.raises(FiasError, match="its name stands on two sides"):
        splits.prove_disjoint("subject", [_sequence(1, 1)], [replace(_sequence(1, 2))])


def test_known_copies_are_allowed_only_when_said() -> None:
    copied = [replace(_sequence(0, view="1"), name="a", split="train"), replace(_sequence(0, view="2"), split="test")]
    with pytest.raises(FiasError, match="content"):
        splits.official(copied)
    assert splits.official(copied, copies=True).copies
    assert len(splits.by_view(copied, {"2"}, copies=True).test) == 1


@needs_data
def test_official_protocols_have_their_published_sizes() -> None:
    folder = Path(os.environ["FIAS_DATA"])
    action = splits.official(penn.read(folder))
    assert (len(action.train), len(action.test)) == (1258, 1068)
    view = splits.by_view(nucla.read(folder), {"3"}, copies=True)
    assert (len(view.train), len(view.test)) == (1020, 464)
    honest = splits.by_view(nucla.read(folder, copies=False), {"3"})
    assert (len(honest.train), len(honest.test)) == (1020, 369)
    assert len(splits.leave_one_out(uiprmd.read(folder, (1, 3)))) == 8
