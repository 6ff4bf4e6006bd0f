"""Maps that cost extra are made where a window is explained, and not for a batch that is only named."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERROR_LABELS, LABELS
from fias_desktop.domain.model_card import GRAD_CAM, INPUT_X_GRADIENT, ModelSpec, bare_spec
from fias_desktop.domain.types import Window
from fias_desktop.models.model_files import ONNX
from fias_desktop.models.registry import build, load_network
from fias_desktop.models.res_tcn import ResTCN
from fias_desktop.resources import DEFAULT_MODEL, model_dir, read_card, sha256
from fias_desktop.stages.recognise import OnnxRunner, Recogniser, TorchRunner, load_recogniser
from tests.unit.models.sample_networks import lively
from trainer.export import write_model, write_onnx

FRAMES, JOINTS, CLIP = 16, 21, (4, 24)


def _spec(network: str, params: dict[str, int], streams: tuple[str, ...] = ("joint",)) -> ModelSpec:
    spec = bare_spec(network, "coco17feet", FRAMES, 6.0, params)
    frames, pixels = CLIP if network == "vpn" else (0, 0)
    explained = replace(spec, explanation=INPUT_X_GRADIENT, streams=streams, errors=ERROR_LABELS)
    return replace(explained, clip_frames=frames, clip_pixels=pixels)


ONE = _spec("res_tcn", {"width": 16, "units": 3})
SPECS = {
    "one stream": ONE,
    "two streams": replace(ONE, streams=("joint", "bone")),
    "ms_res_tcn": _spec("ms_res_tcn", {"width": 16, "units": 3, "attend_left_knee": 1, "attend_right_knee": 1}),
    "vpn": _spec("vpn", {"visual_width": 8, "visual_last": 6, "poses": 8, "width": 8, "hidden": 16, "embedded": 16}),
}


def _write(folder: Path, spec: ModelSpec) -> Path:
    torch.manual_seed(0)
    network = lively(build(spec))
    return write_model(folder, spec, {name: values.numpy() for name, values in network.state_dict().items()})


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A model folder of every kind of network whose maps cost extra."""
    base = tmp_path_factory.mktemp("models")
    return {name: _write(base / name, spec) for name, spec in SPECS.items()}


@pytest.fixture
def older(folders: dict[str, Path], tmp_path: Path) -> Path:
    """A model folder whose graph always makes its maps, as it was exported before."""
    folder = Path(shutil.copytree(folders["one stream"], tmp_path / "older"))
    network = load_network(folder, read_card(folder))
    write_onnx(network, replace(ONE, explanation=GRAD_CAM), folder / ONNX)
    card = folder / "card.toml"
    card.write_text(card.read_text().replace(read_card(folder).hashes[ONNX], sha256(folder / ONNX)))
    return folder


def _windows(count: int, clip: bool = False) -> list[Window]:
    rng = np.random.default_rng(3)
    joints = rng.normal(size=(count, FRAMES, JOINTS, 3)).astype(np.float32)
    mask, time_s = np.ones((FRAMES, JOINTS), np.bool_), np.arange(FRAMES) / 6.0
    clips = rng.integers(256, size=(count, CLIP[0], CLIP[1], CLIP[1], 3), dtype=np.uint8)
    pictures = list(clips) if clip else [None] * count
    return [Window(each, mask, time_s, np.arange(FRAMES), seen) for each, seen in zip(joints, pictures, strict=True)]


def _names_alike(recogniser: Recogniser, windows: list[Window]) -> None:
    """A batch without maps says of every window what is said where it is explained."""
    one_by_one = [recogniser.recognise(window).prediction.probs for window in windows]
    assert np.ptp(one_by_one, axis=0).max() > 1e-4, "windows of one answer show nothing"
    np.testing.assert_allclose(recogniser.probs(windows), one_by_one, atol=1e-5)


@pytest.mark.parametrize("kind", SPECS)
def test_logits_are_the_same_with_maps_and_without_and_in_torch(folders: dict[str, Path], kind: str) -> None:
    folder = folders[kind]
    spec = read_card(folder)
    windows = _windows(3, spec.clip_frames > 0)
    joints = np.stack([window.joints for window in windows])
    clip = np.stack([window.clip for window in windows if window.clip is not None]) if spec.clip_frames else None
    onnx_runner, torch_runner = OnnxRunner(folder, spec), TorchRunner(load_network(folder, spec), "cpu")
    expected = torch_runner(joints, clip).logits
    assert np.abs(expected).max() > 1e-2
    for actual in (
        onnx_runner(joints, clip).logits,
        onnx_runner.logits(joints, clip),
        torch_runner.logits(joints, clip),
    ):
        assert np.abs(actual - expected).max() < 1e-4
    _names_alike(load_recogniser(folder, spec, "cpu"), windows)


@pytest.mark.parametrize("kind", SPECS)
def test_a_graph_makes_its_maps_where_they_are_asked_for(folders: dict[str, Path], kind: str) -> None:
    spec, path = read_card(folders[kind]), folders[kind] / ONNX
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    windows = _windows(3, spec.clip_frames > 0)
    given = {"joints": np.stack([window.joints for window in windows])}
    if spec.clip_frames:
        given["clip"] = np.stack([window.clip for window in windows if window.clip is not None])
    for asked, count in ((True, 3), (False, 0)):
        _, maps, errors = session.run(None, {**given, "explain": np.array(asked)})
        assert maps.size == count * len(spec.streams) * (len(LABELS) + 1) * 3 * FRAMES * JOINTS
        assert errors.shape == (3, len(ERROR_LABELS))


@pytest.mark.parametrize("kind", [kind for kind in SPECS if kind != "vpn"])
def test_no_backward_pass_is_left_outside_the_branch(folders: dict[str, Path], kind: str) -> None:
    (*always, branch) = onnx.load(folders[kind] / ONNX).graph.node
    asked = next(part.g for part in branch.attribute if part.name == "then_branch")
    assert "ConvTranspose" not in {node.op_type for node in always}
    assert "ConvTranspose" in {node.op_type for node in asked.node}


def test_a_batch_leaves_the_branch_alone(folders: dict[str, Path], tmp_path: Path) -> None:
    """The branch is replaced by one that cannot run: only who asks for maps notices."""
    folder = Path(shutil.copytree(folders["one stream"], tmp_path / "broken"))
    model = onnx.load(folder / ONNX)
    asked = next(part.g for part in model.graph.node[-1].attribute if part.name == "then_branch")
    del asked.node[:]
    seven = helper.make_tensor("seven", TensorProto.INT64, [1], [7])
    asked.node.append(helper.make_node("Constant", [], ["size"], value=seven))
    asked.node.append(helper.make_node("Reshape", ["joints", "size"], ["maps"]))
    onnx.save(model, folder / ONNX)
    spec = read_card(folder)
    spec = replace(spec, hashes={**spec.hashes, ONNX: sha256(folder / ONNX)})
    recogniser = load_recogniser(folder, spec, "cpu")
    assert recogniser.probs(_windows(3)).shape == (3, len(LABELS))
    with pytest.raises(Exception, match="Reshape"):
        recogniser.recognise(_windows(1)[0])


def test_the_model_that_ships_makes_maps_on_request() -> None:
    graph = onnx.load(model_dir(DEFAULT_MODEL) / ONNX).graph
    assert [one.name for one in graph.input] == ["joints", "explain"]
    assert "ConvTranspose" not in {node.op_type for node in graph.node}


def test_a_graph_whose_map_costs_nothing_has_no_branch(tmp_path: Path) -> None:
    spec = replace(bare_spec("stgcnpp", "coco17feet", FRAMES, 6.0, {"width": 12, "blocks": 6}), labels=LABELS)
    graph = onnx.load(_write(tmp_path, spec) / ONNX).graph
    assert [one.name for one in graph.input] == ["joints"]
    assert "If" not in {node.op_type for node in graph.node}


def test_a_graph_exported_before_names_and_explains_as_ever(folders: dict[str, Path], older: Path) -> None:
    now, before = folders["one stream"], older
    assert [one.name for one in onnx.load(before / ONNX).graph.input] == ["joints"]
    recogniser = load_recogniser(before, read_card(before), "cpu")
    _names_alike(recogniser, _windows(3))
    (window,) = _windows(1)
    expected = load_recogniser(now, read_card(now), "cpu").recognise(window).features[-1].values
    np.testing.assert_allclose(recogniser.recognise(window).features[-1].values, expected, atol=1e-5)


@pytest.mark.parametrize("kind", ["one stream", "two streams"])
def test_torch_makes_no_maps_for_a_batch(
    folders: dict[str, Path], tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(folders[kind], tmp_path / "no graph", ignore=shutil.ignore_patterns(ONNX)))
    recogniser = load_recogniser(folder, read_card(folder), "cpu")
    windows = _windows(3)
    _names_alike(recogniser, windows)

    def refuse(*_: object) -> None:
        raise AssertionError("maps were made")

    monkeypatch.setattr(ResTCN, "gradients", refuse)
    recogniser.probs(windows)
    with pytest.raises(AssertionError, match="maps were made"):
        recogniser.recognise(windows[0])


def test_a_graph_that_asks_for_something_else_is_refused(older: Path) -> None:
    model = onnx.load(older / ONNX)
    model.graph.input.append(helper.make_tensor_value_info("more", TensorProto.BOOL, []))
    onnx.save(model, older / ONNX)
    spec = read_card(older)
    spec = replace(spec, hashes={**spec.hashes, ONNX: sha256(older / ONNX)})
    with pytest.raises(FiasError, match="does not take joints"):
        OnnxRunner(older, spec)
