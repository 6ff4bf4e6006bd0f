from __future__ import annotations

import contextlib
import gc
import itertools
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from fias_desktop.coach.llm.language_model import MAX_CRASHES, LanguageModel
from fias_desktop.coach.llm.number_grammar import number_grammar
from fias_desktop.coach.llm.options import Options
from fias_desktop.coach.prompt import Prompt
from fias_desktop.domain.errors import FiasError
from tests.unit.coach.tiny_gguf import write_tiny_gguf

PROMPT = Prompt("Set: 3 squats, all correct\nAdvice:", "")
# A child that never stops talking and hears nothing but the end of its input.
DEAF_CHILD = """
import json, os, sys, threading, time
def say(message): print(json.dumps(message), flush=True)
def talk(request):
    while True:
        say({"event": "text", "id": request, "text": "on and "}); time.sleep(0.01)
for line in sys.stdin:
    message = json.loads(line)
    if message["op"] == "load": say({"event": "loaded", "name": "deaf", "chat": False})
    if message["op"] == "ask": threading.Thread(target=talk, args=(message["id"],), daemon=True).start()
os._exit(0)
"""
# A child that dies as soon as it is asked.
FRAIL_CHILD = """
import json, os, sys
for line in sys.stdin:
    if json.loads(line)["op"] != "load": os._exit(3)
    print(json.dumps({"event": "loaded", "name": "frail", "chat": False}), flush=True)
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("coach") / "tiny ü.gguf")


@contextlib.contextmanager
def running(path: Path, child: str = "", options: Options | None = None) -> Iterator[LanguageModel]:
    command = [sys.executable, "-c", child] if child else None
    model = LanguageModel(path, options, command, max_tokens=24)
    model.start()
    try:
        yield model
    finally:
        model.close()


def wait_until(true: Callable[[], bool], limit_s: float) -> bool:
    """Whether it became true in time."""
    until_s = time.monotonic() + limit_s
    while not true() and time.monotonic() < until_s:
        time.sleep(0.01)
    return true()


def nothing(_: str) -> None:
    """Hears the words and does nothing."""


def test_the_child_answers_in_pieces_and_ends_with_close(tiny: Path) -> None:
    heard: list[str] = []
    with running(tiny) as model:
        reply = model.ask(PROMPT, heard.append, seed=3)
        pid = model.pid
        assert model.ready
        assert pid is not None
        assert psutil.Process(pid).nice() > 0
    assert reply.tokens > 10
    assert not reply.cancelled
    assert len(heard) > 5
    assert heard[-1] == reply.text
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(heard))
    assert reply.first_words_s <= reply.total_s
    assert not psutil.pid_exists(pid)


def test_the_same_seed_gives_the_same_words(tiny: Path) -> None:
    with running(tiny) as model:
        first, again, other = (model.ask(PROMPT, nothing, temperature=0.8, seed=s).text for s in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_chat_model_is_asked_through_its_own_template(tmp_path: Path) -> None:
    with running(write_tiny_gguf(tmp_path / "chat.gguf", chat=True)) as model:
        assert model.ask(PROMPT, nothing).tokens > 0


def test_cancel_stops_the_answer_and_the_child_lives_on(tiny: Path) -> None:
    with running(tiny) as model:
        reply = model.ask(PROMPT, lambda _: model.cancel())
        pid = model.pid
        assert reply.cancelled
        assert not model.ask(PROMPT, nothing).cancelled
        assert model.pid is not None
        assert pid is not None


def test_a_child_that_does_not_listen_is_replaced_within_a_moment(tiny: Path) -> None:
    with running(tiny, DEAF_CHILD) as model:
        pid = model.pid
        stopped: list[float] = []

        def stop() -> None:
            stopped.append(time.monotonic())
            model.cancel()

        timer = threading.Timer(1.0, stop)
        timer.start()
        reply = model.ask(PROMPT, nothing)
        took_s = time.monotonic() - stopped[0]
        timer.join()
        assert reply.cancelled
        assert reply.text.startswith("on and")
        assert took_s < 1.0
        assert model.pid not in (None, pid)


def test_a_killed_child_is_back_without_being_asked(tiny: Path) -> None:
    with running(tiny) as model:
        model.ask(PROMPT, nothing)
        pid = model.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: model.ready and model.pid != pid, 5.0)
        assert model.ask(PROMPT, nothing).tokens > 0


def test_a_crash_in_the_middle_is_a_fias_error(tiny: Path) -> None:
    with running(tiny, FRAIL_CHILD) as model, pytest.raises(FiasError, match="stopped unexpectedly"):
        model.ask(PROMPT, nothing)


def test_after_three_crashes_in_a_row_it_gives_up(tiny: Path) -> None:
    with running(tiny, FRAIL_CHILD) as model:
        for _ in range(MAX_CRASHES):
            with pytest.raises(FiasError, match="unexpectedly"):
                model.ask(PROMPT, nothing)
        with pytest.raises(FiasError, match="times in a row") as caught:
            model.ask(PROMPT, nothing)
        assert "settings" in caught.value.hint


def test_weights_that_llama_refuses_are_a_message(tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path / "odd.gguf")
    content = path.read_bytes()
    path.write_bytes(content.replace(b"blk.0.attn_q.weight", b"blk.0.attn_X.weight"))
    with running(path) as model, pytest.raises(FiasError) as caught:
        model.ask(PROMPT, nothing)
    assert "odd.gguf" in caught.value.user_message


def test_a_prompt_that_is_too_long_is_a_message_and_the_child_lives_on(tiny: Path) -> None:
    with running(tiny, options=Options(context=512)) as model:
        model.ask(PROMPT, nothing)
        pid = model.pid
        with pytest.raises(FiasError, match="holds only 512"):
            model.ask(Prompt("a" * 600, ""), nothing)
        assert model.ask(PROMPT, nothing).tokens > 0
        assert model.pid == pid


def test_a_grammar_keeps_other_numbers_away(tiny: Path) -> None:
    with running(tiny) as model:
        free = model.ask(PROMPT, nothing, temperature=2.0, max_tokens=800).text
        bound = model.ask(PROMPT, nothing, temperature=2.0, max_tokens=800, grammar=number_grammar(["7", "53"])).text
    assert set(re.findall(r"[0-9]+", free)) - {"7", "53"}
    assert set(re.findall(r"[0-9]+", bound)) <= {"7", "53"}
    assert len(bound) > 100


def test_a_grammar_that_does_not_parse_is_a_message_and_the_child_lives_on(tiny: Path) -> None:
    with running(tiny) as model:
        model.ask(PROMPT, nothing)
        pid = model.pid
        with pytest.raises(FiasError, match="grammar does not parse"):
            model.ask(PROMPT, nothing, grammar="root ::= [")
        assert model.ask(PROMPT, nothing).tokens > 0
        assert model.pid == pid


def test_after_some_idle_time_it_is_unloaded_and_the_next_request_loads_it(tiny: Path) -> None:
    with running(tiny, options=Options(idle_s=0.5)) as model:
        assert model.ask(PROMPT, nothing).tokens > 0
        assert model.device == "CPU, 1 thread"
        assert wait_until(lambda: model.pid is None, 3.0)
        assert "unloaded" in model.device
        reply = model.ask(PROMPT, nothing)
        assert reply.tokens > 0
        assert reply.first_words_s > 0.0


def test_with_zero_it_is_never_unloaded(tiny: Path) -> None:
    with running(tiny, options=Options(idle_s=0.0)) as model:
        model.ask(PROMPT, nothing)
        assert not wait_until(lambda: model.pid is None, 1.0)


@pytest.mark.skipif(sys.platform != "linux", reason="counts descriptors as Linux does")
def test_ten_starts_and_stops_leave_nothing_behind(tiny: Path) -> None:
    process = psutil.Process()

    def held() -> tuple[int, int, int]:
        gc.collect()  # what earlier tests left to the collector is none of ours
        return process.num_fds(), threading.active_count(), len(process.children(recursive=True))

    with running(tiny) as model:
        model.ask(PROMPT, nothing, max_tokens=2)
    before = held()
    for _ in range(10):
        with running(tiny) as model:
            model.ask(PROMPT, nothing, max_tokens=2)
    assert held() == before


def test_a_file_that_is_no_model_never_reaches_llama(tmp_path: Path) -> None:
    path = tmp_path / "note.gguf"
    path.write_text("not a model")
    model = LanguageModel(path)
    with pytest.raises(FiasError, match="not a GGUF"):
        model.start()
    assert model.pid is None


def test_the_child_ends_when_its_parent_dies(tiny: Path) -> None:
    script = (
        "import sys, os, pathlib; from fias_desktop.coach.llm.language_model import LanguageModel;"
        "from fias_desktop.coach.prompt import Prompt;"
        "m = LanguageModel(pathlib.Path(sys.argv[1])); m.start(); m.ask(Prompt('Advice:', ''), lambda t: None);"
        "print(m.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tiny)], capture_output=True, timeout=60, check=False)
    pid = int(done.stdout.split()[0])
    deadline = time.monotonic() + 5
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie"


def test_the_child_opens_no_network_connection(tiny: Path) -> None:
    with running(tiny) as model:
        model.ask(PROMPT, nothing)
        assert model.pid is not None
        assert psutil.Process(model.pid).net_connections() == []
