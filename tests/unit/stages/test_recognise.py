from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERROR_LABELS, GROUPS, LABELS
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.types import Float32, UInt8, Window
from fias_desktop.models.model_files import ONNX, WEIGHTS
from fias_desktop.models.registry import build, load_network
from fias_desktop.resources import DEFAULT_MODEL, model_dir, read_card
from fias_desktop.stages.recognise import (
    NetworkRecogniser,
    OnnxRunner,
    RawAnswer,
    TorchRunner,
    load_recogniser,
    rejection_scores,
    sigmoid,
    softmax,
)
from trainer.export import write_model

SPEC = ModelSpec(
    id="tiny",
    title="Tiny",
    network="stgcnpp",
    labels=LABELS,
    groups=GROUPS,
    skeleton="coco17feet",
    frames=40,
    rate_hz=15.0,
    channels=3,
    normalisation="torso",
    rejection_threshold=1.5,
    temperature=1.7,
    licence="Apache-2.0",
    training_data=(),
    limits="none",
    params={"width": 12},
)


def _arrays() -> dict[str, Float32]:
    """The arrays of a tiny network that is not the same for every class."""
    torch.manual_seed(1)
    network = build(SPEC)
    arrays = {name: values.numpy() for name, values in network.state_dict().items()}
    arrays["head.weight"] = np.random.default_rng(1).normal(size=(10, 48)).astype(np.float32)
    return arrays


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder with weights, ONNX graph and card."""
    return write_model(tmp_path_factory.mktemp("models") / "tiny", SPEC, _arrays())


def _window(seed: int, known: bool = True) -> Window:
    rng = np.random.default_rng(seed)
    joints = rng.normal(size=(40, 21, 3)).astype(np.float32) * (1.0 if known else 0.0)
    return Window(joints, np.full((40, 21), known), np.arange(40) / 15.0, np.arange(40))


def test_onnx_and_torch_give_the_same_answer(folder: Path) -> None:
    spec = read_card(folder)
    joints = np.stack([_window(seed).joints for seed in range(5)])
    actual = OnnxRunner(folder, spec)(joints)
    expected = TorchRunner(load_network(folder, spec), "cpu")(joints)
    assert np.abs(actual.logits - expected.logits).max() < 1e-4
    assert np.abs(actual.features - expected.features).max() < 1e-4 * np.abs(expected.features).max()
    assert actual.errors is None
    assert expected.errors is None


def test_a_recognition_holds_what_the_explanation_needs(folder: Path) -> None:
    recogniser = load_recogniser(folder, read_card(folder), "cpu")
    window = _window(0)
    recognition = recogniser.recognise(window)
    features = recognition.features[-1].values
    assert features.shape == (48, 10, 21)
    assert recognition.frames == 40
    assert recognition.prediction.span_s == pytest.approx((0.0, 39 / 15))
    logits = recognition.head_weight @ features.mean(axis=(1, 2))
    assert np.allclose(softmax(logits[None], SPEC.temperature)[0], recognition.prediction.probs, atol=1e-4)
    assert np.allclose(recogniser.probs([_window(5), window])[1], recognition.prediction.probs, atol=1e-5)
    assert recogniser.device == "CPU (chosen in the settings)"


@pytest.fixture(scope="module")
def fused_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder of two streams with error heads."""
    spec = replace(SPEC, id="fused", streams=("joint", "bone_motion"), errors=ERROR_LABELS)
    torch.manual_seed(2)
    arrays = {name: values.numpy() for name, values in build(spec).state_dict().items()}
    rng = np.random.default_rng(2)
    for name in arrays:
        if name.endswith("head.weight"):
            arrays[name] = rng.normal(size=arrays[name].shape).astype(np.float32)
    return write_model(tmp_path_factory.mktemp("models") / "fused", spec, arrays)


def test_several_streams_and_error_heads_come_through_onnx_as_through_torch(fused_folder: Path) -> None:
    spec = read_card(fused_folder)
    joints = np.stack([_window(seed).joints for seed in range(3)])
    joints[0, :20, 15:] = 0.0
    actual = OnnxRunner(fused_folder, spec)(joints)
    expected = TorchRunner(load_network(fused_folder, spec), "cpu")(joints)
    assert actual.features.shape == (3, 2 * 48, 10, 21)
    assert np.abs(actual.features - expected.features).max() < 1e-4 * np.abs(expected.features).max()
    assert np.abs(actual.logits - expected.logits).max() < 1e-4
    assert actual.errors is not None
    assert expected.errors is not None
    assert np.abs(actual.errors - expected.errors).max() < 1e-4
    assert actual.errors.shape == (3, len(ERROR_LABELS))


def test_a_fused_recognition_says_errors_and_explains_itself(fused_folder: Path) -> None:
    recognition = load_recogniser(fused_folder, read_card(fused_folder), "cpu").recognise(_window(0))
    prediction = recognition.prediction
    assert prediction.error_labels == ERROR_LABELS
    assert prediction.error_probs is not None
    assert ((prediction.error_probs > 0) & (prediction.error_probs < 1)).all()
    assert [one.name for one in recognition.features] == ["joint", "bone_motion"]
    pooled = np.concatenate([one.values.mean(axis=(1, 2)) for one in recognition.features])
    logits = recognition.head_weight @ pooled  # the biases of the heads are 0
    assert np.allclose(softmax(logits[None], SPEC.temperature)[0], prediction.probs, atol=1e-4)


def test_a_card_with_errors_and_a_graph_without_are_told_apart(folder: Path) -> None:
    with pytest.raises(FiasError, match="errors"):
        OnnxRunner(folder, replace(read_card(folder), errors=ERROR_LABELS))


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        ({"frames": 20}, r"joints of \(40, 21, 3\), not \(20, 21, 3\)"),
        ({"skeleton": "coco17"}, r"joints of \(40, 21, 3\), not \(40, 17, 3\)"),
        ({"channels": 2}, r"joints of \(40, 21, 3\), not \(40, 21, 2\)"),
        ({"labels": LABELS[:9]}, r"logits of \(10,\), not \(9,\)"),
        ({"errors": ERROR_LABELS[:5]}, r"errors of \(12,\), not \(5,\)"),
    ],
)
def test_a_card_that_lies_about_a_size_is_refused_and_told_which(lie: dict[str, Any], words: str) -> None:
    folder = model_dir(DEFAULT_MODEL)
    with pytest.raises(FiasError, match=words) as caught:
        load_recogniser(folder, replace(read_card(folder), **lie), "cpu")
    assert caught.value.hint


def test_a_sigmoid_of_extreme_logits_is_finite() -> None:
    probs = sigmoid(np.array([-1e4, 0.0, np.log(3.0), 1e4], np.float32))
    assert probs == pytest.approx([0.0, 0.5, 0.75, 1.0])


def test_an_unsure_exercise_is_unknown_by_the_cards_threshold(folder: Path) -> None:
    strict = load_recogniser(folder, replace(read_card(folder), rejection_threshold=-1.0), "cpu")
    lenient = load_recogniser(folder, replace(read_card(folder), rejection_threshold=1.0), "cpu")
    assert not strict.recognise(_window(0)).prediction.known
    assert lenient.recognise(_window(0)).prediction.known
    assert 0.0 <= lenient.recognise(_window(0)).prediction.rejection_score < 1.0


def test_the_rejection_score_asks_for_the_exercise_not_for_its_form() -> None:
    labels = ("idle", "squat_correct", "squat_knees_inward", "lunge_correct")
    squat_of_uncertain_form = [0.0, 0.5, 0.5, 0.0]
    squat_or_lunge = [0.0, 0.55, 0.0, 0.45]
    idle = [0.6, 0.4, 0.0, 0.0]
    scores = rejection_scores(labels, np.array([squat_of_uncertain_form, squat_or_lunge, idle], np.float32))
    assert scores == pytest.approx([0.0, 0.45, 0.0], abs=1e-6)


def test_temperature_flattens_and_extreme_logits_stay_finite() -> None:
    logits = np.array([[1000.0, 0.0, -1000.0], [1.0, 0.0, 0.0]], np.float32)
    assert np.isfinite(softmax(logits)).all()
    assert softmax(logits, 4.0)[1, 0] < softmax(logits)[1, 0]
    assert softmax(logits, 4.0).sum(axis=1) == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("name", [ONNX, WEIGHTS])
@pytest.mark.parametrize("content", [b"", b"garbage"])
def test_damaged_files_are_refused(folder: Path, tmp_path: Path, name: str, content: bytes) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FiasError, match=name) as caught:
        load_recogniser(tmp_path, read_card(tmp_path), "cpu")
    assert caught.value.hint


def test_without_an_onnx_file_torch_answers(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        if path.name != ONNX:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    expected = load_recogniser(folder, read_card(folder), "cpu").recognise(_window(3)).prediction.probs
    actual = load_recogniser(tmp_path, read_card(tmp_path), "cpu").recognise(_window(3)).prediction.probs
    assert np.allclose(actual, expected, atol=1e-4)


def test_a_window_of_another_length_is_refused(folder: Path) -> None:
    window = _window(0)
    short = Window(window.joints[:20], window.mask[:20], window.time_s[:20], window.frame_index[:20])
    with pytest.raises(ValueError, match=r"\(20, 21, 3\) do not fit"):
        load_recogniser(folder, read_card(folder), "cpu").recognise(short)


class _SmallDevice:
    """A device whose memory is always full."""

    def __call__(self, joints: Float32, clip: UInt8 | None = None) -> RawAnswer:
        raise MemoryError("full")

    def logits(self, joints: Float32, clip: UInt8 | None = None) -> Float32:
        raise MemoryError("full")


def test_out_of_memory_moves_to_the_cpu_and_says_so(folder: Path) -> None:
    spec, head = read_card(folder), _arrays()["head.weight"]
    recogniser = NetworkRecogniser(spec, "CUDA: Tiny GPU", _SmallDevice(), head, folder)
    expected = load_recogniser(folder, spec, "cpu").probs([_window(1)])
    assert np.allclose(recogniser.probs([_window(1)]), expected, atol=1e-4)
    assert recogniser.device == "CPU (CUDA: Tiny GPU ran out of memory)"


def test_out_of_memory_on_the_cpu_is_an_error_a_person_can_read(folder: Path) -> None:
    spec, head = read_card(folder), _arrays()["head.weight"]
    recogniser = NetworkRecogniser(spec, "CPU", _SmallDevice(), head, folder)
    with pytest.raises(FiasError, match="out of memory"):
        recogniser.probs([_window(1)])
