"""How Traditional Chinese texts about a set are read."""

from __future__ import annotations

import re

from trainer.coach.judge.lexicon import Lexicon, any_of, ways
from trainer.coach.judge.numbers import AMOUNT, COUNT, HIGH, LOW, PAIR, REPETITION, Pattern

_N = r"(?P<a>\d+(?:\.\d+)?)"
_AMONG = (
    r"(?:⟦E⟧)?(?:裡面|裡|當中|之中|中)?(?:的|其中|當中|有|只有|占了|就有|我給|拿下|進帳|"
    r"已經有|對了?|才對|完成){0,2}"
)
_UNIT = r"(?P<unit>度|秒|％|%|倍腳踝間距|個肩寬|個軀幹長|公分|倍)"
NUMBERS: tuple[Pattern, ...] = (
    (REPETITION, re.compile(r"第(?P<a>\d+)(?:下|次|個)")),
    (LOW, re.compile(rf"(?:至少|不低於|不少於|超過|大於|高於){_N}")),
    (HIGH, re.compile(rf"(?:最多|不超過|不高於|至多|小於|低於){_N}")),
    (PAIR, re.compile(rf"(?P<b>\d+)下{_AMONG}(?P<a>\d+)下")),
    (PAIR, re.compile(r"對了?(?P<a>\d+)下，共(?P<b>\d+)下")),
    (AMOUNT, re.compile(r"百分之(?P<a>\d+)")),
    (AMOUNT, re.compile(rf"{_N}{_UNIT}")),
    (AMOUNT, re.compile(r"(?P<a>\d+\.\d+)(?!\d|下)")),
    (AMOUNT, re.compile(r"⟦Q.⟧(?:是|到|為|有|達)?(?P<a>\d+)(?!下)")),
    (COUNT, re.compile(r"(?P<a>\d+(?:\.\d+)?)")),
)

EXERCISE = re.compile(r"^下(?:完整的|漂亮的)?⟦E⟧(?!做對|是正確|很到位)")
RIGHT_EXERCISE = re.compile(r"^下(?:正確的|漂亮的)⟦E⟧|^下⟦E⟧(?:都|全部|通通)?(?:正確|做對|到位|過關|合格)(?!的)")
CORRECT = re.compile(
    r"正確|做對|對了|到位|過關|合格|是對的|乾淨|很好|很讚|標準|穩當|榜樣|漂亮|點頭|"
    r"做得不錯|喜歡|達到要求|對\d|下對"
)
WRONG = re.compile(r"做錯|錯了|不對|失敗|不合格")
SPREAD = re.compile(r"(?:相差|差|差了|變化|變化僅|變化有|變化了)$")
REJECTED = re.compile(r"沒有算|沒算|不算|不完整|不列入|沒做滿|沒有做滿|都差一點|扣掉|試了|不能算")
FAULTY = re.compile(r"⟦F.⟧")

_DIGITS = "零一二三四五六七八九"
_WORDED = re.compile(
    r"(?<![0-9一二三四五六七八九十])(第?)(二十|十[一二三四五六七八九]?|"
    r"[二兩三四五六七八九])(?=下(?!去|來|子|次|一|降|蹲|沉)|度(?!很)|秒|倍|個肩|個軀)"
)


def digits(text: str) -> str:
    """Numbers in characters as digits, where something is counted or measured; `一下` is also "a little" and stays."""
    return _WORDED.sub(lambda m: m.group(1) + str(_value(m.group(2))), text)


def _value(word: str) -> int:
    word = word.replace("兩", "二")
    if word == "二十":
        return 20
    if word.startswith("十") and len(word) == 2:
        return 10 + _DIGITS.index(word[1])
    return 10 if word == "十" else _DIGITS.index(word)


_PARTS = "肩膀|肩|手肘|肘|手腕|髖|臀|膝蓋|膝|腳踝|腳跟|腳尖|小趾|大腿|小腿|腿|腳|手臂|手|側|邊|眼|耳"

CHINESE = Lexicon(
    errors={
        ("squat", "too_shallow"): any_of(
            r"(?:不夠|沒有?蹲|沒)(?:蹲)?(?:深|低|到底)|太淺|深度不(?:夠|足)|只蹲(?:了)?一半"
        ),
        ("squat", "knees_inward"): any_of(
            r"膝蓋?(?:都|有點|一直|往|向|朝|開始)*(?:內扣|內夾|內倒|夾|內靠|裡面?倒|內塌|內)|夾膝|內八"
        ),
        ("squat", "feet_too_close"): any_of(r"(?:雙腳|腳|站|站姿|站距)(?:站)?(?:得)?(?:太|過)(?:近|窄)|站距不夠"),
        ("squat", "forward_lean"): any_of(
            r"(?:上身|上半身|身體|胸口|軀幹)(?:太|過度|有點|一直)*(?:往前|向前|前)(?:傾|倒|趴|彎)|"
            r"彎腰|駝背|前傾(?:太多|過多)"
        ),
        ("squat", "knees_past_toes"): any_of(r"(?<!前)膝蓋?(?:太|都)?(?:超過|超出|越過|跑到)(?:了)?(?:腳尖|腳趾)"),
        ("lunge", "too_high"): any_of(
            r"(?:蹲|站|停|身體)(?:得)?(?:太|過)高|後膝(?:離地|沒有?放低|太高)|(?:沉|蹲|"
            r"下)得?不夠(?:低|深)"
        ),
        ("lunge", "knee_past_toe"): any_of(
            r"前膝(?:太|都|蓋)?(?:超過|超出|越過|跑到)(?:了)?(?:腳尖|腳趾)|步伐太小|步子太短"
        ),
        ("lunge", "trunk_lean"): any_of(
            r"(?:上身|上半身|身體|軀幹)(?:有點|一直|往旁邊|向一邊|太)*(?:歪|斜|側傾|倒|晃|傾)"
        ),
        ("push_up", "hips_sag"): any_of(r"(?:臀部|臀|腰|下背)(?:一直|往|向|太)*(?:下沉|下掉|下塌|掉|塌|垂|沉|凹)|塌腰"),
        ("push_up", "hips_pike"): any_of(
            r"(?:臀部|臀|屁股)(?:抬|翹|頂|舉)(?:得)?(?:太|過)?高|翹屁股|臀部拱起|臀部太高"
        ),
        ("push_up", "elbows_flared"): any_of(
            r"(?:手肘|肘)(?:太|都|一直|往|向|朝)*(?:外張|外開|張開|外翻|外撐|外)|手肘太開"
        ),
        ("push_up", "too_shallow"): any_of(
            r"(?:下得|下去|降得|壓得|身體)不夠(?:低|深)|(?:不夠低|太淺)|只做(?:了)?一半|"
            r"手臂彎得不夠|下去得?不夠"
        ),
    },
    exercises=any_of(
        r"深蹲",
        r"弓箭步|弓步|分腿蹲",
        r"伏地挺身|俯臥撐",
        r"硬舉|臥推|引體向上|仰臥起坐|捲腹|棒式|平板支撐|波比跳|波比|二頭彎舉|划船|開合跳|"
        r"登山者|肩推|臀推|橋式|跳繩|提踵|壺鈴|靠牆坐",
    ),
    parts={
        "knee": any_of(r"膝"),
        "toe": any_of(r"腳尖|小趾|腳趾"),
        "heel": any_of(r"腳跟"),
        "ankle": any_of(r"腳踝"),
        "foot": any_of(r"雙腳|(?<!左)(?<!右)腳(?!尖|趾|跟|踝|步|本)"),
        "hip": any_of(r"臀|髖|屁股"),
        "thigh": any_of(r"大腿"),
        "shin": any_of(r"小腿"),
        "chest": any_of(r"胸"),
        "back": any_of(r"背(?!面|起|影)|腰"),
        "upper body": any_of(r"上身|上半身|軀幹(?!長)"),
        "shoulder": any_of(r"肩(?!寬)"),
        "belly": any_of(r"腹部|肚子|核心"),
        "elbow": any_of(r"肘"),
        "arm": any_of(r"手臂|上臂|前臂"),
        "wrist": any_of(r"手腕"),
        "hand": any_of(r"手掌|雙手|手指"),
        "head": any_of(r"頭部|額頭|耳朵|下巴|臉|抬頭|低頭"),
        "neck": any_of(r"脖子|頸"),
        "sides": any_of(r"身體兩側"),
        "leg": any_of(r"雙腿|後腿|前腿"),
    },
    joints={
        "肩膀": "shoulder",
        "肩": "shoulder",
        "手肘": "elbow",
        "肘": "elbow",
        "手腕": "wrist",
        "髖": "hip",
        "臀": "hip",
        "膝蓋": "knee",
        "膝": "knee",
        "腳踝": "ankle",
        "腳跟": "heel",
        "腳尖": "foot_index",
        "小趾": "small_toe",
        "腳": "foot",
        "手": "wrist",
    },
    sided=re.compile(rf"(左|右)(?:邊的?|側的?)?({_PARTS})(?!右|左)"),
    phases={
        "beginning": any_of(r"一開始|起始時|剛開始|最高點|下降時|往下時"),
        "bottom": any_of(r"最低點|到底時|底部"),
        "end": any_of(r"結束時|收尾時|起身時|站起來時|推起時|最後階段"),
        "middle": any_of(r"中段|中途|半路"),
    },
    directions={
        "out": any_of(r"往外|向外|外推|打開|外張|往兩側|拉開|放寬|站寬|撐開|外開"),
        "in": any_of(r"往內|向內|內扣|內收|收進|靠近|夾|併攏|往裡"),
        "up": any_of(r"抬|往上|向上|挺起|拉高"),
        "down": any_of(r"往下|向下|放低|下沉|降|壓低|沉|坐"),
        "forward": any_of(r"往前|向前|前傾|前移"),
        "back": any_of(r"往後|向後|後仰|後坐"),
    },
    ways=ways(
        "往外 往內 向外 向內 往後 往前 向後 向前 往上 往下 外 內 上 下 前 後 高 低 深 淺 寬 "
        "窄 遠 近 抬 降 鬆 緊 彎 直 打開 併攏 夾緊 撐開 夾 撐 拉開"
        " 靠近 遠離 放低 抬高 壓低 收緊 放鬆 縮緊 內扣 外翻 外張 內夾 外開 內收 前傾 後仰 "
        "下沉 上抬 超過 落後 下降 上升 直立 傾斜 挺直 彎曲 挺起 縮起 上方 下方"
        " 大 小 抬到 降到 夾近 張開 收進來 張出去 站 坐"
    ),
    orders=any_of(r"請|把|讓|記得|要|再|先|下一組|下次|試試|用力|保持"),
    reach=5,
    claims=(
        (
            "all",
            any_of(
                r"全部(?:正確|過關|做對|到位)|全對|每一下都(?:正確|漂亮|到位|很好|對)|沒有一下需要改|"
                r"沒有失誤|通通合格|都(?:到位|正確|做對|對|沒問題)(?!了?嗎)|完美|當範本|從頭到尾都很"
            ),
        ),
        (
            "none",
            any_of(
                r"沒有一下(?:正確|到位|做對|合格)|沒有(?:做對|正確)的|都還差一點|全部(?:錯|不正確|"
                r"做錯)|全錯|都要再調整|一下都沒對"
            ),
        ),
        ("some wrong", any_of(r"不正確")),
        (
            "nothing",
            any_of(
                r"沒有算到|還沒算到|沒有計數|數不到|沒有一下⟦E⟧(?:做完整|可以算)|還沒有完整的⟦E⟧|"
                r"計數是零|都還不能算|沒有一下可以算"
            ),
        ),
        (
            "open",
            any_of(
                r"無法判斷|看不清楚|動作(?:還)?不明|不足以判斷|不能下結論|沒有結論|不下結論|"
                r"沒辦法下結論|還沒辦法判斷"
            ),
        ),
        ("no fault", any_of(r"沒有發現|沒有問題(?:要|。|，|！)|不用急著改|沒有要改的")),
        ("steady", any_of(r"(?<!不)(?<!不太)(?<!不夠)(?<!還不)穩定(?!度(?:要|再))|很一致|非常一致")),
        ("uneven", any_of(r"不(?:太|夠)?穩定|忽大忽小|穩定度(?:要|再)|變化有|忽高忽低")),
        ("worse", any_of(r"退步|退了一步|略差|⟦L⟧(?:比較|更)好|變差|不如⟦L⟧|下比較好|較差")),
        ("better", any_of(r"進步|(?<!⟦L⟧)更好(?!的)|往前一步|提升")),
        ("same", any_of(r"差不多|持平|打平|一樣多|同樣水準")),
        (
            "no last",
            any_of(
                r"沒有⟦L⟧|沒有之前|沒得比|不能比|第一組|沒有紀錄|再來比較|就能比了|第一個紀錄|"
                r"做一組，就能|下一組再比|可以比較"
            ),
        ),
    ),
    fine=any_of(r"剛剛好|達成了|合乎標準|達標|達陣|滿分|就是要這樣|做得很好|這裡做得好|控制得當"),
    last=any_of(r"(?:和|跟|比起|比)?上一?組(?:的)?|上次|前一組|之前那組|同樣問題(?=\d)"),
    now=any_of(r"這次|這組|現在|這回|今天|本組|到(?=\d+下)"),
    unsafe=any_of(
        r"痛|疼|受傷|傷害|傷到|舊傷|拉傷|扭傷|損傷|痠|酸(?:軟|麻|到)|醫生|醫師|就醫|看醫|治療|治好|治癒|"
        r"復健|診斷|吃藥|藥|發炎|韌帶|肌腱|軟骨|半月板|椎間盤|關節炎|磨損|頭暈|暈|麻木|發麻|"
        r"腫|抽筋|手術|疾病|病|冰敷|貼布",
        r"憋氣|閉氣|不要呼吸|硬撐|撐過去|忍一忍|忍著|忍住|忽略|別管|不管(?:多|身體)|力竭|"
        r"做到(?:倒|爬不起|不能動)|越快越好|越重越好|盡量快|最快|最重(?!要)|加重|加上?(?:槓片|"
        r"重量)|大重量|不(?:用|要|需要|必)(?:休息|暖身|熱身|停)|別(?:休息|停)|跳過(?:休息|"
        r"暖身|熱身)|鎖死|彈震|猛力|用力甩|減肥|瘦身|燃脂|加倍",
    ),
    jargon=any_of(
        r"顯著|熱力|熱區|網路|模型|機率|百分之|演算法|信心|關鍵點|感測|閾值|分類|神經|辨識|"
        r"運動學|生物力學|屈曲|伸展角|外翻|矢狀|比率|％|%"
    ),
    foreign=re.compile(
        r"[A-Za-z,!?;:()]|[这们来时对说动开关节头脚体样为过还发现问"
        r"题组练习标确实际进让带边记录总结单数电双处应该认识长间响声优点线条从态势压紧张"
        r"简变难欢乐觉选择仅属观测级训调试轻东车马门闻风飞个会学两并膑胫稳够]"
    ),
    idioms=any_of(
        r"從頭到[腳尾]|回頭|起頭|點頭|手邊|臨門一腳|下手(?!肘|腕|臂|掌)|會更好|"
        r"(?<!直)到手(?!掌|肘|腕|臂)|拿下|抓到了|眼睛|眼前|盯緊|口訣|進步的?(?:機會|空間)|"
        r"左右|教練我|看得見|改善空間|手感|上手|一步一腳印|心裡|身體要記住"
    ),
    sentence=re.compile(r"(?<=[。！？!?])|\n+"),
    segment=re.compile(r"[，；：、,;:]"),
)
