"""Tables of results: files, intervals, the two-sided simulation, and what is said about it."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import IDLE, LABELS
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Bool, Float32
from fias_desktop.models.streams import STREAMS
from trainer.learn.augment import NOTHING
from trainer.recipe import Recipe, read_recipe
from trainer.tables import ablation, command, crossview, crossview_report, sim_command
from trainer.tables.lifting import lift, lifting_error, train_lifter
from trainer.tables.report import Report, rounded, save_plot, seed_interval, share_interval, write
from trainer.tables.scores import athlete_interval, difference, fused, repetition_hits, score
from trainer.tables.sim_common import BACK, FRONT, SIDES, Draw, ViewSet, make_views
from trainer.tables.sim_runs import (
    BOTH,
    EXACT,
    LIFTED,
    SEEN,
    VIEWS,
    Amount,
    examples_of,
    read_answers,
    seen_from,
    train_all,
)


def _report(rows: tuple[tuple[str | float | int | None, ...], ...]) -> Report:
    return Report(
        "numbers", "Some | numbers", "python -m trainer tables numbers", ("A note.",), ("what", "share"), rows
    )


def test_report_markdown_and_csv_say_the_same(tmp_path: Path) -> None:
    write(_report((("a|b", 0.123456789), ("none", None), ("many", 1234.5678), ("nan", math.nan))), tmp_path)
    text = (tmp_path / "numbers.md").read_text(encoding="utf-8")
    assert "| a\\|b | 0.123 |" in text and "| many | 1235 |" in text and "| none |  |" in text
    assert "python -m trainer tables numbers" in text and "- A note." in text and "png" not in text
    with (tmp_path / "numbers.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["what", "share"], ["a|b", "0.123457"], ["none", ""], ["many", "1234.57"], ["nan", ""],
        ]  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == ["numbers.csv", "numbers.md"]


def test_report_shows_its_plot_and_refuses_ragged_rows(tmp_path: Path) -> None:
    figure = Figure(layout="constrained")
    figure.add_subplot().plot([0, 1])
    save_plot(figure, "numbers", tmp_path)
    write(_report((("a", 1),)), tmp_path)
    assert (tmp_path / "numbers.png").read_bytes()[:4] == b"\x89PNG"
    assert "(numbers.png)" in (tmp_path / "numbers.md").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="1 cells under 2"):
        _report((("a",),))


@pytest.mark.parametrize(("cell", "text"), [(0.5, "0.500"), (97.25, "97.2"), (3, "3"), (None, ""), ("x", "x")])
def test_rounded(cell: str | float | int | None, text: str) -> None:
    assert rounded(cell) == text


def test_wilson_interval_of_published_examples() -> None:
    # R. Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81/263 and 0/20.
    assert share_interval(81, 263) == pytest.approx((81 / 263, 0.2553, 0.3662), abs=5e-5)
    assert share_interval(0, 20) == pytest.approx((0.0, 0.0, 0.1611), abs=5e-5)
    value, low, high = share_interval(0, 0)
    assert math.isnan(value) and (low, high) == (0.0, 1.0)


def test_seed_interval_is_students() -> None:
    # t of 2 degrees of freedom at 97.5 % is 4.3027.
    assert seed_interval([1.0, 2.0, 3.0]) == pytest.approx(
        (2.0, 2 - 4.3027 / math.sqrt(3), 2 + 4.3027 / math.sqrt(3)), abs=1e-4
    )
    mean, low, _ = seed_interval([0.5])
    assert mean == 0.5 and math.isnan(low)


def test_command_names_the_tables_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FiasError) as error:
        command.main(["crossviews"])
    assert "crossviews" in error.value.user_message and "crossview," in error.value.hint
    assert command.main([]) == 0
    assert all(name in capsys.readouterr().out for name in ("uiprmd",))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("views")


@pytest.fixture(scope="module")
def views(cache: Path) -> dict[str, ViewSet]:
    return make_views(Draw(60, "test", per_repetition=2), cache, workers=1)


def test_both_sides_show_the_same_moments(views: dict[str, ViewSet]) -> None:
    front, back = views[FRONT], views[BACK]
    for name in ("label", "errors", "repetition", "performance"):
        np.testing.assert_array_equal(getattr(front, name), getattr(back, name))
    assert len(front) == 60 and set(np.unique(front.label)) > {LABELS.index(IDLE)}
    assert ((front.repetition < 0) == (front.label == LABELS.index(IDLE))).mean() > 0.9


def test_the_sides_are_sides(views: dict[str, ViewSet]) -> None:
    """Upright people show their left to the right of the picture from the front, to the left from behind."""
    hips = COCO17_FEET.indices("left_hip", "right_hip")
    signs = {side: np.median(v.exact[:, -1, hips[0], 0] - v.exact[:, -1, hips[1], 0]) for side, v in views.items()}
    assert signs[FRONT] > 0.1 and signs[BACK] < -0.1


def test_exact_and_seen_windows_agree_up_to_the_estimator(views: dict[str, ViewSet]) -> None:
    for view in views.values():
        known = view.seen[..., 2] > 0.5
        far = np.abs(view.seen[..., :2] - view.exact[..., :2]).max(axis=-1)[known]
        assert np.median(far) < 0.15
        assert np.isfinite(view.exact).all() and np.abs(view.exact[..., 2]).max() > 0.3


def test_views_come_from_the_cache(cache: Path, views: dict[str, ViewSet]) -> None:
    path = next(cache.glob("views-test-*"))
    made = path.stat().st_mtime_ns
    again = make_views(Draw(60, "test", per_repetition=2), cache, workers=1)
    assert path.stat().st_mtime_ns == made
    np.testing.assert_array_equal(again[BACK].seen, views[BACK].seen)


def test_splits_share_no_movement(views: dict[str, ViewSet], cache: Path) -> None:
    other = make_views(Draw(60, "train", per_repetition=2), cache, workers=1)
    assert not (other[FRONT].exact[:, None, -1] == views[FRONT].exact[None, :20, -1]).all(axis=(-1, -2)).any()


def test_training_from_both_sides_is_as_large_and_half_each(views: dict[str, ViewSet]) -> None:
    both = seen_from(views, BOTH)
    assert len(both) == len(views[FRONT])
    assert set(np.unique(both.performance)) == set(np.unique(views[FRONT].performance))
    even = both.performance % 2 == 0
    np.testing.assert_array_equal(both.seen[even], views[FRONT].of(views[FRONT].performance % 2 == 0).seen)


def test_lifting_beats_flat_people(views: dict[str, ViewSet]) -> None:
    lifter = train_lifter(views[FRONT], epochs=30)
    error, flat = lifting_error(lifter, views[FRONT])
    assert error < 0.8 * flat
    lifted = lift(lifter, views[FRONT].seen)
    np.testing.assert_array_equal(lifted[..., :2], views[FRONT].seen[..., :2] * (lifted != 0).any(-1, keepdims=True))
    assert not lifted[~views[FRONT].seen.any(axis=-1)].any()
    thinned = examples_of(views[FRONT], LIFTED, lifter, 20).joints.numpy()
    np.testing.assert_array_equal(thinned[:, -1], lifted[:, -1])
    np.testing.assert_array_equal(thinned[:, 0], lifted[:, 1])
    assert examples_of(views[FRONT], EXACT, lifter, 40).joints.shape[1:] == (40, 21, 3)


def _answers(view: ViewSet, right: Bool) -> Float32:
    named = np.where(right, view.label, (view.label + 1) % len(LABELS))
    return np.asarray(5 * np.eye(len(LABELS))[named], np.float32)


def test_scores_by_side_and_by_repetition(views: dict[str, ViewSet]) -> None:
    everything = np.ones(len(views[FRONT]), np.bool_)
    logits = {FRONT: _answers(views[FRONT], everything), BACK: _answers(views[BACK], ~everything)}
    assert score([logits], views, (FRONT,)).accuracy == 1.0
    assert score([logits], views, (BACK,)).accuracy == 0.0
    both = score([logits], views, SIDES)
    assert (both.accuracy, both.low, both.high, both.repetition) == (0.5, 0.5, 0.5, 0.5)
    assert both.windows == 2 * len(everything)
    assert difference([logits], [dict.fromkeys(SIDES, logits[FRONT])], views)[0] == -0.5


def test_a_surer_window_decides_its_repetition() -> None:
    nothing, one = np.zeros((2, 1), np.float32), np.full(2, 7, np.int64)
    view = ViewSet(nothing, nothing, np.full(2, 3, np.int64), nothing, one, one)
    logits = np.zeros((2, len(LABELS)), np.float32)
    logits[0, 3], logits[1, 4] = 6.0, 2.0
    assert repetition_hits(logits, view, np.zeros(2, np.int64)).tolist() == [True]
    assert repetition_hits(logits[:, ::-1].copy(), view, np.zeros(2, np.int64)).tolist() == [False]


def test_interval_counts_athletes_not_windows() -> None:
    hits = np.repeat(np.array([1.0, 0.0] * 10), 50)
    alike, apart = np.repeat(np.arange(20), 50), np.arange(1000)
    wide, narrow = athlete_interval(hits, alike), athlete_interval(hits, apart)
    assert wide[1] - wide[0] > 3 * (narrow[1] - narrow[0])


def test_fusing_lets_streams_correct_each_other() -> None:
    sure, unsure = np.array([[4.0, 0.0]], np.float32), np.array([[0.0, 1.0]], np.float32)
    together = fused([dict.fromkeys(SIDES, sure), dict.fromkeys(SIDES, unsure)])
    assert together[FRONT].argmax() == 0


def _tiny(recipe: Path = sim_command.REDUCED) -> Recipe:
    read = read_recipe(recipe)
    return replace(
        read,
        spec=replace(read.spec, params={"width": 8, "units": 3}),
        optimisation=replace(read.optimisation, epochs=1, batch=16),
    )


def test_the_reduced_recipe_is_smaller_and_of_the_same_kind() -> None:
    reduced, full = read_recipe(sim_command.REDUCED), read_recipe(sim_command.RECIPES / "crossview.toml")
    assert reduced.spec.params["width"] < full.spec.params["width"]
    assert reduced.spec.span_s == pytest.approx(full.spec.span_s, abs=0.3)
    assert reduced.data.train < full.data.train and reduced.optimisation.epochs < full.optimisation.epochs
    for name in ("group_weight", "error_weight", "smoothing", "minutes"):
        assert getattr(reduced.optimisation, name) == getattr(full.optimisation, name)
    assert all(
        getattr(reduced.augmentation, name) for name in vars(NOTHING)
    )  # so that the ablation leaves something out


def test_every_modality_is_trained_from_every_view_once() -> None:
    recipe, amount = _tiny(), Amount(30)
    jobs = crossview.jobs_of(recipe, amount, 0, [sim_command.Line(s, k) for s in (SEEN, LIFTED) for k in STREAMS])
    assert len({(job.source, job.recipe.spec.streams, job.view) for job in jobs}) == len(jobs) == 24
    assert {job.recipe.spec.coordinates for job in jobs if job.source == LIFTED} == {3}
    assert len({job.folder(Path("runs")) for job in jobs}) == 24


def test_ablation_leaves_out_one_thing_at_a_time() -> None:
    recipe = _tiny()
    assert ablation.without(recipe, "no augmentation").augmentation == NOTHING
    assert ablation.without(recipe, ablation.NO_CATEGORICAL).optimisation.group_weight == 0
    assert ablation.without(recipe, "no multi-label head").spec.errors == ()
    mirrorless = ablation.without(recipe, "no mirror")
    assert mirrorless == replace(recipe, augmentation=replace(recipe.augmentation, mirror_share=0.0))
    together = {name for kind in ablation.KINDS.values() for name in kind}
    assert together | {"vertical_rad"} == set(vars(NOTHING))
    with pytest.raises(ValueError, match="no such thing"):
        ablation.without(recipe, "no such thing")


def test_ablation_shares_its_full_rows_with_the_cross_view_table() -> None:
    recipe, amount = _tiny(), Amount(30)
    full = ablation.job_for(ablation.Row(ablation.EVERYTHING, "bone"), recipe, amount, 0)
    assert full == sim_command.job_of(recipe, amount, 0, sim_command.Line(SEEN, "bone"), BOTH)
    folders = {ablation.job_for(row, recipe, amount, 0).folder(Path("runs")) for row in ablation.rows()}
    assert len(folders) == len(ablation.rows()) == 20


def test_a_training_is_done_once_and_reported(cache: Path, tmp_path: Path) -> None:
    amount = Amount(60, 60, 60)
    jobs = [sim_command.job_of(_tiny(), amount, 0, sim_command.Line(SEEN, "joint"), BOTH)]
    assert [job.name for job in train_all(jobs, tmp_path / "runs", cache, 1, math.inf)] == [jobs[0].name]
    assert not list(train_all(jobs, tmp_path / "runs", cache, 1, math.inf))
    answers = read_answers(jobs[0], tmp_path / "runs")
    assert answers is not None and answers[FRONT].shape == (60, len(LABELS))
    tests = make_views(Draw(60, "test", per_repetition=2), cache, workers=1)
    scores = crossview.scores_of(jobs, tests, tmp_path / "runs")
    assert {key[2:] for key in scores} == {(BOTH, test) for test in VIEWS}
    crossview_report.write_tables(scores, {}, "python -m trainer tables crossview", ("A note.",), tmp_path)
    text = (tmp_path / "crossview.md").read_text(encoding="utf-8")
    assert "not reached" in text and "shipped" not in text and "paper, 2D" in text and "A note." in text
    assert (tmp_path / "crossview_detail.csv").is_file() and (tmp_path / "crossview_bars.png").is_file()


def test_both_tables_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time for hardly any training: a table is written with what there is, and with all that is said about it."""
    text = sim_command.REDUCED.read_text(encoding="utf-8")
    for old, new in (("width = 160", "width = 8"), ("train = 24000", "train = 60"), ("epochs = 14", "epochs = 1")):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "tiny.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    size = ["--recipe", "tiny.toml", "--test", "60", "--lifter", "60", "--workers", "1", "--minutes", "0.001"]
    for table in ("crossview", "ablation"):
        assert command.main([table, *size, "--out", "out", "--streams", "joint"]) == 0
    said = (tmp_path / "out" / "crossview.md").read_text(encoding="utf-8")
    assert "shipped model" in said and "depth error" in said and "--recipe tiny.toml" in said
    with (tmp_path / "out" / "ablation.csv").open(encoding="utf-8", newline="") as file:
        first, *others = [row[:2] for row in csv.reader(file)][1:]
    assert first == ["everything", "joint"]
    assert {stream for _, stream in others} <= {"joint"}


def test_no_training_is_begun_when_time_is_up(cache: Path, tmp_path: Path) -> None:
    jobs = [sim_command.job_of(_tiny(), Amount(60, 60, 60), 0, sim_command.Line(SEEN, "joint"), FRONT)]
    assert not list(train_all(jobs, tmp_path, cache, 1, -1.0))


def test_papers_figures_are_complete() -> None:
    assert len(crossview_report.PAIRS) == 9 and all(len(row) == 9 for row in crossview_report.PAPER.values())
    assert crossview_report.PAPER["2D", "bone_motion"][crossview_report.PAIRS.index((FRONT, BACK))] == 23.75
    assert len(crossview_report.PAPER) == 2 * len(STREAMS)
