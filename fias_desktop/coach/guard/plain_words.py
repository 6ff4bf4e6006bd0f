"""Words of plain coaching talk. A sentence that says nothing about the set itself may consist of these alone: what is
unsafe or unasked for has endless wordings, what a coach needs to say beside the facts has few."""

from __future__ import annotations

_ENGLISH = """
a able about above accuracy accurate across active add advice after again ahead aim alike all almost alone along
already also although always am amazing among an and angle another any anything apart appears are around as ask at
athlete attention attracts awesome back bag balance balanced base be because been before began begin beginning
begins behind being belly below bend best better between big bigger bit board body boom both bottom brace bravo
break breath breathe breathing brilliant bring build building busiest but by called calm calmly came camera can
can't cannot care careful carefully carry catch catches caught celebrate certain chair champion chance change
changed changing check chest clean cleaner clear clearly close closer coach come comes comfort comfortable coming
compare complete completed completely confident consistent continue control controlled correct correction could
couldn't count counted counts crack cue data deep deeper detail details did didn't difference different difficult
direction distance do does doesn't doing don't done down draw draws drew drink drop during each earlier easily easy
effort either elbow end energy enjoy enough entire error errors especially even evenly every everything exact
exactly excellent exercise exercises explain eye eyes face facing fantastic far fault faults feel feeling feels felt
few fewer fight find finding fine finish finished firm first fix floor focus focused follow for form found frame
free fresh from front full fully further gave gentle gently get getting give giving glad go goal goals going gone
good got grab great ground grow growing guide habit had half happen happy hard has have having he hear heard heel
heels help helped helping helps here here's hero hey hidden higher hinge hips hit hold holding honest how i i'm i've
idea if imagine impressive improve improved improvement improves improving in inside into inward is isn't it it's
its job journey joy judge judged just keep kept knees know known large last later learn learned learning least less
let let's level lift light lightly like liked likely line list little long longer look looked looking lot love
lovely lower lunge lunges mainly maintain make makes making many mark matter matters may me measure measured mend
met metre middle might mind minute minutes mirror mission mistake mistakes moment moments more most mostly motion
motions move movement movements moving much must my nailed name near nearly need needs never new next nice no none
not nothing notice noticed now number numbers of off often ok okay old on once one ones only onto open or our out
outside outward outwards over own pace paid part parts path patience patient pause pay picture piece place places
plan please pleased plenty plus point points position possible powerful practice practise praise precise press
previous progress proud push pushed quality question quick quite raise range rather reach reached reaching ready
real really reason relax relaxed remain remember rep repeat repetition repetitions reps rest rested result results
rhythm right road room round rounds safe safely said same saw say saying score second seconds see seem seemed seems
seen send session set sets several shall shape sharp sharpen she short should show showed shows side sides simple
simply since single sink sip sit sitting slips slow slower slowly small smaller smile smooth smoothly so softly
solid some something sometimes soon sort space spot spread squat squats squeeze stability stable stack stance stand
standing stands star stars start starting stay stays steady step steps still stood stop straight strength strong
stronger style success super superb support supports sure sweat take taking tall task teach technique tell telling
tempo than thank thanks that that's the them then there there's these they thing things think this those though
three through tidy tight tighten time times tip tips tired to today told tomorrow too took top toward towards towel
track train training tried true try trying tuck turn two under unknown unless until up upon upright us use usual
usually value verdict very view wall want wanted wants was wasn't watch watched watching water way we we'll we're
well went were what when where which while who whole why wide wider will win winning wish with within without won't
wonderful work worked working workout works worries worth would wow wrong yes yet you you'll you're you've your
yours yourself
"""
ENGLISH = frozenset(_ENGLISH.split())

CHINESE = frozenset(
    "零一上下不且並中之乎也乾亂了事亮人什今他以件任份休伸但位低住作你來係保信修個們候值做停備像優先光兒入內全其"
    "再出分判別到制刻前剛力加助努動務勢勻化十半原厲去又友受口句只可右合同向吸周呼品哇哪問啦善喊喔喘喜喝單回因"
    "圍在地均坐基增壁壞外多夠大天太失奏她好如始姿子字它完定害實寧寫寬專對導小少尤就尾工左差己已巾希帥帶常幫平"
    "幾序底度延建引強彎彩影往待很後得從微心快念怎怕急恭息您惜想意感慢應成我或戰所才打找把投抬拉拍拚拿持挑掉掌"
    "接控推提換握搶撐擺攝收改放教敢整數斷方旁明是時暖暢更最會有朋服望本束板果柔查格案條棄棒椅楚概標樣檢次歡正"
    "此步每比毛氣水求汗沒油沿法注流淨深淺清測準滑滿漂火灰為無焦然照牆特猜現用留畫當發白的目盯直相看真眼知短確"
    "磨礎秀秒程稍稱穩空穿窄立站第等答算節範簡精紀級索累細終組結給經維緊線練績繼續置美習老者而聲聽肯能腳自興舊"
    "舒苦著處衝衡表袋裡製複要見覺角解計訓記訣許試話該認誤說調談請論講謝議讀變讓讚質贏走起超足跑跟路蹲身較輕輪"
    "轉辛辦近退這通速進遍過道還邊那部都醒釋重量錄錯鍵鏡鐘長開間關防隨集雖離需非靠面鞋順領頭題願顧顯餘首馬體高"
    "鬆麼默點鼓齊"
)

# What may stand beside a fact in its sentence, and not alone.
_BESIDE = """
main beat total besides held other others uneven spent pushing fired drive forward rock news credit plain worse
else made seen showed hello hi ready yourself overall today's however since where whose during therefore first
second clearly mostly nearly exactly twice often rarely important biggest chief key issue problem trouble thing
comes came stays got happened appeared remains measured reading reads result clearest strongest
"""
ENGLISH_BESIDE = frozenset(_BESIDE.split())
CHINESE_BESIDE = frozenset(
    "嘿垂達跨矮略消抓若致主另沉繃耶啊勁紮和曲仔報浪理升各純補擔擦問而首關於像據依然陣費降凳級一二兩三四五六七八九十百"
)
