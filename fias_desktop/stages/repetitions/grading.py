"""How good was a repetition: the recogniser's form class together with what was measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from fias_desktop.domain.exercises import ERRORS, form_of
from fias_desktop.domain.types import Evidence, Repetition, TimelineSample


def grade(rep: Repetition, evidence: Sequence[Evidence], samples: Sequence[TimelineSample]) -> Repetition:
    raise NotImplementedError
