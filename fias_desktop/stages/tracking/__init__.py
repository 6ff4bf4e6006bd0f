"""Poses -> one person: follow, mend, smooth."""

from fias_desktop.stages.tracking.smoothing import OneEuro, OneEuroConfig, smooth
from fias_desktop.stages.tracking.tracker import Tracked, Tracker

__all__ = ["OneEuro", "OneEuroConfig", "Tracked", "Tracker", "smooth"]
