"""Counting: from measurements and timeline samples to the ledger of repetitions.

Public: `RepetitionCounter`, `grade`.
"""

from fias_desktop.stages.repetitions.counter import RepetitionCounter
from fias_desktop.stages.repetitions.grading import grade

__all__ = ["RepetitionCounter", "grade"]
