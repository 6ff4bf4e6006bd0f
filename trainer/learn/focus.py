"""Training where a network looks: the losses of STF on its own Grad-CAM maps.

L. Ke, K.-C. Peng, S. Lyu: Towards To-a-T Spatio-Temporal Focus for Skeleton-Based Action Recognition, AAAI 2022;
equation numbers are the article's. Any network whose `Output.features` are maps (N, C, T', V) can be trained so; the
guidance term needs the modules of models/msg3d_stf.py.

Q is a gradient, so its own gradient is one of second order. The quick backward passes of models/cpu_ops.py give it
exactly in full precision (checked in float64). Under bfloat16 on the CPU they lose the part that goes through rounded
weights, so that is refused; on other devices they are not in use.

Choices where the article leaves one:

- Z of equation 2 is dropped: min-max takes any factor out again. Its epsilon lets a map fade to 0 where the softmax is
  saturated, instead of 0/0;
- maps of different lengths are compared at the longer one, and Q is stretched over the window, as maps are shown to a
  person (`stages.explain.resize`);
- norms are those of each window's map, averaged over windows; guidance is the mean over modules;
- in the guidance term Q is the teacher and takes no gradient: otherwise it could come down to beta instead;
- masking multiplies every channel by 1 - Q, so that a score, the visibility of the article, fades with its position;
- the masked windows are normalised by their own statistics, which are left out of the running ones.

Shapes: N windows, C channels, T frames (T' of a map), V joints, K classes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from fias_desktop.domain.errors import FiasError
from fias_desktop.models.contract import Batch, FeatureTensor, Output
from fias_desktop.models.fusion import STREAM_LOGITS
from fias_desktop.models.msg3d_stf import EMBEDDED
from fias_desktop.stages.explain import resize
from trainer.learn.augment import known
from trainer.learn.fit import Examples
from trainer.recipe import Focus

__all__ = ["ABLATION", "Averaged", "Focus", "focus_maps", "focus_terms", "with_focus"]

EPSILON = 1e-6
Loss = Callable[[Output, Examples], Tensor]


# The article's ablation (its table 5) with the article's weights: one entry for each network. Exploration is at odds
# with divergence, so M5 trains it in a network of its own and averages the probabilities of both.
_M4 = Focus(divergence=0.1, coherence=0.1, guidance=0.01)
ABLATION: dict[str, tuple[Focus, ...]] = {
    "M1": (Focus(),),
    "M2": (Focus(coherence=0.1),),
    "M3": (Focus(divergence=0.1, coherence=0.1),),
    "M4": (_M4,),
    "M5": (_M4, Focus(exploration=0.01)),
}


def with_focus(network: nn.Module, base: Loss, focus: Focus) -> Loss:
    """Equation 6 as a `Task.loss`: the `base` loss and the terms of the network's own focus.

    Where no gradient is asked for (held-out windows) it is the base loss. FiasError when the output holds no maps to
    work on, or is in bfloat16 on the CPU.
    """

    def loss(output: Output, examples: Examples) -> Tensor:
        value = base(output, examples)
        if not focus.wanted or not torch.is_grad_enabled():
            return value
        return value + focus_terms(network, output, examples.joints, focus)

    return loss


def focus_terms(network: nn.Module, output: Output, joints: Tensor, focus: Focus) -> Tensor:
    """The weighted sum of the terms that are wanted, for the windows (N, T, V, C) that gave this output."""
    maps = module_maps(output, 2 if focus.coherence else 1)
    best, second = output.logits.topk(2, dim=1).indices.unbind(dim=1)
    probs = output.logits.softmax(dim=1)
    wanted = maps[-2:] if focus.coherence else maps[-1:]
    looked = focus_maps(probs.gather(1, best[:, None]), wanted)
    total = probs.new_zeros(())
    if focus.coherence:
        total = total + focus.coherence * distance(looked[-1], looked[-2])  # equation 5
    if focus.divergence:
        (other,) = focus_maps(probs.gather(1, second[:, None]), maps[-1:])
        total = total - focus.divergence * distance(looked[-1], other)  # equation 4
    if focus.guidance:
        total = total + focus.guidance * guidance(looked[-1], output)
    if focus.exploration:
        total = total + focus.exploration * exploration(network, joints, looked[-1], best)
    return total


def module_maps(output: Output, at_least: int) -> list[Tensor]:
    """The maps (N, C, T', V) at the ends of the blocks, from early to late; FiasError when they cannot be used.

    Parts of a block are named `<block>_<part>` and left out.
    """
    if STREAM_LOGITS in output.aux:
        raise FiasError("Fused streams have no focus in common.", "Train one stream with the focus losses.")
    maps = [one.values for one in output.features if "_" not in one.name and one.values.dim() == 4]
    if len(maps) < at_least:
        hint = "Set compile = false, and use a network with maps over joints."
        raise FiasError(f"The focus losses need {at_least} feature maps and there are {len(maps)}.", hint)
    if maps[-1].dtype == torch.bfloat16 and maps[-1].device.type == "cpu":
        raise FiasError("The focus losses need full precision on the CPU.", "Set bfloat16 = false.")
    return maps


def focus_maps(score: Tensor, maps: Sequence[Tensor]) -> list[Tensor]:
    """Q of equation 2 for each map: (N, C, T', V) -> (N, T', V) in 0..1, itself differentiable.

    `score` holds one probability for each window, which are independent but for statistics of batch norms.
    """
    gradients = torch.autograd.grad(score.sum(), maps, create_graph=True)
    pairs = zip(gradients, maps, strict=True)
    return [min_max((slope.sum(dim=(2, 3), keepdim=True) * values).sum(dim=1).relu()) for slope, values in pairs]


def min_max(heat: Tensor) -> Tensor:
    """Each window's map (N, T', V) stretched to 0..1; one without heat stays 0."""
    least, most = heat.amin(dim=(1, 2), keepdim=True), heat.amax(dim=(1, 2), keepdim=True)
    return (heat - least) / (most - least + EPSILON)


def resized(heat: Tensor, frames: int) -> Tensor:
    """Linear interpolation over time, (N, T', V) -> (N, T, V)."""
    length = heat.shape[1]
    if length == frames:
        return heat
    weights = torch.from_numpy(resize(np.eye(length, dtype=np.float32), frames)).to(heat)
    return torch.matmul(weights, heat)


def distance(one: Tensor, other: Tensor) -> Tensor:
    """Mean over windows of the Euclidean distance of two maps (N, T', V), whose lengths may differ."""
    frames = max(one.shape[1], other.shape[1])
    difference = resized(one, frames) - resized(other, frames)
    return cast(Tensor, torch.linalg.vector_norm(difference.flatten(1), dim=1).mean())


def guidance(looked: Tensor, output: Output) -> Tensor:
    """L_G: how far what the STF modules find important, beta, is from Q; FiasError when there are no modules."""
    embedded = [values for name, values in output.aux.items() if name.startswith(EMBEDDED)]
    if not embedded:
        raise FiasError("The guidance term needs a network with STF modules.", "Set guidance = 0, or add modules.")
    return torch.stack([distance(looked.detach(), beta) for beta in embedded]).mean()


def exploration(network: nn.Module, joints: Tensor, looked: Tensor, target: Tensor) -> Tensor:
    """L_e (equation 3): the mean probability of the classes (N,) once what was looked at is taken out of the input."""
    masked = joints * (1 - resized(looked, joints.shape[1]))[..., None]
    with _statistics_kept(network):
        output: Output = network(Batch(masked, known(joints), target=target))
    return output.logits.softmax(dim=1).gather(1, target[:, None]).mean()


class Averaged(nn.Module):
    """Networks whose probabilities are averaged, as M5's two: the logits are the logarithms of the means, the features
    those of each, named `<number>/<feature>` as the streams of a fused network are."""

    def __init__(self, networks: Sequence[nn.Module]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K) whose softmax is the mean of the networks' probabilities."""
        outputs: list[Output] = [network(batch) for network in self.networks]
        logs = torch.stack([output.logits.log_softmax(dim=1) for output in outputs])
        features = tuple(
            FeatureTensor(f"{number}/{feature.name}", feature.values)
            for number, output in enumerate(outputs)
            for feature in output.features
        )
        return Output(logs.logsumexp(dim=0) - math.log(len(outputs)), features)


@contextmanager
def _statistics_kept(network: nn.Module) -> Iterator[None]:
    norms = [module for module in network.modules() if isinstance(module, _BatchNorm)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 0.0
    try:
        yield
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
