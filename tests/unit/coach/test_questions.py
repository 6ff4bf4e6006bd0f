from __future__ import annotations

import pytest

from fias_desktop.coach.questions import HEALTH, OTHER, topic_of
from fias_desktop.coach.request import COUNT, FIRST, GOOD, PROGRESS, WHY


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Why?", WHY),
        ("why do you say that", WHY),
        ("What was wrong?", WHY),
        ("What should I change first?", FIRST),
        ("How can I fix my knees?", FIRST),
        ("what next", FIRST),
        ("What went well?", GOOD),
        ("Is it better than the last set?", PROGRESS),
        ("Did I improve?", PROGRESS),
        ("Have I improved?", PROGRESS),
        ("How many did I do?", COUNT),
        ("Were my reps even?", COUNT),
        ("My knee hurts, what should I do?", HEALTH),
        ("Can this injure my back?", HEALTH),
        ("What is the capital of France?", OTHER),
        ("", OTHER),
        ("為什麼？", WHY),
        ("我哪裡錯了", WHY),
        ("先改什麼？", FIRST),
        ("接下來怎麼做", FIRST),
        ("哪裡做得好？", GOOD),
        ("比上一組好嗎", PROGRESS),
        ("我做了幾下？", COUNT),
        ("膝蓋會痛怎麼辦", HEALTH),
        ("今天天氣好嗎", OTHER),
    ],
)
def test_a_question_finds_its_topic(question: str, topic: str) -> None:
    assert topic_of(question) == topic
