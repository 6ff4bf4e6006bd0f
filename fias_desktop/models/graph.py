"""Adjacency matrices of a skeleton, as graph convolutions start from them."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from fias_desktop.domain.skeleton import Skeleton


def adjacency(joints: int, bones: Iterable[tuple[int, int]]) -> Tensor:
    """Float32 (V, V) with a one at [target, source] for every bone (source, target)."""
    matrix = torch.zeros(joints, joints)
    for source, target in bones:
        matrix[target, source] = 1.0
    return matrix


def column_normalised(matrix: Tensor) -> Tensor:
    """Divide every column by its sum, where it has one: A D^-1."""
    sums = matrix.sum(dim=0)
    return matrix / torch.where(sums > 0, sums, torch.ones_like(sums))


def spatial_graph(skeleton: Skeleton) -> Tensor:
    """The three subsets of ST-GCN, float32 (3, V, V): self, inward (child to parent), outward (parent to child).

    An aggregation reads y[w] = sum over v of x[v] A[v, w].
    """
    joints = skeleton.num_joints
    inward = column_normalised(adjacency(joints, skeleton.inward))
    outward = column_normalised(adjacency(joints, ((parent, child) for child, parent in skeleton.inward)))
    return torch.stack([torch.eye(joints), inward, outward])
