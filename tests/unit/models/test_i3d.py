"""I3D: its size, its padding, its endpoints, and the weights that a person supplies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from torch.nn import functional as F

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Float32
from fias_desktop.models.i3d import I3D, LAYERS, I3DConfig, Pool, load_weights, map_shape, same_pads
from tests.unit.models.sample_networks import size_of

SMALL = I3DConfig(classes=5, width=8, last="Mixed_4b")


def _video(frames: int, size: int, clips: int = 1) -> torch.Tensor:
    values = torch.rand(clips, 3, frames, size, size, generator=torch.Generator().manual_seed(1))
    return values * 2 - 1


def _small(seed: int = 0) -> I3D:
    torch.manual_seed(seed)
    return I3D(SMALL).eval()


def _saved(network: I3D, path: Path) -> None:
    state = network.state_dict()
    save_file({n: v.cpu().numpy() for n, v in state.items() if not n.endswith("num_batches_tracked")}, path)


def test_it_has_exactly_the_published_number_of_parameters() -> None:
    assert size_of(I3D(I3DConfig(classes=400))) == 12_697_264


def test_64_frames_of_224_pixels_give_the_map_that_vpn_looks_at() -> None:
    assert map_shape(I3DConfig(), 64, 224) == (1024, 8, 7, 7)
    with torch.device("meta"):  # shapes without the work
        assert I3D(I3DConfig())(torch.empty(1, 3, 64, 224, 224)).shape == (1, 1024, 8, 7, 7)


@torch.no_grad()
def test_endpoints_come_by_their_names_and_shapes_follow_the_rule() -> None:
    config = I3DConfig(width=4)
    maps = I3D(config).eval().endpoints(_video(9, 50))
    assert list(maps) == list(LAYERS)
    for name, values in maps.items():
        assert values.shape[1:] == map_shape(I3DConfig(width=4, last=name), 9, 50), name
    assert maps["Mixed_5c"].shape[2:] == (2, 2, 2)


@torch.no_grad()
def test_a_small_backbone_ends_where_it_is_told_to() -> None:
    network = I3D(I3DConfig(width=16, last="Mixed_3c"))
    assert network(_video(8, 56, 2)).shape == (2, 120, 4, 7, 7)
    assert network.head is None
    with pytest.raises(ValueError, match="no head"):
        network.logits(_video(8, 56))
    with pytest.raises(ValueError, match="Mixed_6a"):
        I3DConfig(last="Mixed_6a")


@pytest.mark.parametrize(
    ("length", "kernel", "stride", "pads"),
    [
        (224, 7, 2, (2, 3)),
        (112, 3, 2, (0, 1)),
        (7, 3, 2, (1, 1)),
        (7, 3, 1, (1, 1)),
        (8, 2, 2, (0, 0)),
        (5, 1, 1, (0, 0)),
    ],
)
def test_padding_is_that_of_tensorflow(length: int, kernel: int, stride: int, pads: tuple[int, int]) -> None:
    found = same_pads((length, length, length), (kernel, kernel, kernel), (stride, stride, stride))
    assert tuple(found) == pads * 3


@torch.no_grad()
def test_what_lies_outside_is_no_maximum() -> None:
    network = I3D(I3DConfig(width=4, last="MaxPool3d_2a_3x3"))
    plan = LAYERS["MaxPool3d_2a_3x3"]
    assert isinstance(plan, Pool)
    below = -1 - torch.rand(1, 2, 2, 6, 6)
    assert (network.layers["MaxPool3d_2a_3x3"](below) < -1).all()


@torch.no_grad()
def test_the_stem_is_a_strided_convolution_over_uneven_padding() -> None:
    network = I3D(I3DConfig(width=4, last="Conv3d_1a_7x7")).eval()
    video = _video(8, 14)
    weight = network.state_dict()["layers.Conv3d_1a_7x7.conv.weight"]
    wanted = F.relu(F.conv3d(F.pad(video, (2, 3, 2, 3, 2, 3)), weight, stride=2) / (1 + 1e-3) ** 0.5)
    torch.testing.assert_close(network(video), wanted)


def test_logits_are_averaged_over_time_and_learn() -> None:
    network = _small()
    video, target = _video(8, 56, 4), torch.tensor([0, 1, 2, 3])
    assert network.logits(video).shape == (4, 5)
    network.train()
    optimiser = torch.optim.SGD(network.parameters(), 0.1)
    first = F.cross_entropy(network.logits(video), target)
    for _ in range(4):
        optimiser.zero_grad()
        F.cross_entropy(network.logits(video), target).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert F.cross_entropy(network.logits(video), target) < first - 0.1


@torch.no_grad()
def test_weights_go_through_a_file(tmp_path: Path) -> None:
    network, other = _small(0), _small(1)
    network.layers["Mixed_3b"].get_submodule("wide.1.bn").running_mean.fill_(0.25)  # type: ignore[operator]
    _saved(network, tmp_path / "i3d.safetensors")
    assert not any("num_batches" in name for name in load_file(tmp_path / "i3d.safetensors"))
    load_weights(other, tmp_path / "i3d.safetensors")
    video = _video(8, 56)
    assert torch.equal(network.logits(video), other.logits(video))
    backbone = I3D(I3DConfig(width=8, last="Mixed_3c")).eval()
    load_weights(backbone, tmp_path / "i3d.safetensors")  # the rest of the file is left alone
    assert torch.equal(backbone(video), network.endpoints(video)["Mixed_3c"])


def _damaged(path: Path, **changes: Float32 | None) -> Path:
    _saved(_small(), path)
    arrays = load_file(path)
    for name, values in changes.items():
        full = name.replace("__", ".")
        del arrays[full]
        if values is not None:
            arrays[full] = values
    save_file(arrays, path)
    return path


def test_weights_that_do_not_fit_are_refused_by_name(tmp_path: Path) -> None:
    network, path = _small(), tmp_path / "i3d.safetensors"
    for name, values, words in (
        ("layers__Mixed_3b__direct__bn__bias", None, r"layers\.Mixed_3b\.direct\.bn\.bias is missing"),
        ("head__weight", np.zeros((400, 64), np.float32), r"head\.weight is \(400, 64\), not \(5, 64, 1, 1, 1\)"),
        ("head__bias", np.full(5, np.nan, np.float32), r"not numbers: head\.bias"),
    ):
        before = network.state_dict()["layers.Conv3d_1a_7x7.conv.weight"].clone()
        with pytest.raises(FiasError, match=words) as caught:
            load_weights(network, _damaged(path, **{name: values}))
        assert "safetensors" in caught.value.hint
        assert torch.equal(network.state_dict()["layers.Conv3d_1a_7x7.conv.weight"], before)


def test_the_first_missing_array_is_named(tmp_path: Path) -> None:
    save_file({"nothing": np.zeros(1, np.float32)}, tmp_path / "i3d.safetensors")
    with pytest.raises(FiasError, match=r"layers\.Conv3d_1a_7x7\.conv\.weight is missing"):
        load_weights(_small(), tmp_path / "i3d.safetensors")


@pytest.mark.parametrize("zipped", [True, False])
def test_pickles_are_refused_before_anything_reads_them(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "rgb_imagenet.pt"
    torch.save({"a": torch.zeros(1)}, path, _use_new_zipfile_serialization=zipped)
    with pytest.raises(FiasError, match="pickled"):
        load_weights(_small(), path)


@pytest.mark.parametrize("content", [b"", b"not weights at all", None])
def test_files_that_do_not_read_are_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "i3d.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FiasError, match="cannot be read"):
        load_weights(_small(), path)
