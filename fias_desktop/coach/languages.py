"""The languages that the coach speaks."""

from __future__ import annotations

from fias_desktop.coach.chinese import CHINESE
from fias_desktop.coach.english import ENGLISH
from fias_desktop.coach.words import Words

LANGUAGES: dict[str, Words] = {words.language: words for words in (ENGLISH, CHINESE)}


def words_of(language: str) -> Words:
    """The words for a locale's name (`zh_TW`, `zh-Hant`, `zh` are Chinese); English for every other language."""
    return CHINESE if language.lower().startswith("zh") else ENGLISH


def language_of(text: str) -> str:
    """The language that a text is written in, of those the coach speaks."""
    return CHINESE.language if any("\u4e00" <= character <= "\u9fff" for character in text) else ENGLISH.language
