"""What the coach is asked to write: about which side of a set, in which voice and language."""

from __future__ import annotations

from dataclasses import dataclass

SUMMARY, WHY, FIRST, GOOD, PROGRESS, COUNT = "summary", "why", "first", "good", "progress", "count"
TOPICS = (SUMMARY, WHY, FIRST, GOOD, PROGRESS, COUNT)
CALM, ENERGETIC, BRIEF = "calm", "energetic", "brief"
VOICES = (CALM, ENERGETIC, BRIEF)


@dataclass(frozen=True)
class Request:
    """One of TOPICS and VOICES, a language of `languages.LANGUAGES`, and the athlete's own words where there was a
    question. A summary is written after a set; the other topics answer questions about it."""

    topic: str = SUMMARY
    voice: str = CALM
    language: str = "en"
    question: str = ""
