"""What the tables of classes, refusals, form and push-ups rest on, on cases whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fias_desktop.domain.athlete import SetPlan, make_performance, random_body
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERROR_LABELS, LABELS
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET, KINECT20
from fias_desktop.domain.types import Float32, Float64, PoseTrack
from fias_desktop.resources import DEFAULT_MODEL, model_dir, read_card
from trainer.data.sequence import CAMERA, SkeletonSequence
from trainer.judge.evaluate import Seen, load_model, look, per_repetition
from trainer.judge.form_angles import NAMES, fit_by_people, fit_logistic, measures
from trainer.judge.form_network import FormRecipe, form_scores, train_form
from trainer.judge.form_windows import RING_DEG, SIDES, FormWindows, Repetitions
from trainer.judge.metrics import auroc
from trainer.judge.push_ups import MEASURES, Clips, fit_on, measure
from trainer.judge.rejection import scores_of
from trainer.judge.views import body_joints, turned_to_camera
from trainer.simulate.dataset import SIMULATED, UIPRMD, WindowSet
from trainer.tables import noise, pushups, uiprmd
from trainer.tables.calibration import write_calibration, write_error_heads
from trainer.tables.classes import write_classes

WINDOWS = 120


@pytest.fixture(scope="module")
def spec() -> ModelSpec:
    return replace(read_card(model_dir(DEFAULT_MODEL)), labels=LABELS, errors=ERROR_LABELS, temperature=1.0)


def _windows(rng: np.random.Generator, spec: ModelSpec) -> WindowSet:
    label = np.arange(WINDOWS) % len(LABELS)
    errors = (rng.random((WINDOWS, len(ERROR_LABELS))) < 0.5) * rng.uniform(0.5, 1, (WINDOWS, len(ERROR_LABELS)))
    return WindowSet(
        joints=np.zeros((WINDOWS, spec.frames, 21, 3), np.float32),
        label=label,
        subject=np.arange(WINDOWS) // 4,
        source=np.where(np.arange(WINDOWS) < 90, SIMULATED, UIPRMD).astype(np.uint8),
        errors=errors.astype(np.float32),
        repetition=np.where(label == 0, -1, np.arange(WINDOWS)),
        azimuth_deg=rng.uniform(-180, 180, WINDOWS).astype(np.float32),
        fault=np.zeros((WINDOWS, spec.frames, 21), np.bool_),
    )


def _answers(windows: WindowSet, right: float, rng: np.random.Generator) -> Seen:
    """Answers that are right for this share of the windows and whose error heads follow the severities."""
    logits = rng.normal(0, 0.1, (WINDOWS, len(LABELS))).astype(np.float32)
    named = np.where(np.arange(WINDOWS) < right * WINDOWS, windows.label, (windows.label + 1) % len(LABELS))
    logits[np.arange(WINDOWS), named] += 5.0
    return Seen(logits, 4 * windows.errors - 1, logits.copy())


def test_class_tables_count_what_was_named(spec: ModelSpec, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    windows = _windows(rng, spec)
    write_classes(spec, windows, _answers(windows, 0.5, rng), "a command", tmp_path)
    rows = (tmp_path / "classes.csv").read_text().splitlines()
    shares = {tuple(row.split(",")[:3]): row.split(",") for row in rows if "all classes" in row and "window" in row}
    found = [float(cells[-4]) for cells in shares.values() if cells[0].strip('"').startswith("simulated")]
    assert any(value == pytest.approx(60 / 90, abs=0.01) for value in found)  # 60 of the 90 simulated ones are right
    assert (tmp_path / "classes.png").is_file() and (tmp_path / "classes_confusion.csv").is_file()


def test_calibration_and_error_heads_are_written(spec: ModelSpec, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    windows = _windows(rng, spec)
    seen = _answers(windows, 1.0, rng)
    write_calibration(spec, windows, seen, "a command", tmp_path)
    write_error_heads(spec, windows, seen, "a command", tmp_path)
    heads = (tmp_path / "error_heads.csv").read_text().splitlines()
    assert len(heads) == 1 + len(ERROR_LABELS)
    assert all(float(row.split(",")[3]) == 1.0 for row in heads[1:])  # every head ranks every severity right
    assert "goal" in (tmp_path / "calibration.md").read_text()


def test_a_repetition_is_named_after_all_its_windows() -> None:
    probs = np.array([[0.6, 0.4], [0.1, 0.9], [0.45, 0.55], [0.9, 0.1]], np.float32)
    named = per_repetition(probs, np.array([1, 1, 0, 0]), np.array([7, 7, -1, 9]))
    assert named.label.tolist() == [1, 0]
    assert named.predicted.tolist() == [1, 0]


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "card.toml").write_text((model_dir(DEFAULT_MODEL) / "card.toml").read_text(encoding="utf-8"))
    with pytest.raises(FiasError, match="weights"):
        load_model(tmp_path)


def test_answers_do_not_depend_on_the_batch() -> None:
    card, network = load_model(model_dir(DEFAULT_MODEL))
    joints = np.random.default_rng(2).normal(0, 1, (5, card.frames, 21, 3)).astype(np.float32)
    whole, parts = look(network, joints), look(network, joints, size=2)
    np.testing.assert_allclose(whole.logits, parts.logits, atol=1e-4)
    assert whole.pooled.shape[0] == 5


def test_naming_an_unknown_movement_idle_is_a_refusal(spec: ModelSpec) -> None:
    rng = np.random.default_rng(3)
    label = np.arange(200) % len(LABELS)
    logits = rng.normal(0, 1, (200, len(LABELS))).astype(np.float32)
    logits[np.arange(200), label] += 6.0
    taught = Seen(logits, None, logits)
    scores = scores_of(spec, taught, label)
    idle = label == 0
    for name in ("1 - P(any exercise), log odds", "1 - P(best exercise)", "Mahalanobis distance"):
        assert auroc(scores[name](taught), idle) > 0.97, name
    present = next(name for name in scores if name.startswith("present"))
    assert auroc(scores[present](taught), idle) < 0.1  # it answers another question


def _kinect(rng: np.random.Generator) -> SkeletonSequence:
    """A simulated person as a depth camera's skeleton, 2 m away and facing it."""
    performance = make_performance([SetPlan("squat")], random_body(rng), 0, heading_deg=40.0)
    joints = performance.joints(np.arange(20) / 10.0)
    points = np.zeros((20, KINECT20.num_joints, 3), np.float32)
    for i, name in enumerate(KINECT20.joints):
        if name in COCO17_FEET.joints:
            points[:, i] = joints[:, COCO17_FEET.index(name)]
    points[:, KINECT20.index("head")] = joints[:, COCO17_FEET.indices("left_ear", "right_ear")].mean(axis=1)
    return SkeletonSequence(points, np.zeros(20, np.int64), 10.0, "test", skeleton=KINECT20.name, frame=CAMERA)


def test_a_depth_cameras_skeleton_gets_a_face_ahead_and_heels_behind() -> None:
    joints = body_joints(_kinect(np.random.default_rng(4)))
    point = {name: joints[:, COCO17_FEET.index(name)].mean(axis=0) for name in COCO17_FEET.joints}
    assert joints.shape == (20, 21, 3) and np.isfinite(joints).all()
    assert point["left_shoulder"][0] > point["right_shoulder"][0]  # facing +z, the left is at +x
    assert point["nose"][2] > point["left_ear"][2]
    assert point["left_heel"][2] < point["left_ankle"][2] < point["left_foot_index"][2]


def test_turning_to_the_camera_undoes_any_heading() -> None:
    body = random_body(np.random.default_rng(5))
    joints = make_performance([SetPlan("lunge")], body, 3).joints(np.arange(15) / 10.0)
    cos, sin = np.cos(2.2), np.sin(2.2)
    elsewhere = joints @ np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]], np.float32)
    np.testing.assert_allclose(turned_to_camera(elsewhere), turned_to_camera(joints), atol=1e-3)


def _squat(error: str | None, severity: float, seed: int) -> Float32:
    """A window of one simulated squat in torso lengths, facing +z."""
    rng = np.random.default_rng(seed)
    plan = SetPlan("squat", error, severity, repetitions=1)
    performance = make_performance([plan], random_body(rng), seed)
    span = performance.spans[0]
    joints = performance.joints(np.linspace(span.start_s, span.end_s, 40))
    return np.asarray((joints - joints[:1, COCO17_FEET.indices("left_hip", "right_hip")].mean(axis=1)[:, None]) / 0.5)


def test_measures_see_knees_that_fall_inward() -> None:
    column = NAMES.index("knees to ankles")
    good = measures(np.stack([_squat(None, 0.0, seed) for seed in range(4)]), 3)[:, column]
    bad = measures(np.stack([_squat("knees_inward", 1.0, seed) for seed in range(4)]), 3)[:, column]
    assert bad.max() < good.min()


def test_logistic_regression_learns_and_chooses_its_penalty_by_people() -> None:
    rng = np.random.default_rng(6)
    values, person = rng.normal(size=(200, 3)), np.arange(200) % 5
    positive = values[:, 0] + 0.3 * rng.normal(size=200) > 0
    for model in (fit_logistic(values, positive, 0.01), fit_by_people(values, positive, person)):
        fresh = rng.normal(size=(200, 3))
        assert auroc(model.score(fresh), fresh[:, 0] > 0) > 0.95


def _form(rng: np.random.Generator) -> tuple[FormWindows, Repetitions]:
    """Twelve repetitions of four people from eight cameras; the wrong ones lean."""
    wrong = np.arange(12) % 2 == 0
    truth = Repetitions(np.ones(12, np.bool_), np.arange(12) % 4, wrong, np.tile(wrong[:, None], 5).astype(np.float32))
    repetition, ring = np.repeat(np.arange(12), len(RING_DEG)), np.tile(np.arange(len(RING_DEG)), 12)
    joints = rng.normal(0, 0.05, (len(ring), 40, 21, 3)).astype(np.float32) + 0.5
    joints[wrong[repetition], :, 5:7, 0] += 1.0
    return FormWindows(joints, repetition, ring, np.full(len(ring), 2)), truth


def test_cameras_on_the_ring_have_their_sides() -> None:
    windows, _ = _form(np.random.default_rng(7))
    assert [SIDES[side] for side in windows.side[:8]] == [
        "front", "oblique, front", "side", "oblique, back", "back", "oblique, back", "side", "oblique, front",
    ]  # fmt: skip


def test_every_window_is_judged_once_and_a_second_call_goes_on(tmp_path: Path) -> None:
    windows, truth = _form(np.random.default_rng(8))
    people = [np.array([0, 1]), np.array([2, 3])]
    recipe = FormRecipe(width=6, epochs=1, batch=48, step=8)
    scored = uiprmd.by_network("a network", windows, truth, people, 2, recipe, tmp_path)
    assert np.isfinite(scored.scores).all() and len(list(tmp_path.glob("scores-*.npy"))) == 2
    # A second call takes what is there instead of training again.
    again = uiprmd.by_network("a network", windows, truth, people, 2, recipe, tmp_path)
    np.testing.assert_array_equal(again.scores, scored.scores)


def test_angles_tell_people_apart_who_did_not_teach() -> None:
    squats = [_squat("knees_inward" if wrong else None, float(wrong), seed) for seed in range(8) for wrong in (0, 1)]
    wrong, person = np.arange(16) % 2 == 1, np.arange(16) // 2
    truth = Repetitions(np.ones(16, np.bool_), person, wrong, np.tile(wrong[:, None], 5).astype(np.float32))
    windows = FormWindows(np.stack(squats), np.arange(16), np.full(16, -1), np.full(16, 2))
    people = [np.array([one, one + 1]) for one in range(0, 8, 2)]
    scored = uiprmd.by_angles("angles", windows, truth, people, 3)
    assert auroc(uiprmd.per_repetition(scored, np.ones(16, np.bool_), 16)[:, 0], wrong) > 0.9


def test_an_error_that_one_person_alone_shows_is_not_taught() -> None:
    truly = np.array([True, True, False, False])
    assert not uiprmd._enough(truly, np.array([1, 1, 2, 3]))
    assert uiprmd._enough(truly, np.array([1, 2, 3, 3]))


def test_a_form_network_gives_one_score_and_the_tags(tmp_path: Path) -> None:
    windows, truth = _form(np.random.default_rng(9))
    recipe = FormRecipe(width=6, epochs=1, batch=48, step=8)
    rows = windows.repetition
    network = train_form(windows.joints, truth.wrong[rows], truth.tags[rows], 2, recipe, tmp_path)
    assert form_scores(network, windows.joints, recipe).shape == (len(rows), 6)


def _push_up(error: str | None, seed: int) -> PoseTrack:
    """A simulated push-up seen exactly from the side, without noise: a picture 500 px to the metre."""
    rng = np.random.default_rng(seed)
    plan = SetPlan("push_up", error, 1.0 if error else 0.0, repetitions=2, variant="full")
    performance = make_performance([plan], random_body(rng), seed)
    times: Float64 = np.arange(performance.spans[0].start_s, performance.spans[-1].end_s, 1 / 30)
    joints = performance.joints(times)
    xy = np.stack([500 * joints[..., 2] + 600, 600 - 500 * joints[..., 1]], axis=-1)
    count = len(times)
    return PoseTrack(COCO17_FEET.name, times, np.arange(count), xy.astype(np.float32), np.ones((count, 21), np.float32))


@pytest.mark.parametrize(("error", "name"), [("hips_sag", "hips below the line"), ("hips_pike", "hips above the line"),
                                             ("too_shallow", "elbow at the bottom")])  # fmt: skip
def test_a_push_ups_error_is_measured(error: str, name: str) -> None:
    column = MEASURES.index(name)
    good = [measure(_push_up(None, seed))[column] for seed in range(4)]
    bad = [measure(_push_up(error, seed))[column] for seed in range(4)]
    assert min(bad) > max(good)


def test_clips_are_judged_by_what_was_learnt_on_simulation() -> None:
    rng = np.random.default_rng(10)
    wrong = np.arange(60) % 2 == 0
    names = tuple(f"clip {i}" for i in range(60))
    network, measured = (rng.normal(size=(60, 5)) + wrong[:, None] for _ in range(2))
    clips = Clips(names, wrong, network, measured, rng.normal(size=60) + wrong)
    judge = fit_on(clips)
    scores = judge.scores(clips)
    assert scores.shape == (60, len(judge.names))
    for name in ("network and measures", "network and rules"):
        assert auroc(scores[:, judge.names.index(name)], wrong) > 0.85
    unseen = replace(clips, measured=np.full((60, 5), np.nan))
    assert np.isfinite(judge.scores(unseen)).all()


@pytest.mark.parametrize("table", [uiprmd.main, pushups.main])
def test_without_the_data_the_tables_say_so(table: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIAS_DATA", raising=False)
    assert callable(table)
    with pytest.raises(FiasError, match="not there"):
        table([])


def test_noise_is_seen_in_windows_and_told_apart(spec: ModelSpec) -> None:
    """Shaking joints show more jitter than still ones by the amount they shake, and hidden ones as not seen."""
    rng = np.random.default_rng(0)
    points, score = np.tile(_push_up(None, 0).xy[:1], (60, 1, 1)), np.full((60, 21), 0.9, np.float32)
    still = PoseTrack(COCO17_FEET.name, np.arange(60) / 15.0, np.arange(60), points, score)
    shaking: Float32 = (points + rng.normal(0, 4.0, points.shape)).astype(np.float32)
    shaken = replace(still, xy=shaking)
    hidden = replace(still, score=np.where(np.arange(21) < 5, 0.0, score).astype(np.float32))
    quiet, loud, lost = (noise.seen_in([track], spec) for track in (still, shaken, hidden))
    assert float(np.nanmax(quiet.jitter)) < 1e-4 < 0.005 < float(np.nanmedian(loud.jitter))
    assert quiet.known.all()
    assert not lost.known[:, :5].any()
    row = noise.seen_row("all", loud, quiet)
    assert float(row[1]) > float(row[2])
    assert row[5] == pytest.approx(float(np.nanmean(loud.jitter)), rel=0.1)
