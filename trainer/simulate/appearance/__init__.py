"""Rendered athletes whose appearance carries the class: what is in their hands, whatever their movement."""

from trainer.simulate.appearance.clips import SPEC, SPLITS, AppearanceSet, Clip, Shape, make_clips, make_set
from trainer.simulate.appearance.objects import BAND, DUMBBELL, HELD, NOTHING
from trainer.simulate.appearance.scene import Scene, random_scene

__all__ = [
    "BAND",
    "DUMBBELL",
    "HELD",
    "NOTHING",
    "SPEC",
    "SPLITS",
    "AppearanceSet",
    "Clip",
    "Scene",
    "Shape",
    "make_clips",
    "make_set",
    "random_scene",
]
