"""Counting: from measurements and timeline samples to the ledger of repetitions.

Public: `RepetitionCounter`, `grade`, `suspected_errors`, `sure_errors`, `ErrorHint`.
"""

from fias_desktop.stages.repetitions.counter import RepetitionCounter
from fias_desktop.stages.repetitions.grading import ErrorHint, grade, sure_errors, suspected_errors

__all__ = ["ErrorHint", "RepetitionCounter", "grade", "sure_errors", "suspected_errors"]
