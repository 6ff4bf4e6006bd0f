"""A model of pictures and joints the whole way: trained for a few steps, exported, chosen by its card, and recognising
in the program's own offline runner."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Recognition, Window
from fias_desktop.engine.batch import analyse
from fias_desktop.engine.parts import Parts, real_recogniser
from fias_desktop.resources import read_card
from fias_desktop.settings import Settings
from fias_desktop.stages.explain import saliency_of
from fias_desktop.stages.recognise import Recogniser
from trainer.export import export_run
from trainer.recipe import read_recipe
from trainer.run import material_of, run_recipe

RECIPE = Path(__file__).parents[2] / "trainer" / "recipes" / "vpn_small.toml"
SMALLER = {
    "train = 320": "train = 4",
    "validation = 150": "validation = 2",
    "epochs = 11": "epochs = 2",
    "batch = 24": "batch = 6",
    "clip_frames = 8": "clip_frames = 4",
    "clip_pixels = 56": "clip_pixels = 24",
    "visual_width = 16": "visual_width = 8",
}


@pytest.fixture
def folder(tmp_path: Path, fias_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a model that a person trained, among the user's own models."""
    monkeypatch.chdir(tmp_path)  # the cache of rendered clips
    text = RECIPE.read_text(encoding="utf-8")
    for old, new in SMALLER.items():
        assert old in text
        text = text.replace(old, new)
    recipe = tmp_path / "tiny.toml"
    recipe.write_text(text, encoding="utf-8")
    run = run_recipe(recipe, tmp_path / "run")
    return export_run(run, fias_home / "data" / "models", "hands")


class _Listening:
    """A recogniser that also keeps what it was shown and said."""

    def __init__(self, inner: Recogniser) -> None:
        self.spec, self.device = inner.spec, inner.device
        self.probs, self.close = inner.probs, inner.close
        self.said: list[tuple[Window, Recognition]] = []
        self._inner = inner

    def recognise(self, window: Window) -> Recognition:
        recognition = self._inner.recognise(window)
        self.said.append((window, recognition))
        return recognition


def test_it_is_trained_exported_chosen_and_recognises(folder: Path) -> None:
    card = read_card(folder)
    assert card.labels == ("dumbbell", "band", "nothing") and not card.names_exercises
    assert card.figures["held_accuracy"] >= 0
    heard: list[_Listening] = []

    def load(settings: Settings) -> Recogniser:
        heard.append(_Listening(real_recogniser(settings)))
        return heard[-1]

    settings = Settings(model_id="hands", device="cpu")
    demo = "demo:squat?reps=1&fps=10&tempo=2&size=320x240&view=20"
    analysis = analyse(demo, settings=settings, parts=Parts(load_recogniser=load), coach=False)
    assert analysis.models.recogniser == "hands"
    named = [sample for sample in analysis.timeline if sample.window_label]
    assert len(named) > 10
    assert {sample.label for sample in named} <= set(card.labels)
    assert all(sample.group_probs == () for sample in analysis.timeline)
    assert [rep.exercise for rep in analysis.repetitions if rep.counted] == ["squat"]
    assert len(analysis.mean_heat) == 21
    window, recognition = heard[0].said[-1]
    assert window.clip is not None and window.clip.shape == (4, 24, 24, 3)
    assert window.clip.std() > 5  # there is somebody in it
    heat = saliency_of(recognition, "band").values
    assert heat.shape == (16, 21)
    assert heat.max() > 0


def test_a_recipe_for_other_windows_or_of_unknown_data_is_refused() -> None:
    recipe = read_recipe(RECIPE)
    with pytest.raises(FiasError, match="does not fit"):
        material_of(replace(recipe, spec=replace(recipe.spec, clip_frames=0)))
    with pytest.raises(FiasError, match="no data called"):
        material_of(replace(recipe, data=replace(recipe.data, source="dreams")))
