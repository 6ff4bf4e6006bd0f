from __future__ import annotations

import html
import itertools
import random
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from fias_desktop.coach.captions import captions_of, to_srt, to_vtt, wrapped, write_captions
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Advice
from tests.fakes import knee_evidence

LONG = (
    "You did 12 squats. Your knees moved inward in 3 of them, most of all at the bottom, so push them out over your "
    "toes. Your depth was 98.5 degrees on average, and that is better than in the last set."
)
CHINESE = "你這次做了12下深蹲，膝蓋有3次向內靠攏；請把膝蓋往外推，對準「腳尖」。下一組慢慢下去，角度約90度就很好！"


def said(text: str, time_s: float, source: str = "cue") -> Advice:
    return Advice("code", 1, text, (knee_evidence(),), source, time_s)


@dataclass(frozen=True)
class Shown:
    """One caption as a player reads it."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def _ms(time: str, mark: str) -> int:
    found = re.fullmatch(rf"(\d\d+):([0-5]\d):([0-5]\d){re.escape(mark)}(\d\d\d)", time)
    assert found, time
    hours, minutes, seconds, ms = map(int, found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


def _block(lines: list[str], mark: str) -> Shown:
    start, arrow, end = lines[0].split(" ")
    assert arrow == "-->"
    return Shown(_ms(start, mark), _ms(end, mark), tuple(lines[1:]))


def parse_srt(text: str) -> list[Shown]:
    shown = []
    for number, block in enumerate(text.rstrip("\n").split("\n\n") if text else [], 1):
        first, *rest = block.split("\n")
        assert first == str(number)
        shown.append(_block(rest, ","))
    return shown


def parse_vtt(text: str) -> list[Shown]:
    head, *blocks = text.rstrip("\n").split("\n\n")
    assert head == "WEBVTT"
    found = [_block(block.split("\n"), ".") for block in blocks]
    for caption in found:
        for line in caption.lines:
            assert "<" not in line and ">" not in line and not re.search(r"&(?!amp;|lt;|gt;)", line)
    return [Shown(c.start_ms, c.end_ms, tuple(map(html.unescape, c.lines))) for c in found]


def check(shown: list[Shown]) -> None:
    for before, after in itertools.pairwise(shown):
        assert before.end_ms < after.start_ms
    for caption in shown:
        assert 1200 <= caption.end_ms - caption.start_ms <= 7000
        assert 1 <= len(caption.lines) <= 2
        for line in caption.lines:
            assert 0 < len(line) <= (16 if re.search("[一-鿿]", line) else 42) and line == line.strip()


def words_of(shown: list[Shown]) -> str:
    return "".join("".join(line.split()) for caption in shown for line in caption.lines)


@pytest.mark.parametrize("text", [LONG, CHINESE, "Knees out", "膝蓋向外推"])
def test_both_formats_hold_every_word_in_lines_that_fit(text: str) -> None:
    captions = captions_of([said(text, 3.25, "language model")])
    for shown in (parse_srt(to_srt(captions)), parse_vtt(to_vtt(captions))):
        check(shown)
        assert words_of(shown) == "".join(text.split()) and shown[0].start_ms == 3250


def test_a_caption_stays_as_long_as_it_takes_to_read() -> None:
    short, long, chinese = (
        captions_of([said(text, 0.0)])[0] for text in ("Knees out", "x " * 41, "膝蓋往外推對準腳尖慢慢下去")
    )
    assert (short.end_ms, long.end_ms, chinese.end_ms) == (1200, 5333, 1857)


def test_words_and_numbers_are_not_torn_apart() -> None:
    assert wrapped("Your knees moved inward in three of twelve squats today.") == (
        "Your knees moved inward in three of twelve",
        "squats today.",
    )
    lines = wrapped(CHINESE)
    assert all("12" not in line or "12下" in line for line in lines) and any("90" in line for line in lines)
    assert not any(line[0] in "，。；！」" or line[-1] in "「" for line in lines)
    assert wrapped("深蹲做得很好，膝蓋再往外推一點點") == ("深蹲做得很好，膝蓋再往外推一點點",)
    assert wrapped("你的深蹲做得很好，膝蓋再往外推一點點") == ("你的深蹲做得很好，", "膝蓋再往外推一點點")


def test_a_word_longer_than_a_line_is_cut() -> None:
    assert [len(line) for line in wrapped("x" * 100)] == [42, 42, 16]


def test_the_order_is_that_of_time_whatever_came_first() -> None:
    captions = captions_of([said("Chest up", 20.0), said("Knees out", 4.0), said("Go lower", 12.0)])
    assert [(c.start_ms, c.lines[0]) for c in captions] == [
        (4000, "Knees out"),
        (12000, "Go lower"),
        (20000, "Chest up"),
    ]


def test_a_cue_comes_on_time_in_the_middle_of_advice_which_then_goes_on() -> None:
    captions = captions_of([said(LONG, 10.0, "language model"), said("Knees out", 13.0)])
    cue = next(c for c in captions if c.lines == ("Knees out",))
    assert abs(cue.start_ms - 13000) <= 1500 and captions[0].lines[0].startswith("You did")
    assert captions.index(cue) < len(captions) - 1
    check([Shown(c.start_ms, c.end_ms, c.lines) for c in captions])


def test_cues_on_top_of_each_other_follow_each_other() -> None:
    shown = parse_srt(to_srt(captions_of([said(f"Cue {n}", 1.0) for n in range(5)])))
    check(shown)
    assert [c.lines[0] for c in shown] == [f"Cue {n}" for n in range(5)]


@pytest.mark.parametrize("seed", range(20))
def test_never_two_at_once_and_nothing_lost(seed: int) -> None:
    rng = random.Random(seed)
    texts = [LONG, CHINESE, "Knees out", "膝蓋向外推", "Chest up!"]
    everything = [
        said(rng.choice(texts), rng.uniform(0, 60), rng.choice(["cue", "phrasebook"]))
        for _ in range(rng.randint(1, 12))
    ]
    for parsed in (parse_srt(to_srt(captions_of(everything))), parse_vtt(to_vtt(captions_of(everything)))):
        check(parsed)
        assert sorted(words_of(parsed)) == sorted("".join("".join(a.text.split()) for a in everything))
        assert parsed[0].start_ms == round(min(a.time_s for a in everything) * 1000)


def test_signs_that_mean_something_to_a_player_are_harmless() -> None:
    captions = captions_of([said("Angle <90 & >60 --> good\n\n00:00:01.000 \x07end", 1.0)])
    (seen,) = parse_vtt(to_vtt(captions))
    assert " ".join(seen.lines) == "Angle <90 & >60 --> good 00:00:01.000 end"
    (srt,) = parse_srt(to_srt(captions))
    assert " ".join(srt.lines) == "Angle <90 & >60 → good 00:00:01.000 end"


def test_times_of_long_recordings_and_before_the_start() -> None:
    shown = parse_srt(to_srt(captions_of([said("Late", 3 * 3600 + 62.0625), said("Early", -0.5)])))
    assert [c.start_ms for c in shown] == [0, 10_862_062]
    with pytest.raises(ValueError, match="nan"):
        captions_of([said("Never", float("nan"))])


@pytest.mark.parametrize(("ending", "parse"), [(".srt", parse_srt), (".VTT", parse_vtt)])
def test_files_are_utf8_and_written_whole(tmp_path: Path, ending: str, parse: object) -> None:
    path = tmp_path / f"größe 膝蓋{ending}"
    write_captions(path, [said(CHINESE, 2.0)])
    assert callable(parse)
    assert words_of(parse(path.read_bytes().decode("utf-8"))) == CHINESE
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_said_is_an_empty_file(tmp_path: Path) -> None:
    write_captions(tmp_path / "a.srt", [])
    write_captions(tmp_path / "a.vtt", [])
    assert parse_srt((tmp_path / "a.srt").read_text()) == [] == parse_vtt((tmp_path / "a.vtt").read_text())


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(FiasError, match="no name for captions"):
        write_captions(tmp_path / "a.txt", [])
    with pytest.raises(FiasError, match="could not be written"):
        write_captions(tmp_path / "missing" / "a.srt", [])
