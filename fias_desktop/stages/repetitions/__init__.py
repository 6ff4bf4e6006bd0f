"""Counting: from measurements and timeline samples to the ledger of repetitions.

Public: `RepetitionCounter`, `grade`, `beyond`, `suspected_errors`, `sure_errors`, `ErrorHint`.
"""

from fias_desktop.stages.repetitions.counter import RepetitionCounter
from fias_desktop.stages.repetitions.grading import ErrorHint, beyond, grade, sure_errors, suspected_errors

__all__ = ["ErrorHint", "RepetitionCounter", "beyond", "grade", "sure_errors", "suspected_errors"]
