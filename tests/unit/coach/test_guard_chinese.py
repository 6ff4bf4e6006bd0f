from __future__ import annotations

import re

import pytest

from fias_desktop.coach.guard import check, links, split
from fias_desktop.coach.guard.plain_words import CHINESE
from fias_desktop.coach.guard.simplified import SIMPLIFIED
from fias_desktop.coach.languages import words_of
from fias_desktop.coach.request import COUNT, GOOD, PROGRESS, WHY, Request
from tests.unit.coach.coach_sets import correct_set, facts, knees_in_set

FAULTY = facts(knees_in_set())
BETTER = facts(correct_set(previous=knees_in_set()))
ASKED = Request(language="zh_TW")
NEXT = "下一組，把膝蓋往外推，對準腳尖。"
TOLD = "3下深蹲中2下正確。第2下最低點，你的膝蓋往內扣：膝蓋間距0.72倍腳踝間距，應該至少0.85。"


def asked(topic: str) -> Request:
    return Request(topic, language="zh_TW")


TRUE = [
    TOLD + NEXT,
    "做得好，3下深蹲裡有2下正確。你的膝蓋往內扣，3下中有1下。" + NEXT,
    "你做了三下深蹲，兩下正確。第二下最低點膝蓋內扣。不要讓膝蓋往內扣。",
    "3下深蹲，2下正確。膝蓋內扣，最明顯是第2下。休息一下，等呼吸平穩再開始。",
    "你做了3下深蹲。膝蓋內扣，3下中有1下。最低點最明顯的是左膝。",
    "你做了 3 下深蹲。膝蓋內扣，3 下中有 1 下。動作放慢，姿勢跑掉就先停。",
    "加油！3下深蹲中2下正確！膝蓋內扣，第2下最明顯！" + NEXT,
]


@pytest.mark.parametrize("text", TRUE)
def test_true_sentences_pass(text: str) -> None:
    assert check(text, FAULTY, ASKED) == ()


BAD = [
    ("", "empty"),
    ("膝蓋內扣", "too short"),
    (TOLD + NEXT + "慢慢來。休息一下。穩穩做。", "too long"),
    (TOLD + "下一組", "breaks off"),
    (TOLD + NEXT + NEXT, "repeats"),
    # language
    ("You did 3 squats. Your knees moved inward.", "not all in Chinese"),
    (TOLD + "下一组把膝盖往外推。", "simplified"),
    (TOLD + "下一組 keep 膝蓋往外推。", "not all in Chinese"),
    # numbers
    ("你做了4下深蹲。膝蓋內扣，第2下最明顯。", "4 is not the number of repetitions"),
    ("你做了五下深蹲。膝蓋內扣，第2下最明顯。", "5 is not the number of repetitions"),
    ("3下深蹲中1下正確。膝蓋內扣，第2下最明顯。", "not the number of correct"),
    ("3下深蹲中2下正確。膝蓋內扣，3下中有2下。", "not how often"),
    ("3下深蹲中2下正確。膝蓋內扣，第3下最明顯。", "Repetition 3 is not"),
    ("3下深蹲中2下正確。膝蓋內扣，第三下最明顯。", "Repetition 3 is not"),
    ("3下深蹲中2下正確。膝蓋內扣，膝蓋間距0.62倍腳踝間距。", "0.62 was not measured"),
    ("3下深蹲中2下正確。膝蓋內扣，膝蓋間距0.72個肩寬。", "0.72 was not measured"),
    ("3下深蹲中2下正確。膝蓋內扣，膝蓋間距0.85倍腳踝間距。", "not what was measured"),
    ("3下深蹲中2下正確。膝蓋內扣，膝蓋間距應該至少0.72。", "not the lower bound"),
    ("3下深蹲中2下正確。膝蓋內扣，膝蓋間距最多0.85。", "not the upper bound"),
    ("3下深蹲中2下正確。膝蓋內扣，膝蓋間距90度。", "90 degrees was not measured"),
    ("3下深蹲中2下正確。膝蓋內扣了3公分。", "unit that was not measured"),
    ("3下深蹲中2下正確。膝蓋內扣，看起來是百分之55。", "55 percent"),
    ("3下深蹲中2下正確。膝蓋內扣，髖部角度0.72。", "not measured"),
    # parts, sides, moments, orders
    (TOLD + "下一組，把手肘往外推，對準腳尖。", "not told"),
    (TOLD + "最低點最明顯的是右腳踝。", "not told"),
    (TOLD + "尤其一開始，要注意右膝。", "not where it showed"),
    ("3下深蹲中2下正確。第2下一開始，你的膝蓋往內扣。" + NEXT, "wrong moment"),
    (TOLD + "下一組，把膝蓋往內推。", "opposite"),
    (TOLD + "下一組，讓膝蓋靠攏。", "opposite"),
    (TOLD + "下一組，把腳尖往外推。", "wrong part"),
    (TOLD + "下一組，雙腳與肩同寬。", "not found"),
    # faults
    (TOLD + "你的上身太往前傾。", "fault that was not found"),
    ("3下深蹲中2下正確。膝蓋沒有內扣，" + NEXT, "denies"),
    ("3下深蹲中2下正確。沒有發現問題。膝蓋內扣，3下中有1下。", "denies"),
    (TOLD + "你下去得太快。", "not measured"),
    ("3下深蹲中2下正確。下一組照這樣做。", "does not name the main fault"),
    ("3下深蹲全部正確。膝蓋內扣，3下中有1下。", "praises too much"),
    ("3下深蹲，沒有一下正確。膝蓋內扣，3下中有1下。", "no repetition was correct"),
    # exercise, health, unsafe, jargon, markup
    ("3下弓箭步中2下正確。膝蓋內扣，3下中有1下。", "another exercise"),
    (TOLD + "下次做做看伏地挺身。", "another exercise"),
    (TOLD + "這樣膝蓋會受傷。", "health"),
    (TOLD + "痛也要繼續。", "health"),
    (TOLD + "憋氣往下蹲。", "unsafe"),
    (TOLD + "把膝蓋鎖死。", "unsafe"),
    (TOLD + "不用休息。", "unsafe"),
    (TOLD + "下一組做快一點。", "unsafe"),
    (TOLD + "盡量加重。", "unsafe"),
    (TOLD + "這樣可以減重。", "unsafe"),
    (TOLD + "動作走樣也要做完。", "unsafe"),
    (TOLD + "今晚吃點雞胸肉。", "not about this set"),
    (TOLD + "神經網路看到了。", "technical"),
    ("**重點**：" + TOLD + NEXT, "plain text"),
    # comparison, steadiness
    (TOLD + "比上一組進步了。", "set that is not known"),
    (TOLD + "每一下都很穩定。", "steady"),
]


@pytest.mark.parametrize(("text", "objection"), BAD)
def test_what_is_not_true_or_not_plain_is_refused(text: str, objection: str) -> None:
    found = check(text, FAULTY, ASKED)
    assert any(objection in row for row in found), found


def test_the_last_set() -> None:
    told = "上一組3下中2下正確，這次4下中4下正確，"
    assert check(told + "進步了。", BETTER, asked(PROGRESS)) == ()
    assert "worse" in " ".join(check(told + "退步了。", BETTER, asked(PROGRESS)))
    assert "mixes up" in " ".join(check("上一組4下中4下正確，這次3下中2下正確，進步了。", BETTER, asked(PROGRESS)))
    assert check("還沒有上一組可以比較。", FAULTY, asked(PROGRESS)) == ()
    assert "there is one" in " ".join(check("還沒有上一組可以比較。", BETTER, asked(PROGRESS)))
    assert "no last set yet" in " ".join(check("你做了3下深蹲。", FAULTY, asked(PROGRESS)))


def test_words_with_one_that_are_no_numbers() -> None:
    text = "4下深蹲全部正確。休息一下，下一組從一開始就保持同樣的動作，一點一點來。"
    assert check(text, BETTER, ASKED) == ()


def test_answers_may_be_shorter_and_need_not_name_the_fault() -> None:
    assert check("3下深蹲中2下正確。", FAULTY, asked(GOOD)) == ()
    assert check("你做了3下深蹲，2下正確。", FAULTY, asked(COUNT)) == ()
    assert "main fault" in " ".join(check("3下深蹲中2下正確。", FAULTY, asked(WHY)))


def test_links_and_sentences() -> None:
    assert split("加油！2.5秒。好了嗎？很好，繼續下去。", "zh_TW") == ["加油！2.5秒。", "好了嗎？很好，繼續下去。"]
    rows = links(TOLD + NEXT, FAULTY, ASKED)
    assert rows[0] == ()
    assert [FAULTY.evidence[i].error for row in rows[1:] for i in row] == ["knees_inward", "knees_inward"]


def test_the_coachs_own_words_have_no_simplified_characters() -> None:
    texts = " ".join(f"{row.name}{row.said}{row.tip}" for row in words_of("zh_TW").errors.values())
    assert not SIMPLIFIED & set(texts)
    assert not SIMPLIFIED & CHINESE
    assert all(re.fullmatch("[㐀-鿿]", sign) for sign in SIMPLIFIED | CHINESE)
