"""Traditional Chinese: body parts, moments, praise, comparison, exercises."""

from __future__ import annotations

import re

from fias_desktop.coach.guard.chinese_directions import DIRECTIONS
from fias_desktop.coach.guard.chinese_faults import FAULTS
from fias_desktop.coach.guard.chinese_numbers import numbers
from fias_desktop.coach.guard.chinese_unsafe import BANNED
from fias_desktop.coach.guard.lexicon import Length, Lexicon, PartWords, either
from fias_desktop.coach.guard.plain_words import CHINESE as PLAIN
from fias_desktop.coach.guard.plain_words import CHINESE_BESIDE as BESIDE
from fias_desktop.coach.guard.simplified import SIMPLIFIED

_NAMES = {
    "前膝蓋": "knee", "後膝蓋": "knee", "膝蓋": "knee", "前膝": "knee", "後膝": "knee", "雙膝": "knee", "膝": "knee",
    "腳尖": "toe", "小趾": "toe", "腳趾": "toe", "腳跟": "heel", "腳踝": "ankle", "踝": "ankle", "前腳掌": "foot",
    "腳掌": "foot", "腳底": "foot", "雙腳": "foot", "兩腳": "foot", "腳": "foot", "小腿": "shin", "大腿": "thigh",
    "雙腿": "leg", "腿": "leg", "臀部": "hip", "屁股": "hip", "臀": "hip", "髖部": "hip", "髖關節": "hip",
    "髖": "hip",
    "腰部": "waist", "腰": "waist", "腹部": "belly", "肚子": "belly", "核心": "belly", "小腹": "belly", "腹": "belly",
    "胸口": "chest", "胸部": "chest", "胸膛": "chest", "胸": "chest", "上半身": "trunk", "上身": "trunk",
    "軀幹": "trunk",
    "背部": "back", "後背": "back", "背": "back", "肩膀": "shoulder", "雙肩": "shoulder", "肩": "shoulder",
    "手肘": "elbow", "雙肘": "elbow", "肘": "elbow", "手臂": "arm", "上臂": "arm", "前臂": "forearm", "雙臂": "arm",
    "手腕": "wrist", "手掌": "hand", "手指": "finger", "雙手": "hand", "手": "hand", "頭部": "head", "頭": "head",
    "下巴": "chin", "脖子": "neck", "頸部": "neck", "頸": "neck", "眼睛": "eye", "眼": "eye", "耳朵": "ear",
    "耳": "ear",
    "鼻子": "nose", "鼻": "nose", "臉": "face", "身體兩側": "side", "脊椎": "spine", "脊柱": "spine", "肋骨": "rib",
}  # fmt: skip
PARTS = PartWords(
    pattern=re.compile(
        "(?:(?P<side>左|右)(?:邊|側)?的?(?:前|後)?)?(?P<part>" + "|".join(sorted(_NAMES, key=len, reverse=True)) + ")"
    ),
    names=_NAMES,
    sides={"左": "left", "右": "right"},
    idioms=either(
        "[著上入下動拿順放對新高]手(?![掌肘臂腕指])|手(?:感|勢|機|邊|法)|一手|從頭(?:到[腳尾])?|[回開鏡盡]頭"
        "|(?<!最低)點頭|頭(?:一|腦)|念頭|勁頭|腳步|落腳|手腳"
        "|[亮搶顯耀]眼|眼(?:前|光|中|神)|[一入放]眼|背(?:後|景)|違背|胸有成竹|並肩|核心(?:是|問題|重點|在)"
        "|倍腳踝間距|個?肩寬|個?軀幹長"
    ),
    heat=either(
        "明顯|注意|突出|最多|看(?:到|起來|出)?|留意|觀察|顯示|集中|關注|搶眼|亮點|重點|主要|一開始|最低點|結束"
        "|焦點|吸引|表現|反應|出力|動作最"
    ),
)  # fmt: skip

_RIGHT = "(?:正確|做對|標準|到位|漂亮|合格|好(?!好)|對(?![準齊著在])|乾淨|過關|達標|及格|沒問題|沒有問題)"
_STOPS = "。！？!?"
_SENTENCE = re.compile(f"[^{_STOPS}]*[{_STOPS}]+[」』”）]*|[^{_STOPS}]+$")
_CALL = re.compile(r"^[^，、：\d]{1,4}[！？!?]$")
_BLANK = re.compile(r"\s+")
_SIGN = re.compile(r"[㐀-鿿]|\d+")
_FULL_WIDTH = {ord("０") + i: str(i) for i in range(10)} | {ord("．"): "."}


def tidy(text: str) -> str:
    """The text without blanks, with plain digits."""
    return _BLANK.sub("", text.strip()).translate(_FULL_WIDTH)


def split(text: str) -> list[str]:
    """The sentences; a short call ("加油！") belongs to the one after it, at the end to the one before it."""
    found: list[str] = []
    call = ""
    for part in _SENTENCE.findall(text.strip()):
        plain = part.strip()
        if not plain:
            continue
        if _CALL.match(plain):
            call += plain
        else:
            found.append(call + plain)
            call = ""
    if call:
        found = [*found[:-1], found[-1] + call] if found else [call]
    return found


def foreign(text: str) -> str:
    """What does not belong into a text in Traditional Chinese."""
    simple = next((sign for sign in text if sign in SIMPLIFIED), "")
    if simple:
        return f"it has a simplified character: {simple}"
    if re.search(r"[A-Za-zÀ-ɏ]", text) or not re.search("[㐀-鿿]", text):
        return "it is not all in Chinese"
    if any(not sign.isprintable() and sign != "\n" for sign in text) or re.search("[぀-ヿ가-힯]", text):
        return "it has unreadable characters"
    return ""


def strange(text: str) -> str:
    """The first character of a text that is none of the plain ones."""
    return next((sign for sign in text if "㐀" <= sign <= "鿿" and sign not in PLAIN), "")


def strange_beside(text: str) -> str:
    """The same for what stands beside a fact, where a little more may be said."""
    return next((sign for sign in text if "㐀" <= sign <= "鿿" and sign not in PLAIN and sign not in BESIDE), "")


LEXICON = Lexicon(
    language="zh_TW",
    tidy=tidy,
    split=split,
    count_words=lambda text: len(_SIGN.findall(text)),
    foreign=foreign,
    strange=strange,
    strange_beside=strange_beside,
    numbers=numbers,
    summary=Length((2, 4), (8, 180)),
    answer=Length((1, 3), (4, 150)),
    closed=("。", "！", "？", "!", "?"),
    faults=FAULTS,
    directions=DIRECTIONS,
    parts=PARTS,
    this_fault=either("問題|情形|情況|這一點|這點|狀況|毛病|這樣|它"),
    overall=either("(?:大多(?:在|是)?|多半在?|尤其(?:是|在)?|特別(?:是|在)?|主要(?:是|在)|[，、])$"),
    subject=re.compile("(?:把|讓|將|使)(?:你的|兩個|兩邊的?)?(?=(?P<part>[^，。；：！？]{1,4}))"),
    denied_before=either("(?:沒有?|並未|未曾|不再|毫無|從未|不會|不是|並非)(?!其他|別的)[^，。；：！？]{0,6}$"),
    denied_inside=either("沒有|並未|不再|未曾|不會|並沒|沒(?!有?問)"),
    tells=either("[了太很也都偏越]|超[過出]|過[多頭窄近高大遠低]|不夠|[沒未]|得"),
    warned=either(
        "(?:不要|別|勿|避免|防止|不能|不可|而不是|不是|以免|免得|不該|不應該?|小心|不讓|不會|而非|停止|不再"
        "|沒有?|才不)[^，。；：！？]{0,8}$"
    ),
    caused=either("(?<!不)(?<!別)(?:讓|把|將|使)(?:你的?|兩個|雙)?手?$"),
    undone=either("(?:不要|不用|不必|不需要?|(?<![特分差識])別|停止|避免)(?!急|讓|太|再|晃|放棄|擔心|怕|忘|客氣|停|氣)"),
    part_of_sentence=either("[^，；：]+"),
    turned=either("不要|別|避免|而不是|而非|不讓|沒有|不會"),
    kept=either("保持|維持|繼續|照|很好|不錯|一樣|剛好|正確|這樣"),
    unmeasured=either(
        "太[快慢急]|過[快慢急]|重心不穩|搖晃|晃動|不平衡|失去平衡|腳跟(?:離地|抬起|浮起)|駝背|圓背|拱背"
        "|呼吸(?:太|過|急|不順|紊亂)",
        "不對稱|代償|借力|低頭|抬頭|太用力|僵硬|太寬|太重|扭轉|左右(?:不|高低)|單邊|缺乏|沒力|無力|太緊|太鬆|站不穩",
    ),
    measures=either(
        "(?:膝蓋|前膝|後膝|髖部|髖|手肘|肘部|肩膀|肩部|肩|腳踝|踝|手腕|背部|頸部|大腿|小腿|上臂|手臂|腰部|臀部"
        "|雙腳|上身|軀幹|頭部|腳尖|腳跟|胸口)"
        "(?:的)?(?:角度|間距|距離|前移距離|前傾角度|側傾角度|後仰角度|張開角度)|(?:頭部?|膝蓋?|肩膀?|胸口?"
        "|背部?|腳跟?|手肘?|腹部?|腰部?)(?:高出|低於)身體線",
    ),
    phases={
        "beginning": either("(?<!從)一開始|開始時|起始|起點|最高點|剛開始|動作開始|下去時|下放時|往下時|開頭"),
        "bottom": either("最低點|最低處|底部|最下面|蹲到底|最深處|最低的(?:地方|時候|位置)"),
        "end": either("(?<!組)結束(?!這|本|了|後)|最後階段|站起來?時|起身時|推起來?時|收尾|尾聲|結尾|末段|往上時"),
    },
    exercises={
        "squat": either("深蹲(?!跳)|蹲舉"),
        "lunge": either("弓箭步|弓步|跨步蹲|箭步蹲|分腿蹲"),
        "push_up": either("伏地挺身|俯臥撐|掌上壓"),
        "another exercise": either(
            "硬舉|平板支撐|棒式|仰臥起坐|捲腹|引體向上|波比跳|開合跳|臥推|登山(?:者|式)|橋式|臀橋|划船|側平舉"
            "|彎舉|跳繩|跑步|衝刺|肩推|推舉"
            "|抬腿|提踵|蹲跳|深蹲跳|靠牆蹲|壺鈴|單槓|跳躍|瑜[伽珈]|飛鳥"
        ),
    },
    flawless=either(
        f"(?:全部|全都|通通|統統|全數|下下|每一?[下個次])(?:都|全|是|很|動作|做得|算|非常)*{_RIGHT}|全(?:對|過關|過|正確)"
        f"|(?:這|(?<!第)一)下(?:深蹲|弓箭步|伏地挺身)，?(?:都|也|就|是|很|動作|做得|算|非常)*{_RIGHT}"
        f"|(?:深蹲|弓箭步|伏地挺身)一下，?(?:都|也|就|是|很|動作|做得|算|非常)*{_RIGHT}|完美|無懈可擊"
        "|零失誤|(?:沒有?|毫?無)(?:任何|半點|一個|一次)?(?:失誤|差錯|失手|出錯|犯錯|做錯)"
        "|沒有(?:任何)?(?:地方|一處|什麼)?(?:需要|要|可以)(?:改|修正|調整)|百分之百|滿分",
    ),
    no_fault=either("沒(?:有)?(?:再)?(?:發現|看到|找到|出現|任何|什麼)(?:到|任何|什麼|明顯)*的?(?:問題|錯誤"
        "|毛病|缺點)|沒有(?:問題|錯誤|缺點)|零錯誤"),
    none_correct=either(
        "(?:沒有?|無|還沒有?)(?:任何)?一[下個次](?:是|都|算|動作|做得)*(?:正確|做對|標準|到位|合格|漂亮)"
        "|全部(?:都)?(?:不正確|做錯|不標準)"
        "|[沒無](?:有)?(?:正確|做對)的"
    ),
    good_form=either("(?<!讓)動作(?:都)?(?:很|非常)?(?:正確|標準|漂亮|到位)|做得(?:很|非常"
        "|真)?[好棒](?=[，。！])|姿勢(?:很)?(?:正確|標準)"),
    good_value=either("讚|很好|漂亮|做得好|達標了?|達陣|達成|剛剛?好|不錯|很棒|很標準"),
    compared=either("上一?[組次回]|前一[組次]|之前那?[組次]|進步|退步|比起|相比|當時"),
    no_last=either(
        "(?:沒有?|尚無|尚未有|缺少)[^，。；：！？]{0,6}(?:上一?[組次](?!好|那麼|多|的好)|前一[組次]|之前的"
        "|可以比|可比|能比|比較的)"
        "|(?:無法|不能|沒辦法|沒得|還不能|無從)(?:做)?(?:比較|相比|對照)|第一組|(?:才能|才可以|就能|就可以"
        "|再來?|才好)(?:做)?比較"
        "|不知道上一|上一?[組次][^，。；：！？]{0,4}(?:還沒|沒有(?:資料|紀錄|記錄))"
    ),
    last_better=either(
        "(?<![比跟和較])(?:上一?|前一)[組次](?:的表現|做得)?(?:比較|更|稍微|還|明顯)?(?:比較|要)?(?:好(?!的)|強|穩|漂亮)"
    ),
    last_worse=either(
        "(?<![比跟和較如])(?:上一?|前一)[組次](?:的表現|做得)?(?:比較|更|稍微|還|明顯)?(?:比較|要)?(?:差(?!不多|一點)|糟|不好|退步)"
    ),
    trends={
        "better": either("進步|(?:更|變)好|好轉|提升|提高|(?:比上一?[組次]|這次)[^，。；：！？]{0,4}好(?!的)"
        "|往上走|上升|多對|往前一步"),
        "worse": either("退步|(?:更|變)差|倒退|下滑|不如上|比上一?[組次][^，。；：！？]{0,4}差|少了|追回|找回"),
        "same": either(
            "差不多|(?<![照板])一樣(?!寬|高|的動作|的方式|做|好好)|相同|持平|沒有?(?:什麼|多少)?(?:變化|改變)"
            "|同樣(?:水準|的水準|多)|維持(?:在)?(?:上一組的)?水準"
            "|不相上下"
        ),
    },
    steady=either(
        "(?<![不更再求要太夠])(?<!保持)(?<!不太)(?<!不是很)(?<!做得)穩定(?!度|地|下來|一點|一些)"
        "|很穩(?=[，。！])|(?<!不)(?<!不太)(?<!更)(?<!做得)一致(?!一)|很整齊"
        "|變化(?:很|非常)?(?:小|少)|變化不大|很平均|每一?下都(?:很|非常)?(?:像|接近)|差異很小",
    ),
    uneven=either(
        "(?<!穩)不(?:太|夠|是很|怎麼|算)?穩定?(?!住)|不(?:太|夠)?(?:一致|平均|整齊)|忽[^，。]{1,2}忽|參差"
        "|起伏(?:很|較|有點|比較)?大|(?:變化|差異|落差)(?:很|較|有點|比較|還)大|時[好高深]時"
    ),
    banned=BANNED,
)  # fmt: skip
