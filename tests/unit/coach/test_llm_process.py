from __future__ import annotations

import sys

import pytest

from fias_desktop.coach.llm.process import GONE, LlmProcess, child_command

ECHO = (
    'import os, sys\nprint(\'{"event": "env", "text": "%s"}\' % os.environ.get(\'HTTPS_PROXY\', \'none\'), flush=True)'
)


def test_a_frozen_program_starts_itself_with_a_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child_command() == [sys.executable, "-m", "fias_desktop.coach.llm.child"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command() == [sys.executable, "--coach-child"]


def test_the_child_knows_no_proxy_and_its_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://example.invalid")
    child = LlmProcess(1 << 30, [sys.executable, "-c", ECHO])
    assert child.events.get(timeout=20)["text"] == "none"
    assert child.events.get(timeout=20) is GONE
    child.send({"op": "ask"})
    child.end()
    assert not child.alive


def test_words_that_are_no_message_end_the_child() -> None:
    child = LlmProcess(1 << 30, [sys.executable, "-c", "print('hello', flush=True); import time; time.sleep(60)"])
    assert child.events.get(timeout=20) is GONE
    child.end(wait_s=0.1)
    assert not child.alive
