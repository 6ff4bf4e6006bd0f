"""The phrasebook's Traditional Chinese."""

from __future__ import annotations

from fias_desktop.coach.phrasebook.phrases import Phrases

CHINESE = Phrases(
    nothing_counted=("這一組還沒有算到完整的{one}。", "這一組沒有一下{one}做完整。"),
    not_judged=("你做了{n}下{name}，但動作無法判斷。", "算到{n}下{name}，不過畫面不足以判斷動作。"),
    all_correct=(
        "做得好，{n}下{name}全部正確。",
        "很漂亮，{n}下{name}全部正確。",
        "{n}下{name}全部正確，做得好。",
    ),
    one_correct=("這下{one}很正確，做得好。", "做得好，這下{one}是正確的。"),
    some_correct=(
        "你做了{n}下{name}，{n}下中{c}下正確。",
        "不錯，{n}下{name}，{n}下中{c}下正確。",
    ),
    none_correct=("你做了{n}下{name}，還沒有一下正確。", "謝謝你完成{n}下{name}，有一點需要改進。"),
    fault=(
        "第{rep}下{where}，{said}：{quantity}{amount}，應該{limit}。",
        "最明顯是第{rep}下{where}：{said}，{quantity}{amount}，應該{limit}。",
        "看看第{rep}下：{said}，{where}的{quantity}{amount}，應該{limit}。",
    ),
    fault_seen=("{said}，{n}下中有{k}下。", "{n}下中有{k}下，{said}。"),
    often=("{said}，{n}下中有{k}下。", "{n}下中有{k}下，{said}。"),
    good=("{where}{quantity}{amount}，應該{limit}，這裡做得好。", "做得好的是{where}{quantity}{amount}，應該{limit}。"),
    measured=("{where}{quantity}{amount}，應該{limit}。",),
    nothing_good=("這一組還看不出明顯的優點，下一組再試試看。",),
    next_step=("下一組，{tip}。", "接下來，{tip}。", "下次試試看：{tip}。"),
    keep=("下一組照這樣做。", "休息一下，下一組保持同樣的動作。", "下一組維持這個動作。"),
    stay_in_picture=("請讓全身都在畫面裡。", "請往後站一點，讓全身都在畫面裡。"),
    full_movement=("請慢慢做完整個上下的動作，並讓全身都在畫面裡。",),
    before={
        "better": ("上一組{bn}下中{bc}下正確，這次{n}下中{c}下正確，進步了。", "比上一組的{bn}下中{bc}下正確進步了。"),
        "worse": ("上一組{bn}下中{bc}下正確，這次{n}下中{c}下正確，稍微退步。",),
        "same": ("上一組{bn}下中{bc}下正確，這次{n}下中{c}下正確，差不多。",),
    },
    main_before=("同樣的問題，上一組{bn}下中有{bk}下，這次{n}下中有{k}下。",),
    nothing_before=("還沒有上一組{many}可以比較。",),
    stood_out=("{where}最明顯的是{joint}。", "{joint}在{where}最明顯。"),
    steady=("每一下都很穩定，{quantity}相差{spread}。", "動作穩定，{quantity}相差{spread}。"),
    uneven=("每一下不太穩定，{quantity}相差{spread}。",),
    not_counted=("另有{r}下沒有算。", "還有{r}下沒有算進去。"),
    health=("我無法判斷疼痛或受傷。請先停下來，並詢問醫師或物理治療師。",),
    other=("我只能談這次的訓練：為什麼這一點重要、先改什麼、哪裡做得好、和上一組相比如何，以及做了幾下。",),
    space="",
    stop="。",
    cheer="！",
)
