"""Chinese: the numbers of a sentence, and what each of them is said to be. Blanks are gone by then."""

from __future__ import annotations

import re
from dataclasses import replace

from fias_desktop.coach.guard import lexicon as kind
from fias_desktop.coach.guard.lexicon import Number, Numbers, Pair

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"兩": 2}
_CN = "[一二兩三四五六七八九十百]{1,5}"
_N = rf"(?:\d+(?:\.\d+)?|{_CN})"
_EXERCISE = "(?:深蹲|弓箭步|伏地挺身|弓步|動作)"
_TIMES = "(?:下|次|個|回)"
_CORRECT_WORDS = (
    r"(?:正確|對(?=[，。！的])|對了(?![\d一二兩三四五六七八九十])|符合|讚|很讚|穩當|過關|讓我點頭|達到要求"
    r"|姿勢正確|動作到位|做得漂亮|漂亮過關|做對|標準|到位|漂亮|合格|乾淨|做得好|做得不錯|很好|達標|過關|及格"
    r"|對的|做好|沒問題)"
)

_WRONG = re.compile(
    f"^{_EXERCISE}?(?:都|全都?|是)?(?:做錯|錯誤|錯了|(?:做得)?不(?:正確|對|標準|合格|乾淨)|沒(?:有)?做(?:對|好))"
)
_PAIR = re.compile(
    rf"(?<![第.\d])(?P<whole>\d+|{_CN}){_TIMES}(?:的)?{_EXERCISE}?(?:(?P<right>對了?)|(?:之中|當中|裡面|裡頭|中|裡)"
    rf"(?P<mid>[^\d。；：！？]{{0,12}}?))(?P<part>\d+|{_CN})(?:下|次|個)"
)
_ORDINAL = re.compile(rf"第(?P<n>{_N})(?P<of>下|次|個|回|組|點|步|項|件|名|階段)?")
_PERCENT = re.compile(rf"百分之(?P<a>{_N})|(?<![\d.])(?P<b>{_N})(?:％|%|趴|成(?=[的，。！]))")
_UNITS = (
    ("倍(?:的)?腳踝(?:間)?距離?(?:間距)?|倍腳踝間距", "ratio", ("knee_ankle_ratio",)),
    ("個?肩(?:膀)?寬", "ratio", ("foot_spread",)),
    ("個?軀幹(?:的)?長(?:度)?", "ratio", ("knees_past_toes", "knee_past_toe")),
    ("倍", "ratio", ()),
    ("度", "deg", ()),
    ("秒(?:鐘)?", "s", ()),
    (
        "公分|釐米|厘米|公尺|毫米|米|公斤|公克|磅|分鐘|小時|天|週|星期|個月|組(?!的)|大卡|毫秒|英吋|吋"
        "|分(?=[，。！])|步",
        "other",
        (),
    ),
)
_MEASURED = re.compile(
    rf"(?<![第.\d])(?P<n>{_N})(?:" + "|".join(f"(?P<u{i}>{unit})" for i, (unit, _, _) in enumerate(_UNITS)) + ")"
)
_COUNT = re.compile(rf"(?<![第.\d])(?P<n>{_N})(?P<of>下|次|個(?={_EXERCISE})|回(?={_EXERCISE}))")
_BARE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.])")

_LOW = re.compile("(?:(?:至少|最少)(?:要|有|是|為|達到?|在|應該?)?|不(?:低|少|小)於|(?<!不)(?:大於|高於|超過))$")
_HIGH = re.compile("(?:(?:最多|頂多|最高)(?:是|為|到|只)?|不(?:超過|高於|大於|多於)|(?<!不)(?:小於|低於|少於))$")
_BOUND = re.compile(
    "(?:應該?(?:是|在|要|有|為|到|達到)?|目標(?:是|為|在)?|標準(?:是|為)?|預期(?:是|為|在)?|希望(?:是|在|到)?"
    "|介於|理想(?:是|為)?"
    r"|介於[\d.]+度?(?:到|和|至|與))$"
)
_BOUND_AFTER = re.compile("^(?:才(?:對|夠|行|算)|為準|是目標)")
_LOW_AFTER, _HIGH_AFTER = re.compile("^(?:以上|或以上|起)"), re.compile("^(?:以下|或以下)")
_SPREAD = re.compile(
    "(?:相差|差(?:了|到)?|變化(?:了|為|是|在|只有|有)?|差距(?:是|為|在|有|只有)?|差異(?:是|為|有|只有)?"
    "|落差(?:是|為|有|到)?"
    "|起伏(?:是|為|有|了)?|變動(?:了|為)?|範圍(?:是|在)?|誤差(?:是|在)?|幅度(?:是|為|在|有)?|差別(?:是|有"
    "|只有)?|上下)(?:約|大約|只|僅|不到)?$"
)
_WITHIN = re.compile("^(?:以內|之內|內|的(?:差距|變化|差異|落差|起伏))")
_VARIES = re.compile("穩|差|變|起伏|落差|一致")

_SAYS_CORRECT = re.compile(
    rf"^{_EXERCISE}?(?:都|全部|全都|全數|通通|統統|全|也)*(?:是|很|動作|做得|算)*{_CORRECT_WORDS}"
)
# "6下深蹲，全對"
_ALL_CORRECT = re.compile(
    rf"^{_EXERCISE}?，(?:全部|全都|全數|通通|統統|全|都|也|是|很|動作|做得)*(?:{_CORRECT_WORDS}|對)(?=[，。！]|$)"
)
_REJECTED = re.compile(
    f"^{_EXERCISE}?(?:都|還|也|是)?(?:沒有?(?:被)?(?:算|計|列入|做完|完成|數|納入)|不算|未計|不完整|不列入"
    f"|沒做完|不計|未完成|不夠完整|沒做滿|都?不能算|還不能算|差一點|不列)"
)
_REJECTED_BEFORE = re.compile(
    "(?:扣掉的?|排除|不算的?有?|其他|沒算(?:的有?)?|試了|嘗試了|未計入?(?:的有?)?|沒有算(?:的|到的)?(?:有|是)?)$"
)
_CORRECT_BEFORE = re.compile("(?:對了?|做對了?|正確的?有?|喜歡其中|拿下|進帳|我給|留下)$")
_OFTEN = re.compile("(?:出現(?:了|在|過)?|發生(?:了|在|過)?|見於|看到(?:了)?)$")
_COUNTED = re.compile(f"^(?:完整的?|的)?{_EXERCISE}")
_COUNTED_BEFORE = re.compile("(?:做了?|完成了?|算到(?:了)?|共|共有|一共有?|總共有?|數到(?:了)?|計有|共計)$")
_PAIR_CORRECT = re.compile(f"^[^。，；：！？]{{0,6}}{_CORRECT_WORDS}")
_MID_CORRECT = re.compile("正確|做對|標準|到位|漂亮|合格|做得好")
_NOT = re.compile("[不沒未]")
_LAST = re.compile("上一?[組次回]|前一[組次]|之前|當時|那時")
_NOW = re.compile("這一?[次組回]|本組|現在|今天|此次|目前")
_LAST_SET = re.compile("(?:上一?|前一)[組次回]|當時|那時")
_LAST_BEFORE = re.compile("(?:上一?[組次回]|前一[組次])(?:是|有|的|為|：|，|做了|則是|當中|裡)?$")
_NOW_BEFORE = re.compile("(?:這一?[次組回]|現在|此次)(?:是|有|則是|：|，)?$")
_CHUNK = re.compile("[，；：、]|到(?=這)|變成|進步到|增加到")


def numbers(sentence: str) -> Numbers:
    """The numbers of a sentence."""
    pairs = [match for match in _PAIR.finditer(sentence) if not _one_of(match)]
    taken = [match.span() for match in pairs]
    found: list[Number] = []
    for match in _ORDINAL.finditer(sentence):
        taken.append(match.span())
        found += _ordinal(sentence, match)
    for pattern, read in ((_PERCENT, _percent), (_MEASURED, _measured), (_COUNT, _count), (_BARE, _bare)):
        for match in pattern.finditer(sentence):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                number = read(sentence, match)
                if number is not None:
                    taken.append(match.span())
                    found.append(replace(number, at=match.start()))
    return Numbers(tuple(found), tuple(_pair(sentence, match, pairs) for match in pairs))


def value_of(text: str) -> float:
    """The value of digits or of Chinese numerals below a thousand."""
    if text[0].isdigit():
        return float(text)
    total, digit = 0, 0
    for sign in text:
        if sign in "十百":
            total += max(digit, 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[sign]
    return float(total + digit)


def _one_of(match: re.Match[str]) -> bool:
    """ "一下" is also "a moment"; it is no whole of a pair."""
    return match["whole"] == "一"


def _ordinal(sentence: str, match: re.Match[str]) -> list[Number]:
    """ "第三下" is a repetition; "第一組", "第二點" are not, nor is "從第一下開始"."""
    of, value = match["of"], value_of(match["n"])
    if of not in ("下", "次", "回") or (of != "下" and not match["n"].isdigit()):
        return []
    before, after = sentence[: match.start()], sentence[match.end() :]
    if value == 1 and (before.endswith(("從", "由", "自", "打", "完整的")) or after.startswith(("開始", "起"))):
        return []
    if match["n"] == "一" and after.startswith("就") and not before.endswith("看"):
        return []
    return [Number(match[0], value, "repetition")]


def _percent(sentence: str, match: re.Match[str]) -> Number | None:
    text = match["a"] or match["b"]
    return Number(text, value_of(text), "percent")


def _measured(sentence: str, match: re.Match[str]) -> Number | None:
    index = next(i for i in range(len(_UNITS)) if match[f"u{i}"])
    _, unit, quantities = _UNITS[index]
    text, value = match["n"], value_of(match["n"])
    if unit == "other":
        return None if value == 1 and not text[0].isdigit() else Number(text, value, "other")
    if text == "一" and unit != "deg":
        return None
    role = _measured_role(sentence[: match.start()], sentence[match.end() :])
    return Number(_shown(text, value), value, "measured", role, unit, quantities)


def _shown(text: str, value: float) -> str:
    return text if text[0].isdigit() else f"{value:.0f}"


def _measured_role(before: str, after: str) -> str:
    if _LOW.search(before) or _LOW_AFTER.match(after):
        return kind.LOW
    if _HIGH.search(before) or _HIGH_AFTER.match(after):
        return kind.HIGH
    if _BOUND.search(before) or _BOUND_AFTER.match(after):
        return kind.BOUND
    if _SPREAD.search(before):
        return kind.SPREAD
    if _WITHIN.match(after):
        return kind.SPREAD if _VARIES.search(before) else kind.HIGH
    return kind.VALUE


def _count(sentence: str, match: re.Match[str]) -> Number | None:
    text, value = match["n"], value_of(match["n"])
    if text == "一" or (match["of"] == "次" and not text[0].isdigit()):
        return None
    before = sentence[: match.start()]
    when = kind.LAST if _LAST_BEFORE.search(before) else kind.NOW if _NOW_BEFORE.search(before) else ""
    role = _count_role(before, sentence[match.end() :])
    return Number(_shown(text, value), value, "count", role, when=when)


def _count_role(before: str, after: str) -> str:
    if _WRONG.match(after):
        return kind.WRONG
    if _REJECTED.match(after) or _REJECTED_BEFORE.search(before):
        return kind.REJECTED
    says = _SAYS_CORRECT.match(after)
    if _CORRECT_BEFORE.search(before) and not _NOT.search(before[-6:]):
        return kind.CORRECT
    if says and not _NOT.search(says[0].replace("沒問題", "").replace("不錯", "")):
        return kind.CORRECT
    if _ALL_CORRECT.match(after):
        return kind.CORRECT
    if _OFTEN.search(before):
        return kind.OFTEN
    if _COUNTED.match(after) or _COUNTED_BEFORE.search(before):
        return kind.COUNTED
    return kind.ANY


def _bare(sentence: str, match: re.Match[str]) -> Number | None:
    """A number without a unit: a bound or a ratio, else a count."""
    text = match[0]
    role = _measured_role(sentence[: match.start()], sentence[match.end() :])
    if "." in text or role != kind.VALUE:
        return Number(text, float(text), "measured", role)
    return Number(text, float(text), "count")


def _pair(sentence: str, match: re.Match[str], pairs: list[re.Match[str]]) -> Pair:
    after = sentence[match.end() :]
    tail = _PAIR_CORRECT.match(after)
    said = bool(tail and not _NOT.search(tail[0].replace("沒問題", "").replace("不錯", "")))
    middle = match["mid"] or ""
    said = said or bool(match["right"]) or bool(_MID_CORRECT.search(middle) and not _NOT.search(middle))
    role = kind.WRONG if _WRONG.match(after) else kind.CORRECT if said else kind.ANY
    return Pair(
        match[0], int(value_of(match["part"])), int(value_of(match["whole"])), role, _when(sentence, match, pairs)
    )


def _when(sentence: str, match: re.Match[str], pairs: list[re.Match[str]]) -> str:
    """Whether a pair is said of the last set or of this one: of two pairs, the one in whose part the words stand."""
    if not _LAST.search(sentence):
        return ""
    if len(pairs) != 2:
        return _nearest(sentence[: match.start()])
    border = _CHUNK.search(sentence, pairs[0].end())
    cut = border.start() if border and border.start() < pairs[1].start() else pairs[0].end()
    head, tail = sentence[:cut], sentence[cut:]
    last, now = bool(_LAST.search(head)), bool(_NOW.search(head))
    if last == now:
        last = not _LAST.search(tail)
    return kind.LAST if last == (match is pairs[0]) else kind.NOW


def _nearest(before: str) -> str:
    """Whether the last set or this one was named last before a number."""
    marks = [(mark.end(), kind.LAST) for mark in _LAST_SET.finditer(before)]
    marks += [(mark.end(), kind.NOW) for mark in _NOW.finditer(before)]
    return max(marks)[1] if marks else ""
