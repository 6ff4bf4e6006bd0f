from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import islice, product

import numpy as np
import pytest

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.guard import check
from fias_desktop.coach.languages import LANGUAGES, words_of
from fias_desktop.coach.prompt import build_prompt
from fias_desktop.coach.request import FIRST, SUMMARY, TOPICS, VOICES, WHY, Request
from fias_desktop.resources import exercise_rules
from trainer.coach.corpus import Sample, held_out_samples, random_facts, samples
from trainer.coach.grammar import GRAMMARS, write
from trainer.coach.grammar.frames import Table
from trainer.coach.grammar.slots import slots
from trainer.coach.held_out import combination, held_out
from trainer.coach.readability import distinct_2, grade, syllables, words_in

MOST_WORDS, MOST_CHARACTERS = 80, 120
REQUESTS = [Request(*parts) for parts in product(TOPICS, VOICES, LANGUAGES)]


@pytest.fixture(scope="module")
def texts() -> list[Sample]:
    return list(islice(samples(3, exercise_rules()), 2000))


@pytest.fixture(scope="module")
def kept() -> list[Sample]:
    return list(islice(held_out_samples(3, exercise_rules()), 200))


@pytest.fixture(scope="module")
def drawn() -> list[Facts]:
    return list(islice(random_facts(np.random.default_rng(6), exercise_rules()), 700))


@pytest.fixture(scope="module")
def by_error() -> dict[tuple[str, str], list[Facts]]:
    """Twenty sets of every main error."""
    found: dict[tuple[str, str], list[Facts]] = defaultdict(list)
    for facts in random_facts(np.random.default_rng(8), exercise_rules()):
        if facts.findings:
            found[facts.exercise, facts.findings[0].error].append(facts)
        if len(found) == 12 and min(map(len, found.values())) >= 20:
            return {key: rows[:20] for key, rows in found.items()}
    raise AssertionError


def _tables(part: object) -> Iterator[Table]:
    if isinstance(part, Table):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _tables(value)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _tables(getattr(part, field.name))


def _of(language: str, rows: list[Sample]) -> list[Sample]:
    return [row for row in rows if row.request.language == language]


def _length(sample: Sample) -> int:
    return len(sample.advice.split()) if sample.request.language == "en" else len(sample.advice)


def test_every_text_passes_the_guard(texts: list[Sample], kept: list[Sample]) -> None:
    refused = [(s.advice, check(s.advice, s.facts, s.request)) for s in [*texts, *kept]]
    assert [row for row in refused if row[1]] == []


def test_the_stream_covers_everything_that_may_be_asked(texts: list[Sample]) -> None:
    requests = Counter((s.facts.exercise, *vars(s.request).values()) for s in texts)
    assert len(requests) == 3 * len(TOPICS) * len(VOICES) * len(LANGUAGES)
    main = {(s.facts.exercise, s.facts.findings[0].error) for s in texts if s.facts.findings}
    assert len(main) == 12
    shares = Counter(s.request.topic for s in texts)
    assert 0.5 < shares[SUMMARY] / len(texts) < 0.6
    assert 0.4 < len(_of("en", texts)) / len(texts) < 0.6


def test_the_stream_covers_every_kind_of_set(texts: list[Sample]) -> None:
    facts = [s.facts for s in texts]
    assert any(f.counted == 0 and f.findings for f in facts)
    assert any(f.counted == 0 and not f.findings for f in facts)
    assert any(f.counted and not f.judged for f in facts)
    assert any(0 < f.correct < f.counted and not f.findings for f in facts)
    assert any(f.findings and f.findings[0].worst is None for f in facts)
    assert max(f.counted for f in facts) > 35
    assert len({f.before.main_count for f in facts if f.before}) > 8


def test_the_heat_lies_on_the_joints_of_the_error_more_often_than_not(drawn: list[Facts]) -> None:
    rules = {rule.error: rule.joints for exercise in exercise_rules() for rule in exercise.rules}
    hits = [f.hottest[0].joint in rules[f.findings[0].error] for f in drawn if f.findings and f.hottest]
    assert 0.35 < np.mean(hits) < 0.75


def test_the_texts_differ(texts: list[Sample]) -> None:
    assert len({s.advice for s in texts}) > 0.95 * len(texts)


def test_the_same_seed_gives_the_same_texts() -> None:
    rules = exercise_rules()
    once, again, other = (list(islice(samples(seed, rules), 9)) for seed in (1, 1, 2))
    assert [s.prompt + s.advice for s in once] == [s.prompt + s.advice for s in again]
    assert [s.prompt for s in once] != [s.prompt for s in other]


def test_no_held_out_combination_is_trained_on(texts: list[Sample], kept: list[Sample]) -> None:
    assert not any(held_out(s.facts) for s in texts)
    assert all(held_out(s.facts) for s in kept)
    assert not {combination(s.facts) for s in texts} & {combination(s.facts) for s in kept}


def test_a_tenth_of_the_sets_is_held_out(drawn: list[Facts]) -> None:
    assert 0.07 < np.mean([held_out(facts) for facts in drawn]) < 0.13


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sixth_of_the_frames_is_held_out(language: str) -> None:
    tables = list(_tables(GRAMMARS[language]))
    assert not any(set(table.training) & set(table.held_out) for table in tables)
    assert all(table.held_out for table in tables if len(table.training) > 2)
    kept = sum(len(table.held_out) for table in tables)
    assert 0.13 < kept / (kept + sum(len(table.training) for table in tables)) < 0.22


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_held_out_frame_is_trained_on(language: str, texts: list[Sample], kept: list[Sample]) -> None:
    tables = list(_tables(GRAMMARS[language]))
    trained = "\n".join(frame for table in tables for frame in table.training).lower()
    least = 15 if language == "en" else 5
    pieces = {p.strip().lower() for t in tables for frame in t.held_out for p in re.split(r"\{\w+\}", frame)}
    own = {piece for piece in pieces if len(piece) >= least and piece not in trained}
    assert len(own) > 40
    for sample in _of(language, texts):
        assert not any(piece in sample.advice.lower() for piece in own), sample.advice
    assert sum(any(piece in s.advice.lower() for piece in own) for s in _of(language, kept)) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_frame_can_be_filled_and_is_one_sentence(
    language: str, by_error: dict[tuple[str, str], list[Facts]]
) -> None:
    full = slots(next(f for rows in by_error.values() for f in rows if _has_everything(f)), words_of(language))
    tips = GRAMMARS[language].tips.values()
    for table in _tables(GRAMMARS[language]):
        for frame in table.training + table.held_out:
            text = frame.format_map(full | {"tip": "x"})
            assert "{" not in text
            assert len(re.findall(r"[!?。！？]|\.(?!\d)", text)) == (0 if table in tips else 1), text


def _has_everything(facts: Facts) -> bool:
    measured = facts.findings[0].worst and facts.good and facts.steadiness and facts.before
    return bool(measured and facts.hottest and len(facts.findings) > 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_several_tips(language: str) -> None:
    tips = GRAMMARS[language].tips
    assert set(tips) == set(words_of(language).errors)
    assert all(len(table.training) >= 4 and table.held_out for table in tips.values())


@pytest.mark.parametrize("held", [False, True])
def test_the_main_fault_is_named_by_its_own_words(held: bool, by_error: dict[tuple[str, str], list[Facts]]) -> None:
    rng = np.random.default_rng(1)
    for (exercise, error), rows in by_error.items():
        for facts, request in product(rows[:8], [r for r in REQUESTS if r.topic in (SUMMARY, WHY, FIRST)]):
            text = write(facts, request, rng, held).lower()
            own = words_of(request.language).error(exercise, error)
            assert own.name.lower() in text or own.said.lower() in text, text


def test_a_fault_that_was_only_recognised_has_no_measurement(drawn: list[Facts]) -> None:
    rng, seen = np.random.default_rng(2), 0
    for facts in (f for f in drawn if f.findings and f.findings[0].worst is None):
        for request in (r for r in REQUESTS if r.topic in (WHY, FIRST)):
            seen += 1
            assert not re.search(
                r"degrees|widths|lengths|spacing \d|repetition \d|\d度|第\d", write(facts, request, rng)
            )
    assert seen > 100


def test_only_numbers_of_the_prompt_are_said(texts: list[Sample], kept: list[Sample]) -> None:
    for sample in [*texts, *kept]:
        given = re.findall(r"\d+(?:\.\d+)?", build_prompt(sample.facts, sample.request).text)
        said = set(re.findall(r"\d+(?:\.\d+)?", sample.advice))
        # "all correct" and "none correct" may also be said in figures.
        assert said <= {*given, str(sample.facts.correct)}, (sample.prompt, sample.advice)


def test_no_text_is_long_and_a_summary_is_no_single_line(texts: list[Sample], kept: list[Sample]) -> None:
    for sample in [*texts, *kept]:
        assert _length(sample) <= (MOST_WORDS if sample.request.language == "en" else MOST_CHARACTERS)
    calm = [_length(s) for s in _of("en", texts) if s.request.topic == SUMMARY and s.request.voice == "calm"]
    assert 35 <= np.median(calm) <= 55


def test_the_voices_differ_in_length_and_punctuation(texts: list[Sample]) -> None:
    for language in LANGUAGES:
        rows = [s for s in _of(language, texts) if s.request.topic == SUMMARY]
        brief, calm = (np.mean([_length(s) for s in rows if s.request.voice == voice]) for voice in ("brief", "calm"))
        assert brief < 0.6 * calm
        lively = [s.advice[-1] in "!！" for s in rows if s.request.voice == "energetic"]
        assert np.mean(lively) > 0.95


def test_chinese_is_traditional_with_its_own_punctuation(texts: list[Sample], kept: list[Sample]) -> None:
    for sample in _of("zh_TW", [*texts, *kept]):
        assert not re.search(r"[A-Za-z\s,:;!?]", sample.advice), sample.advice
        # The character set of Taiwan has no simplified characters.
        sample.advice.encode("big5")


def test_english_is_plain(texts: list[Sample], kept: list[Sample]) -> None:
    assert np.mean([grade(s.advice) for s in _of("en", texts)]) <= 6.5
    assert np.mean([grade(s.advice) for s in _of("en", kept)]) <= 6.5
    assert all(s.advice.isascii() for s in _of("en", texts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_sets_with_the_same_error_do_not_sound_alike(
    language: str, by_error: dict[tuple[str, str], list[Facts]]
) -> None:
    rng, request = np.random.default_rng(3), Request(SUMMARY, "calm", language)
    tens = [rows[start : start + 10] for rows in by_error.values() for start in (0, 10)]
    found = [distinct_2([write(facts, request, rng) for facts in ten], language) for ten in tens]
    assert np.mean(found) >= 0.5


def test_syllables_are_counted_as_they_are_spoken() -> None:
    spoken = {
        **dict.fromkeys(("knees", "moved", "toes", "leaned", "squats", "times", "the", "judged", "105", "0.72"), 1),
        **dict.fromkeys(
            ("angle", "degrees", "little", "bottom", "going", "closer", "noticed", "nicely", "push-ups"), 2
        ),
        **dict.fromkeys(("expected", "beginning", "uneven", "exercise", "idea"), 3),
        **dict.fromkeys(("repetition", "repetitions", "exercises"), 4),
    }
    assert {word: syllables(word) for word in spoken} == spoken


def test_the_grade_follows_the_formula() -> None:
    assert grade("The cat sat. The dog ran.") == pytest.approx(0.39 * 3 + 11.8 - 15.59)
    assert grade("The knee angle was 0.72 here.") == pytest.approx(0.39 * 6 + 11.8 * 7 / 6 - 15.59)
    with pytest.raises(ValueError, match="without words"):
        grade("...")


def test_distinct_2_counts_pairs_inside_each_text() -> None:
    assert words_in("Don't stop: 0.5 push-ups.") == ["don't", "stop", "0.5", "push-ups"]
    assert distinct_2(["a b c", "a b d"], "en") == pytest.approx(3 / 4)
    assert distinct_2(["膝蓋105度。", "膝蓋，97度"], "zh_TW") == pytest.approx(5 / 6)
    with pytest.raises(ValueError, match="no two"):
        distinct_2(["a"], "en")


def test_every_number_of_a_text_is_marked_as_decisive(texts: list[Sample]) -> None:
    for sample in texts[:500]:
        marked = {i for begin, end in sample.decisive for i in range(begin, end)}
        facts = {i for found in re.finditer(r"\d+(?:\.\d+)?", sample.advice) for i in range(*found.span())}
        assert facts <= marked, sample.advice
