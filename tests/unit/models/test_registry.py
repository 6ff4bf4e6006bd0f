from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import GROUPS, LABELS
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.models.contract import Batch
from fias_desktop.models.model_files import WEIGHTS
from fias_desktop.models.registry import build, load_network, resolve_device
from fias_desktop.models.streams import bone_parents, to_stream
from fias_desktop.resources import sha256

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
    rejection_threshold=1.0,
    temperature=1.0,
    licence="Apache-2.0",
    training_data=(),
    limits="none",
    params={"width": 12},
)


@pytest.fixture
def spec(tmp_path: Path) -> ModelSpec:
    """The card of a tiny network whose weights lie in `tmp_path`."""
    arrays = {name: values.numpy() for name, values in build(SPEC).state_dict().items()}
    save_file(arrays, tmp_path / WEIGHTS)
    return _with_hash(SPEC, tmp_path)


def _with_hash(spec: ModelSpec, folder: Path) -> ModelSpec:
    return replace(spec, hashes={WEIGHTS: sha256(folder / WEIGHTS)})


def test_saved_weights_give_the_same_network_back(spec: ModelSpec, tmp_path: Path) -> None:
    first, second = load_network(tmp_path, spec), load_network(tmp_path, spec)
    assert not first.training
    batch = Batch(torch.randn(2, 40, 21, 3), torch.ones(2, 40, 21, dtype=torch.bool))
    assert torch.equal(first(batch).logits, second(batch).logits)


def test_an_unknown_network_is_named() -> None:
    with pytest.raises(FiasError, match="resnet9000"):
        build(replace(SPEC, network="resnet9000"))


@pytest.mark.parametrize("streams", [("velocity",), ("joint", "joint"), ()])
def test_streams_that_are_not_there_are_named(streams: tuple[str, ...]) -> None:
    with pytest.raises(FiasError, match="streams of the model tiny") as caught:
        build(replace(SPEC, streams=streams))
    assert "bone_motion" in caught.value.hint


def test_one_stream_of_joints_is_the_network_itself_and_others_have_one_each() -> None:
    single, fused = build(SPEC).state_dict(), build(replace(SPEC, streams=("joint", "bone"))).state_dict()
    assert set(fused) == {f"streams.{kind}.{name}" for kind in ("joint", "bone") for name in single}


def test_streams_answer_with_the_mean_of_their_log_probabilities() -> None:
    kinds = ("joint", "joint_motion")
    network = build(replace(SPEC, streams=kinds, errors=("squat_too_shallow",))).eval()
    joints = torch.randn(2, 40, 21, 3)
    batch = Batch(joints, torch.ones(2, 40, 21, dtype=torch.bool))
    fused = network(batch)
    parents = bone_parents(COCO17_FEET)
    each = [
        network.get_submodule(f"streams.{kind}")(replace(batch, joints=to_stream(joints, kind, parents)))
        for kind in kinds
    ]
    expected = (each[0].logits.log_softmax(1) + each[1].logits.log_softmax(1)) / 2
    assert torch.allclose(fused.logits, expected, atol=1e-6)
    assert torch.allclose(fused.error_logits, (each[0].error_logits + each[1].error_logits) / 2, atol=1e-6)
    names = [feature.name for feature in fused.features]
    assert {"joint/block9", "joint_motion/block9", "joint_motion/block0_gcn"} < set(names)
    assert names[-1] == "fused"


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "is empty"), (b"not a model at all", "damaged"), (None, "cannot be read")]
)
def test_bad_weight_files_say_what_to_do(spec: ModelSpec, tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / WEIGHTS
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FiasError, match=words) as caught:
        load_network(tmp_path, spec)
    assert "again" in caught.value.hint


def test_a_truncated_file_with_the_right_hash_is_still_refused(spec: ModelSpec, tmp_path: Path) -> None:
    path = tmp_path / WEIGHTS
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(FiasError, match="cannot be read"):
        load_network(tmp_path, _with_hash(spec, tmp_path))


def test_weights_of_another_network_are_refused(spec: ModelSpec, tmp_path: Path) -> None:
    with pytest.raises(FiasError, match="another shape"):
        load_network(tmp_path, replace(spec, params={"width": 24}))
    arrays = load_file(tmp_path / WEIGHTS)
    del arrays["blocks.3.gcn.adjacency"]
    save_file(arrays, tmp_path / WEIGHTS)
    with pytest.raises(FiasError, match=r"blocks\.3\.gcn\.adjacency is missing"):
        load_network(tmp_path, _with_hash(spec, tmp_path))


def test_weights_that_are_not_numbers_are_refused(spec: ModelSpec, tmp_path: Path) -> None:
    arrays = load_file(tmp_path / WEIGHTS)
    arrays["head.bias"] = np.full_like(arrays["head.bias"], np.nan)
    save_file(arrays, tmp_path / WEIGHTS)
    with pytest.raises(FiasError, match="not numbers"):
        load_network(tmp_path, _with_hash(spec, tmp_path))


def test_the_device_is_said_with_its_reason() -> None:
    assert resolve_device("cpu").words == "CPU (chosen in the settings)"
    if not torch.cuda.is_available():
        assert resolve_device("cuda").name == "cpu"
        assert "not available" in resolve_device("cuda").words
    if not torch.cuda.is_available() and not torch.backends.mps.is_available():
        assert resolve_device().words == "CPU (no CUDA or MPS device)"
