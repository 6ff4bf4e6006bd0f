"""The full recipes: each can be read, and its networks are the published ones and answer. None is trained here."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from fias_desktop.domain.skeleton import COCO17_FEET, skeleton
from fias_desktop.models.contract import Batch, Output
from fias_desktop.models.i3d import I3D, I3DConfig
from fias_desktop.models.infogcnpp import InfoGCNpp, InfoGCNppConfig
from fias_desktop.models.ms_res_tcn import MSResTCN
from fias_desktop.models.msg3d_stf import MSG3D, MSG3DConfig
from fias_desktop.models.registry import build
from fias_desktop.models.res_tcn import PUBLISHED, ResTCN
from fias_desktop.models.stgcnpp import STAGES, STGCNpp, STGCNppConfig
from fias_desktop.models.vpn import VPN, VPNConfig, weighted_graph
from trainer.recipe import read_recipe
from trainer.tables import nucla, penn, stf_data
from trainer.tables import public_common as public
from trainer.tables import public_networks as networks
from trainer.tables.public_windows import Space
from trainer.tables.stf_runs import ROWS, Part, config_of

RECIPES = public.RECIPES
RUNS = ("infogcnpp_full", "ms_res_tcn_full", "msg3d_full", "res_tcn_full", "stgcnpp_full")  # of `trainer train`
SPACES = {
    "nucla_full": nucla.SPACE,
    "nucla_models_full": nucla.SPACE,
    "penn_full": penn.SPACE,
    "sport_full": penn.SPACE,
}


def published(network: nn.Module) -> bool:
    """Whether a network has the sizes of its paper; Res-TCN of the public tables has none of its own to compare."""
    if isinstance(network, STGCNpp):
        return (network.config.width, network.config.stages) == (STGCNppConfig.width, STAGES)
    if isinstance(network, InfoGCNpp):
        given, usual = network.config, InfoGCNppConfig
        return (given.width, given.depth, given.heads, given.steps) == (
            usual.width,
            usual.depth,
            usual.heads,
            usual.steps,
        )
    if isinstance(network, MSG3D):
        sizes, wanted = network.config, MSG3DConfig
        found = (sizes.width, sizes.scales, sizes.space_time_scales)
        return found == (wanted.width, wanted.scales, wanted.space_time_scales)
    if isinstance(network, MSResTCN | ResTCN):
        return network.config.width == 64 and network.config.layout == PUBLISHED
    raise AssertionError(type(network))


def answered(network: nn.Module, frames: int, joints: int, channels: int) -> Output:
    """What it says to one window."""
    x = torch.randn(1, frames, joints, channels)
    with torch.no_grad():
        output: Output = network.eval()(Batch(x, torch.ones(x.shape[:3], dtype=torch.bool)))
    return output


def inner(network: nn.Module) -> nn.Module:
    """The only stream's own network."""
    streams = network.get_submodule("streams")
    assert isinstance(streams, nn.ModuleDict)
    return next(iter(streams.values()))


def test_every_full_recipe_is_looked_at_here() -> None:
    found = {path.stem for path in RECIPES.glob("*_full.toml")}
    assert found == {*RUNS, *SPACES, "stf_full"}


@pytest.mark.parametrize("name", RUNS)
def test_a_full_training_has_the_published_network(name: str) -> None:
    recipe = read_recipe(RECIPES / f"{name}.toml")
    assert recipe.spec.id == name and recipe.spec.training_data
    network, spec = build(recipe.spec), recipe.spec
    assert published(network)
    logits = answered(network, spec.frames, skeleton(spec.skeleton).num_joints, spec.channels).logits
    assert logits.shape == (1, len(spec.labels)) and torch.isfinite(logits).all()
    if recipe.focus.wanted:
        assert not recipe.optimisation.compile and not recipe.optimisation.bfloat16


@pytest.mark.parametrize("name", list(SPACES))
def test_a_full_table_has_the_published_networks(name: str) -> None:
    recipe, space = public.read_recipe(RECIPES / f"{name}.toml"), SPACES[name]
    assert recipe.final and not recipe.reduced
    for variant in recipe.final:
        _answers(variant.network, space, variant.cutting.frames, variant.network.name == networks.TCN)
        assert not variant.focus.wanted or not variant.optimisation.bfloat16


def test_stf_s_full_ablation_has_the_published_networks() -> None:
    recipe = stf_data.read(RECIPES / "stf_full.toml")
    for row in (ROWS[0], ROWS[3], ROWS[5]):
        config = config_of(recipe, Part(1.0, row.plain, 0, row.parts[0]))
        _answers(config, nucla.SPACE, recipe.nucla.windows.frames, small=False)


def _answers(config: networks.NetworkConfig, space: Space, frames: int, small: bool) -> None:
    network = networks.build(config, space, 10, "joint")
    assert small or published(inner(network))
    assert answered(network, frames, space.skeleton.num_joints, space.channels).logits.shape == (1, 10)


def test_the_published_vpn_can_be_built() -> None:
    backbone = I3D(I3DConfig())
    network = VPN(VPNConfig(COCO17_FEET.num_joints, 3, 3), weighted_graph(COCO17_FEET), backbone)
    assert sum(p.numel() for p in network.parameters()) > sum(p.numel() for p in backbone.parameters())
