"""A person's build: segment lengths from published anthropometry, with individual variation.

Lengths are fractions of stature after Drillis and Contini (1966), as printed in Winter,
    Biomechanics and Motor Control of
Human Movement, 4th ed., fig. 4.1. Distances between joint centres (hips, shoulders) are narrower than the body's outer
breadths; those are taken as 0.105 and 0.215 of stature. Stature: ANSUR II (2012), men 1.756 +- 0.069 m, women
1.628 +- 0.064 m. Single segments vary by about 4 % between people of the same stature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

STATURE_M: dict[str, tuple[float, float]] = {"male": (1.756, 0.069), "female": (1.628, 0.064)}
SEGMENT_SPREAD = 0.04


@dataclass(frozen=True)
class Body:
    """Segment lengths in metres between joint centres; `girth` scales the thickness of limbs and trunk (1 =
    average)."""

    stature_m: float
    thigh_m: float
    shank_m: float
    ankle_m: float
    heel_m: float
    toe_m: float
    trunk_m: float
    upper_arm_m: float
    forearm_m: float
    shoulder_width_m: float
    hip_width_m: float
    neck_m: float
    girth: float = 1.0

    @property
    def leg_m(self) -> float:
        """Hip to ankle with the knee straight: the unit of positions in the pose vocabulary."""
        return self.thigh_m + self.shank_m

    @property
    def arm_m(self) -> float:
        """Shoulder to wrist with the elbow straight."""
        return self.upper_arm_m + self.forearm_m


_FRACTIONS: dict[str, float] = {
    "thigh_m": 0.245,
    "shank_m": 0.246,
    "ankle_m": 0.045,
    "heel_m": 0.035,
    "toe_m": 0.105,
    "trunk_m": 0.288,
    "upper_arm_m": 0.182,
    "forearm_m": 0.150,
    "shoulder_width_m": 0.215,
    "hip_width_m": 0.112,
    "neck_m": 0.112,
}
# Pelvis against shoulders differs between the sexes (ANSUR II: bideltoid and hip breadth).
_SEX_FACTOR: dict[str, dict[str, float]] = {
    "male": {"shoulder_width_m": 1.03, "hip_width_m": 0.97},
    "female": {"shoulder_width_m": 0.97, "hip_width_m": 1.05},
}


def average_body(sex: str = "male") -> Body:
    """The mean build of a sex (`male` or `female`)."""
    stature, factors = STATURE_M[sex][0], _SEX_FACTOR[sex]
    return _build(stature, {name: value * factors.get(name, 1.0) for name, value in _FRACTIONS.items()}, girth=1.0)


def random_body(rng: np.random.Generator) -> Body:
    """A random adult: sex, stature, and every segment varied on its own."""
    sex = "male" if rng.random() < 0.5 else "female"
    mean, spread = STATURE_M[sex]
    stature = float(np.clip(rng.normal(mean, spread), mean - 3 * spread, mean + 3 * spread))
    vary = np.clip(rng.normal(1.0, SEGMENT_SPREAD, len(_FRACTIONS)), 0.88, 1.12)
    fractions = {
        name: value * _SEX_FACTOR[sex].get(name, 1.0) * factor
        for (name, value), factor in zip(_FRACTIONS.items(), vary, strict=True)
    }
    return _build(stature, fractions, girth=float(np.clip(rng.lognormal(0.0, 0.15), 0.75, 1.5)))


def _build(stature: float, fractions: dict[str, float], girth: float) -> Body:
    lengths = {name: stature * value for name, value in fractions.items()}
    return Body(
        stature_m=stature,
        thigh_m=lengths["thigh_m"],
        shank_m=lengths["shank_m"],
        ankle_m=lengths["ankle_m"],
        heel_m=lengths["heel_m"],
        toe_m=lengths["toe_m"],
        trunk_m=lengths["trunk_m"],
        upper_arm_m=lengths["upper_arm_m"],
        forearm_m=lengths["forearm_m"],
        shoulder_width_m=lengths["shoulder_width_m"],
        hip_width_m=lengths["hip_width_m"],
        neck_m=lengths["neck_m"],
        girth=girth,
    )
