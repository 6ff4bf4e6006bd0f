"""Faults and orders in other words than the coach's own: pairs of a part with a fault or a direction."""

from __future__ import annotations

import pytest

from fias_desktop.coach.evidence import Facts, Finding
from fias_desktop.coach.guard import check
from fias_desktop.coach.languages import words_of
from fias_desktop.coach.request import FIRST, GOOD, PROGRESS, Request
from fias_desktop.domain.exercises import ERRORS
from tests.unit.coach.coach_sets import correct_set, facts, knees_in_set

SQUAT, LUNGE, PUSH_UP = "squat", "lunge", "push_up"
FAULTS = {
    (SQUAT, "too_shallow"): ("you cut the depth short|it was just a quarter squat", "蹲得太淺|你只蹲到一半"),
    (SQUAT, "knees_inward"): ("the knees buckled|your knees turned in", "膝蓋夾進來|膝蓋往中線靠"),
    (SQUAT, "feet_too_close"): ("your stance was narrow|your feet needed more width", "站太窄|雙腳黏在一起"),
    (SQUAT, "forward_lean"): ("your chest dropped|you folded forward", "你彎腰了|身體往前撲"),
    (SQUAT, "knees_past_toes"): ("your knees shot forward|the knees jutted out", "膝蓋往前衝|膝蓋突出"),
    (LUNGE, "too_high"): ("you did not drop low|you went down only a bit", "下得不夠|後膝懸在半空"),
    (LUNGE, "knee_past_toe"): ("your step was too short|the front knee slid ahead", "步伐太小|前膝往前頂"),
    (LUNGE, "trunk_lean"): ("you hunched over|your posture was crooked", "身體歪一邊|上身沒有挺直"),
    (PUSH_UP, "hips_sag"): ("your lower back sagged|your core gave way", "腰塌下去|臀部垮下來"),
    (PUSH_UP, "hips_pike"): ("your butt was in the air|you made a tent with your body", "屁股翹太高|屁股撅起來"),
    (PUSH_UP, "elbows_flared"): ("your elbows winged out|the elbows spread apart", "手肘打太開|手肘跑出去"),
    (PUSH_UP, "too_shallow"): ("you did half reps|you barely bent your arms", "你太早推起來|手肘彎得不夠"),
}
TURNED = {
    (SQUAT, "too_shallow"): ("stop before your thighs are level|make the squat smaller", "只蹲到一半|膝蓋少彎一點"),
    (SQUAT, "knees_inward"): (
        "press the knees to the middle|close the gap at your knees",
        "膝蓋往裡面推|讓膝蓋內扣",
    ),
    (SQUAT, "feet_too_close"): ("move your feet in|make your stance small", "把腳靠在一起|腳不要開那麼大"),
    (SQUAT, "forward_lean"): ("let your chest drop|tilt forward more", "身體往前倒|不要挺胸"),
    (SQUAT, "knees_past_toes"): ("go onto your toes|let the knees pass the toes", "腳跟提起來|不要往後坐"),
    (LUNGE, "too_high"): ("stop your back knee earlier|come down only a little", "下去一點點就好|不要往下沉"),
    (LUNGE, "knee_past_toe"): ("make your steps smaller|make a short lunge", "前膝再前面一點|前膝推過腳尖"),
    (LUNGE, "trunk_lean"): ("tip your upper body to the side|drop your chest", "身體往旁邊靠|往前彎"),
    (PUSH_UP, "hips_sag"): ("relax your middle|stop holding your belly", "肚子不用出力|讓臀部下沉"),
    (PUSH_UP, "hips_pike"): ("bend at the hips|bring your butt up", "臀部不要放低|臀部頂高"),
    (PUSH_UP, "elbows_flared"): ("lift your elbows from your sides|push the elbows apart", "手肘不要夾|手肘放寬"),
    (PUSH_UP, "too_shallow"): ("do half the way|keep more space under your chest", "手肘不用彎|身體往上提"),
}  # fmt: skip
TRUE = [
    (SQUAT, "knees_inward", "en", "Your knees fell in. In the next set, push your knees out over your toes."),
    (SQUAT, "feet_too_close", "en", "Your stance was narrow. In the next set, step a little wider."),
    (SQUAT, "forward_lean", "en", "You leaned too far over. In the next set, lift your chest."),
    (LUNGE, "knee_past_toe", "en", "Your front knee went past your toes. Next time, take a longer step."),
    (PUSH_UP, "elbows_flared", "en", "Your elbows went wide. In the next set, tuck your elbows."),
    (PUSH_UP, "hips_pike", "en", "Your hips were too high. In the next set, lower your hips."),
    (SQUAT, "knees_inward", "zh_TW", "你的膝蓋往內扣。下一組，把膝蓋往外推，對準腳尖。"),
    (SQUAT, "feet_too_close", "zh_TW", "你的雙腳站得太窄。下一組，站寬一點。"),
    (SQUAT, "forward_lean", "zh_TW", "你的上身往前傾太多。下一組，胸口抬高。"),
    (LUNGE, "knee_past_toe", "zh_TW", "你的前膝超出腳尖。下一組，步伐跨大。"),
    (PUSH_UP, "elbows_flared", "zh_TW", "你的手肘張開太多。下一組，手肘收進來。"),
    (PUSH_UP, "hips_pike", "zh_TW", "你的臀部太高了。下一組，臀部放低。"),
]


def _both(table: dict[tuple[str, str], tuple[str, str]]) -> list[tuple[str, str, str, str]]:
    return [
        (exercise, error, language, phrase)
        for (exercise, error), rows in table.items()
        for language, row in zip(("en", "zh_TW"), rows, strict=True)
        for phrase in row.split("|")
    ]


def _facts(exercise: str, error: str) -> Facts:
    return Facts(exercise, 3, 0, 2, f"{exercise}_correct", 0.9, (Finding(error, 1, None, 2, 1.0),))


def _checked(exercise: str, error: str, language: str, more: str) -> tuple[str, ...]:
    said = words_of(language).error(exercise, error).said
    told = f"{said}，3下中有1下" if language == "zh_TW" else f"{said[0].upper()}{said[1:]} in 1 of 3"
    return check(told + more, _facts(exercise, error), Request(FIRST, language=language))


def test_every_error_has_a_claim_and_a_turned_order() -> None:
    every = {(exercise, error) for exercise, errors in ERRORS.items() for error in errors}
    assert set(FAULTS) == set(TURNED) == every


@pytest.mark.parametrize(("exercise", "error", "language", "claim"), _both(FAULTS))
def test_a_fault_that_was_not_found_is_refused_in_other_words(
    exercise: str, error: str, language: str, claim: str
) -> None:
    alone, beside = (f"。{claim}。", f"，{claim}。") if language == "zh_TW" else (f". {claim}.", f", and {claim}.")
    others = [other for other in ERRORS[exercise] if other != error]
    passed = [
        (other, more) for other in others for more in (alone, beside) if not _checked(exercise, other, language, more)
    ]
    assert passed == []


@pytest.mark.parametrize(("exercise", "error", "language", "order"), _both(TURNED))
def test_an_order_the_wrong_way_is_refused_in_other_words(exercise: str, error: str, language: str, order: str) -> None:
    more = f"。下一組，{order}。" if language == "zh_TW" else f". In the next set, {order}."
    assert _checked(exercise, error, language, more)


@pytest.mark.parametrize(("exercise", "error", "language", "text"), TRUE)
def test_a_fault_that_was_found_may_be_told_in_other_words(exercise: str, error: str, language: str, text: str) -> None:
    assert check(text, _facts(exercise, error), Request(FIRST, language=language)) == ()


KNEES = facts(knees_in_set(previous=correct_set()))


@pytest.mark.parametrize(
    ("language", "topic", "text", "objection"),
    [
        # praise for all, in a set that has a fault
        ("en", PROGRESS, "Every one of your 3 squats was clean. A step back from the last set.", "praises too much"),
        ("en", GOOD, "A clean squat, well done.", "praises too much"),
        ("zh_TW", GOOD, "不錯，3下深蹲全對。", "praises too much"),
        ("zh_TW", GOOD, "3下深蹲，正確。", "3 is not the number of correct"),
        ("zh_TW", GOOD, "3下深蹲全數過關。", "praises too much"),
        ("zh_TW", GOOD, "整組3下深蹲沒有失誤。", "praises too much"),
        ("en", GOOD, "You did 3 squats without a mistake.", "praises too much"),
        # how many were wrong
        ("en", GOOD, "Well done: 2 of 3 squats were wrong.", "2 of 3 is not the number of wrong"),
        ("zh_TW", GOOD, "3下深蹲中2下做錯。", "is not the number of wrong"),
        ("zh_TW", PROGRESS, "這下深蹲很標準。比上一組退步。", "praises too much"),
        # a pair of one set given to the other
        ("zh_TW", PROGRESS, "退步了，上一組才3下中2下正確。", "mixes up"),
        ("zh_TW", PROGRESS, "退步了，當時3下中2下正確。", "mixes up"),
        # which set was better
        ("en", PROGRESS, "The last set was worse, with 4 of 4 correct.", "last set was worse"),
        ("zh_TW", PROGRESS, "上一組比較差，4下中4下正確。", "last set was worse"),
        ("zh_TW", PROGRESS, "比上一組更好：4下中4下。", "better"),
        # a value given to another quantity, or called good where it shows a fault
        ("en", GOOD, "Your lean of the upper body was 90 degrees.", "not measured"),
        ("zh_TW", GOOD, "最低點膝蓋間距90度。", "90 degrees was not measured"),
        ("zh_TW", GOOD, "上身前傾角度0.72倍。", "not measured"),
        ("en", GOOD, "The knee spacing was great, 0.72 times the ankle spacing.", "shows a fault"),
        ("zh_TW", GOOD, "最低點膝蓋間距0.72倍腳踝間距，讚！", "shows a fault"),
    ],
)
def test_what_is_claimed_of_the_whole_set(language: str, topic: str, text: str, objection: str) -> None:
    found = check(text, KNEES, Request(topic, language=language))
    assert any(objection in row for row in found), found
