"""Directions: for every fault what helps and what harms, told and ordered, in other words than the coach's own."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from fias_desktop.coach.evidence import Facts, Finding
from fias_desktop.coach.guard import check
from fias_desktop.coach.guard.chinese import LEXICON as CHINESE
from fias_desktop.coach.guard.english import LEXICON as ENGLISH
from fias_desktop.coach.languages import words_of
from fias_desktop.coach.request import FIRST, Request
from fias_desktop.domain.exercises import ERRORS

EVERY = [(exercise, error) for exercise, errors in ERRORS.items() for error in errors]
# A true sentence may be refused where its words are unusual; most of the plain ones must pass.
PASS_SHARE = {"help": 0.9, "true": 0.75}


def _table(language: str) -> dict[str, dict[str, dict[str, list[str]]]]:
    with (Path(__file__).parent / "directions" / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)


TABLES = {language: _table(language) for language in ("en", "zh_TW")}


def _facts(exercise: str, error: str) -> Facts:
    return Facts(exercise, 3, 0, 2, f"{exercise}_correct", 0.9, (Finding(error, 1, None, 2, 1.0),))


def _texts(exercise: str, error: str, language: str, said: str, order: bool) -> list[str]:
    """The sentence after the fault as it was found, for orders with and without a beginning."""
    own = words_of(language).error(exercise, error).said
    if language == "zh_TW":
        head = f"{own}，3下中有1下。"
        return [f"{head}下一組，{said}。", f"{head}{said}。"] if order else [f"{head}{said}。"]
    head, alone = f"{own[0].upper()}{own[1:]} in 1 of 3.", said[0].upper() + said[1:]
    return [f"{head} In the next set, {said}.", f"{head} {alone}."] if order else [f"{head} {alone}."]


def _refused(exercise: str, error: str, language: str, kind: str) -> list[tuple[str, bool]]:
    """Each text of a kind with whether the guard refuses it."""
    request, known = Request(FIRST, language=language), _facts(exercise, error)
    return [
        (text, bool(check(text, known, request)))
        for said in TABLES[language][exercise][error][kind]
        for text in _texts(exercise, error, language, said, kind in ("help", "harm"))
    ]


def test_there_are_sentences_and_words_for_every_fault() -> None:
    for language, words in (("en", ENGLISH.directions), ("zh_TW", CHINESE.directions)):
        table = TABLES[language]
        assert {(exercise, error) for exercise, rows in table.items() for error in rows} == set(EVERY)
        assert words.help.keys() == words.harm.keys() == words.opposite.keys() == set(EVERY)
        for kinds in (("help", "true"), ("harm", "false")):
            assert sum(len(row[kind]) for rows in table.values() for row in rows.values() for kind in kinds) >= 150


@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize(("exercise", "error"), EVERY)
@pytest.mark.parametrize("kind", ["harm", "false"])
def test_the_wrong_way_is_refused(exercise: str, error: str, language: str, kind: str) -> None:
    assert [text for text, refused in _refused(exercise, error, language, kind) if not refused] == []


@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize("kind", PASS_SHARE)
def test_the_right_way_passes(language: str, kind: str) -> None:
    rows = [row for key in EVERY for row in _refused(*key, language, kind)]
    assert sum(not refused for _, refused in rows) >= PASS_SHARE[kind] * len(rows)


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("en", "do not push your knees out"),
        ("en", "push your knees out less"),
        ("en", "stop pushing your knees out"),
        ("zh_TW", "不要把膝蓋往外推"),
        ("zh_TW", "別再把膝蓋打開"),
    ],
)
def test_a_not_or_a_less_turns_what_helps_over(language: str, order: str) -> None:
    known, request = _facts("squat", "knees_inward"), Request(FIRST, language=language)
    assert all(check(text, known, request) for text in _texts("squat", "knees_inward", language, order, True))


@pytest.mark.parametrize(("language", "order"), [("en", "do not let your knees come in"), ("zh_TW", "不要讓膝蓋往內")])
def test_a_not_turns_what_harms_over(language: str, order: str) -> None:
    known, request = _facts("squat", "knees_inward"), Request(FIRST, language=language)
    texts = _texts("squat", "knees_inward", language, order, True)
    assert [check(text, known, request) for text in texts] == [()] * len(texts)
