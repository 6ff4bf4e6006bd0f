from __future__ import annotations

import numpy as np
import pytest

from fias_desktop.domain.skeleton import BLAZEPOSE33, COCO17, COCO17_FEET, KINECT20, SKELETONS, mapping, skeleton


@pytest.mark.parametrize("name", sorted(SKELETONS))
def test_every_topology_is_one_tree_hanging_on_its_root(name: str) -> None:
    topology = SKELETONS[name]
    parent = dict(topology.inward)
    assert len(topology.inward) == topology.num_joints - 1
    for start in range(topology.num_joints):
        joint, seen = start, set()
        while joint != topology.root:
            assert joint not in seen
            seen.add(joint)
            joint = parent[joint]


@pytest.mark.parametrize("name", sorted(SKELETONS))
def test_mirroring_twice_changes_nothing(name: str) -> None:
    mirror = np.array(SKELETONS[name].mirror)
    assert (mirror[mirror] == np.arange(len(mirror))).all()
    assert (mirror != np.arange(len(mirror))).any()


def test_coco_graph_is_the_published_one() -> None:
    published = {(15, 13), (13, 11), (16, 14), (14, 12), (11, 5), (12, 6), (9, 7), (7, 5), (10, 8), (8, 6)}
    published |= {(5, 0), (6, 0), (1, 0), (3, 1), (2, 0), (4, 2)}
    assert set(COCO17.inward) == published


def test_blazepose_maps_by_name() -> None:
    index = mapping(BLAZEPOSE33, COCO17_FEET)
    assert [BLAZEPOSE33.joints[i] for i in index] == list(COCO17_FEET.joints)


def test_a_missing_joint_is_named() -> None:
    with pytest.raises(ValueError, match="nose"):
        mapping(KINECT20, COCO17)
    with pytest.raises(ValueError, match="coco17feet"):
        skeleton("coco")
