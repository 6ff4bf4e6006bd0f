"""Advice for every error in both languages: the right one passes, the one the wrong way round does not."""

from __future__ import annotations

import pytest

from fias_desktop.coach.evidence import Facts, Finding
from fias_desktop.coach.guard import check
from fias_desktop.coach.languages import words_of
from fias_desktop.coach.request import FIRST, Request
from fias_desktop.domain.exercises import ERRORS

WRONG: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("squat", "too_shallow"): (
        ("stay a little higher", "raise your hips sooner", "do not go so deep"),
        ("蹲淺一點", "臀部抬高一點", "不用蹲得那麼深"),
    ),
    ("squat", "knees_inward"): (
        ("push your knees in over your toes", "let your knees come together", "press your knees inward"),
        ("把膝蓋往內推", "讓膝蓋靠攏", "膝蓋夾緊"),
    ),
    ("squat", "feet_too_close"): (
        ("bring your feet closer", "choose a narrower stance", "set your feet together"),
        ("雙腳站窄一點", "把雙腳併攏", "讓雙腳靠近一點"),
    ),
    ("squat", "forward_lean"): (
        ("lower your chest", "lean further forward", "round your back"),
        ("胸口放低", "讓上身往前傾", "彎腰往下"),
    ),
    ("squat", "knees_past_toes"): (
        ("push your knees forward", "shift your weight to your toes", "lift your heels"),
        ("把膝蓋往前推", "重心放在腳尖", "腳跟抬起來"),
    ),
    ("lunge", "too_high"): (
        ("lift your back knee", "stay up higher", "keep your back knee further from the floor"),
        ("後膝抬高一點", "站高一點", "讓後膝遠離地面"),
    ),
    ("lunge", "knee_past_toe"): (
        ("take a shorter step", "push your front knee forward", "let your front shin lean"),
        ("步伐跨小一點", "把前膝往前推", "讓前小腿前傾"),
    ),
    ("lunge", "trunk_lean"): (
        ("lean forward", "bend over", "let your shoulders fall forward"),
        ("讓上身往前傾", "彎腰", "身體彎下去"),
    ),
    ("push_up", "hips_sag"): (
        ("lower your hips", "relax your belly", "let your hips drop"),
        ("臀部放低", "腹部放鬆", "讓臀部往下沉"),
    ),
    ("push_up", "hips_pike"): (
        ("lift your hips", "push your hips higher", "hips up"),
        ("把臀部抬高", "臀部再抬高一點", "臀部往上推"),
    ),
    ("push_up", "elbows_flared"): (
        ("push your elbows out", "spread your elbows wide", "move your elbows away from your sides"),
        ("把手肘往外張開", "手肘遠離身體", "手肘往外推"),
    ),
    ("push_up", "too_shallow"): (
        ("lift your chest", "keep your chest up higher", "straighten your arms"),
        ("胸口抬高", "讓胸口遠離地面", "手臂打直"),
    ),
}  # fmt: skip
CASES = [
    (exercise, error, language, order)
    for (exercise, error), both in WRONG.items()
    for language, orders in zip(("en", "zh_TW"), both, strict=True)
    for order in orders
]


def _facts(exercise: str, error: str) -> Facts:
    return Facts(exercise, 3, 0, 2, f"{exercise}_correct", 0.9, (Finding(error, 1, None, 2, 1.0),))


def _text(exercise: str, error: str, language: str, order: str) -> str:
    said = words_of(language).error(exercise, error).said
    if language == "zh_TW":
        return f"{said}，3下中有1下。下一組，{order}。"
    return f"{said[0].upper()}{said[1:]} in 1 of 3. In the next set, {order}."


def test_every_error_has_a_wrong_order() -> None:
    assert set(WRONG) == {(exercise, error) for exercise, errors in ERRORS.items() for error in errors}


@pytest.mark.parametrize(("exercise", "error", "language", "order"), CASES)
def test_the_wrong_way_round_is_refused(exercise: str, error: str, language: str, order: str) -> None:
    text = _text(exercise, error, language, order)
    found = check(text, _facts(exercise, error), Request(FIRST, language=language))
    assert any("opposite" in row or "astray" in row or "wrong part" in row or "unsafe" in row for row in found), found


@pytest.mark.parametrize(("exercise", "error"), list(WRONG))
@pytest.mark.parametrize("language", ["en", "zh_TW"])
def test_the_coachs_own_tip_and_cues_pass(exercise: str, error: str, language: str) -> None:
    words = words_of(language).error(exercise, error)
    for order in (words.tip, *words.cues):
        text = _text(exercise, error, language, order if language == "zh_TW" else order[0].lower() + order[1:])
        assert check(text, _facts(exercise, error), Request(FIRST, language=language)) == (), text


@pytest.mark.parametrize("language", ["en", "zh_TW"])
@pytest.mark.parametrize("exercise", list(ERRORS))
def test_another_errors_tip_is_refused(exercise: str, language: str) -> None:
    missed = []
    for error in ERRORS[exercise]:
        for other in ERRORS[exercise]:
            tip = words_of(language).error(exercise, other).tip
            text = _text(exercise, error, language, tip)
            if other != error and not check(text, _facts(exercise, error), Request(FIRST, language=language)):
                missed.append((error, other))
    assert missed == []
