"""How easy and how varied a text is: the Flesch-Kincaid grade (English) and distinct-2 (both languages)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
_WORD = re.compile(r"\d+(?:\.\d+)?|[a-z]+(?:['’-][a-z]+)*", re.IGNORECASE)
_CHINESE = re.compile(r"\d+(?:\.\d+)?|[\u4e00-\u9fff]")
_VOWELS = re.compile(r"[aeiouy]+")
# Two vowels that are two syllables: "cre-ate", "go-ing", "idea", "experi-ence", "period".
_SPLIT = re.compile(
    r"creat|ia(?!l|n\b)|io(?!n)|iu|[aeou]ing\b|uou|[rq]uiet|riet|uet|ience\b|ier\b|iest\b|idea|video|area|real\b|being"
)
# A final e is silent, but not in "-le" after a consonant ("little"); nor is it in "the".
_SILENT_E = re.compile(r"(?<![aeiouy])e\b")
_SPOKEN_LE = re.compile(r"[^aeiouylr]le\b")
# "-ed" is silent but after t and d; "-es" is silent but after s, x, z, ch, sh, g and c.
_SILENT_ED = re.compile(r"(?<=[^aeiouytd])ed\b")
_SILENT_ES = re.compile(r"(?<=[^aeiouysxzgc])(?<!ch)(?<!sh)es\b")
# Before a suffix and inside a compound the final e of the first part stays silent.
_COMPOUND = re.compile(
    r"(?<=[^aeiou]e)(?=ments?\b|ly\b)|(?<=some)(?=thing|times?\b|what|one)|(?<=there)(?=fore)|(?<=side)(?=ways)|(?<=fore)(?=arm)"
)


def words_in(text: str) -> list[str]:
    """The words and numbers of an English text, lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def syllables(word: str) -> int:
    """The syllables of an English word, at least 1; a number counts as a word of one syllable."""
    if word[0].isdigit():
        return 1
    parts = [part for piece in re.split(r"['’-]", word.lower()) if len(piece) > 1 for part in _COMPOUND.split(piece)]
    return max(sum(_spoken(part) for part in parts), 1)


def _spoken(part: str) -> int:
    count = len(_VOWELS.findall(part)) + len(_SPLIT.findall(part))
    ending = _SILENT_ED.search(part) or _SILENT_ES.search(part)
    silent = ending or (_SILENT_E.search(part) and not _SPOKEN_LE.search(part))
    return max(count - bool(silent), 1)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text (Kincaid et al. 1975): 0.39 words per sentence + 11.8 syllables per
    word - 15.59. ValueError for a text without words."""
    words = words_in(text)
    if not words:
        raise ValueError("a text without words has no grade")
    sentences = max(len(_SENTENCE.findall(text)), 1)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def distinct_2(texts: Sequence[str], language: str) -> float:
    """Different pairs of neighbours divided by all of them (Li et al. 2016), over several texts and inside each: of
    words in English, of characters in Chinese; a number is one unit. ValueError without any pair."""
    units = [(_CHINESE.findall(text) if language.startswith("zh") else words_in(text)) for text in texts]
    pairs = [pair for row in units for pair in pairwise(row)]
    if not pairs:
        raise ValueError("no two neighbours to compare")
    return len(set(pairs)) / len(pairs)
