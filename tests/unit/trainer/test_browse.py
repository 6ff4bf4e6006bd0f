"""Pictures of sequences, data-set cards, and the command that makes them."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.skeleton import COCO17_FEET
from trainer.data import browse, card
from trainer.data.catalogue import DATA_SETS, EVALUATION, DataSet, simulated_spells
from trainer.data.command import all_cards, main
from trainer.data.sequence import SkeletonSequence

LEFT_HIP, RIGHT_HIP = COCO17_FEET.indices("left_hip", "right_hip")
needs_data = pytest.mark.skipif(not os.environ.get("FIAS_DATA"), reason="FIAS_DATA names no folder with data sets")


def _spell(**changes: object) -> SkeletonSequence:
    (spell,) = simulated_spells(count=1)
    return replace(spell, name="one", **changes)  # type: ignore[arg-type]


def _inked(path: Path, colour: str) -> NDArray[np.bool_]:
    """Where a picture has (about) that colour, bool (H, W)."""
    image = cv2.imread(str(path))
    assert image is not None
    wanted = np.array([int(colour[i : i + 2], 16) for i in (5, 3, 1)])
    return np.asarray(np.abs(image.astype(int) - wanted).max(axis=-1) < 40)


def test_a_person_who_faces_us_has_the_left_side_at_the_right(tmp_path: Path) -> None:
    standing = simulated_spells(count=1)[0].points[:1]
    still = SkeletonSequence(standing, np.zeros(1, np.int64), 1.0, "test", "still")
    browse.draw([still], tmp_path / "a.png")
    left = np.flatnonzero(_inked(tmp_path / "a.png", browse.COLOURS["left_"]).any(axis=0))
    right = np.flatnonzero(_inked(tmp_path / "a.png", browse.COLOURS["right_"]).any(axis=0))
    assert left.mean() > right.mean() + 5


@pytest.mark.parametrize("turn_deg", [0, 90, 200])
def test_bodies_are_turned_towards_us_and_stand_upright(turn_deg: float) -> None:
    spell = _spell()
    angle = np.radians(turn_deg)
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]], np.float32)
    drawn = browse.flat(replace(spell, points=spell.points @ turn))
    assert np.median(drawn[:, LEFT_HIP, 0] - drawn[:, RIGHT_HIP, 0]) > 0.05
    np.testing.assert_allclose(drawn[..., 1], spell.points[..., 1], atol=1e-5)


@pytest.mark.parametrize(("frame", "expected"), [("camera", [-2, 3]), ("pixels", [2, -3]), ("picture", [2, -3])])
def test_other_coordinates_are_drawn_as_they_were_seen(frame: str, expected: list[float]) -> None:
    points = np.tile(np.array([2, 3, 4], np.float32), (2, 21, 1))
    sequence = SkeletonSequence(points, np.zeros(2, np.int64), 1.0, "test", frame=frame)
    assert browse.flat(sequence)[0, 0].tolist() == expected


def test_the_title_says_what_who_and_from_where() -> None:
    words = browse.title(_spell(movement="squat", correct=False, subject=7, view="back", source="lab"))
    assert words.startswith("lab one, squat (wrong), subject 7, view back, ")
    assert words.endswith("frames at 30 Hz")


def test_a_sheet_has_rows_of_moments_and_survives_missing_joints() -> None:
    spell = _spell()
    score = np.ones(spell.points.shape[:2], np.float32)
    score[::2, 3:9] = 0
    score[5] = 0
    holed = replace(spell, points=np.where(score[..., None] > 0, spell.points, np.nan), score=score)
    assert len(browse.sheet([holed]).axes) == 4 * 8
    assert len(browse.sheet([holed, spell, spell]).axes) == 3 * 8


def test_different_movements_are_chosen(tmp_path: Path) -> None:
    spell = _spell()
    many = [replace(spell.part(slice(4)), name=str(i), movement=f"m{i // 50}") for i in range(200)]
    browse.draw(many, tmp_path / "sheet.png")
    image = cv2.imread(str(tmp_path / "sheet.png"))
    assert image is not None
    assert image.shape[0] == 6 * 210


def test_an_animation_moves(tmp_path: Path) -> None:
    spell = _spell()
    browse.draw([spell.part(slice(60, 90))], tmp_path / "a.gif", index=0)
    assert (tmp_path / "a.gif").read_bytes().startswith(b"GIF89a")
    assert (tmp_path / "a.gif").stat().st_size > 5000


@pytest.mark.parametrize(
    ("name", "index", "words"),
    [
        ("a.png", 1, "There is no sequence 1"),
        ("a.png", -1, "There is no sequence -1"),
        ("a.jpg", 0, "neither a .png nor a .gif"),
        ("no/such/folder/a.png", 0, "cannot be written"),
        ("no/such/folder/a.gif", 0, "cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_said(tmp_path: Path, name: str, index: int, words: str) -> None:
    with pytest.raises(FiasError, match=words):
        browse.draw([_spell()], tmp_path / name, index)


def test_a_card_counts_what_is_there() -> None:
    spells = simulated_spells(count=3)
    stills = [
        SkeletonSequence(
            np.ones((1, 21, 3), np.float32), np.zeros(1, np.int64), 1.0, "x", movement="sit", correct=bool(i % 2)
        )
        for i in range(5)
    ]
    entry = DataSet("x", "Some set", "none", EVALUATION, lambda _: stills, "What | to know.")
    text = card.card(entry, stills)
    assert text.startswith("What | to know.\n\n|")
    for row in (
        "| sequences | 5 |",
        "| form | 2 correct, 3 wrong |",
        "| minutes | stills |",
        "| use | evaluation only |",
    ):
        assert row in text
    overview = card.overview([(entry, stills), (replace(entry, title="Spells | made"), spells)])
    assert overview.splitlines()[2].startswith("| Some set | 5 | 5 | stills | not known | 3D | 1 |")
    frames = sum(len(spell.labels) for spell in spells)
    assert f"| Spells \\| made | 3 | {frames:,} |" in overview


def test_the_command_draws_what_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keypoint = np.random.default_rng(0).uniform(0, 100, (1, 5, 17, 2)).astype(np.float32)
    annotation = {"frame_dir": "a", "label": 0, "keypoint": keypoint, "keypoint_score": np.ones((1, 5, 17), np.float32)}
    (tmp_path / "set.pkl").write_bytes(pickle.dumps({"annotations": [annotation]}))
    assert main(["show", str(tmp_path / "set.pkl"), "--index", "0", "--out", str(tmp_path / "a.png")]) == 0
    assert (tmp_path / "a.png").stat().st_size > 1000
    assert f"the picture is {tmp_path / 'a.png'}" in capsys.readouterr().out
    with pytest.raises(FiasError, match="no data set 'nothing'"):
        main(["show", "nothing"])
    with pytest.raises(FiasError, match="no data set 'nothing'"):
        main(["card", "nothing"])


def test_the_folder_must_be_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for given in ("", str(tmp_path / "none")):
        monkeypatch.setenv("FIAS_DATA", given)
        with pytest.raises(FiasError, match="folder with the data sets is not known"):
            main(["card", "penn"])


@needs_data
def test_the_documentation_says_what_the_data_say() -> None:
    written = (Path(__file__).parents[3] / "docs/data.md").read_text(encoding="utf-8")
    assert all_cards(Path(os.environ["FIAS_DATA"])) in written
    assert len(DATA_SETS) == 8
