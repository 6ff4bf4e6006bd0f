"""What a child may take, and what happens to one that takes more."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fias_desktop.coach.llm.language_model import LanguageModel
from fias_desktop.coach.llm.limits import Limits
from fias_desktop.coach.llm.options import Options
from fias_desktop.coach.prompt import Prompt
from fias_desktop.domain.errors import FiasError
from tests.unit.coach.tiny_gguf import write_tiny_gguf

PROMPT = Prompt("Advice:", "")
LOAD = """
import json, os, sys, time
def say(message): print(json.dumps(message), flush=True)
load = json.loads(sys.stdin.readline())
"""
HUNGRY = f"""{LOAD}
say({{"event": "loaded"}})
sys.stdin.readline()
rows = [bytes([1]) * (1 << 20) for _ in range(700)]
time.sleep(60)
"""
SLOW_TO_LOAD = LOAD + "time.sleep(60)"
SLOW_TO_ANSWER = LOAD + "say({'event': 'loaded'}); time.sleep(60)"
# Dies on the GPU, after saying that it goes there; works on the CPU.
BROKEN_GPU = (
    LOAD
    + """
if load["device"] != "cpu":
    say({"event": "loading", "gpu": True})
    os._exit(9)
say({"event": "loaded", "gpu": False})
for line in sys.stdin:
    say({"event": "text", "id": json.loads(line)["id"], "text": "Well done."})
    say({"event": "done", "id": json.loads(line)["id"], "tokens": 3})
"""
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("limits") / "tiny.gguf")


@contextmanager
def running(path: Path, child: str, limits: Limits, options: Options | None = None) -> Iterator[LanguageModel]:
    model = LanguageModel(path, options, [sys.executable, "-c", child], limits=limits)
    model.start()
    try:
        yield model
    finally:
        model.close()


@pytest.mark.parametrize(
    ("child", "limits", "said"),
    [
        (HUNGRY, Limits(margin_bytes=64 << 20), r"took more than the 0\.1 GB of memory"),
        (SLOW_TO_LOAD, Limits(load_s=0.4), r"was not loaded within 0\.4 s"),
        (SLOW_TO_ANSWER, Limits(answer_s=0.4), r"took longer than 0\.4 s to answer"),
    ],
)
def test_a_child_over_a_limit_is_killed_and_the_limit_is_named(
    tiny: Path, child: str, limits: Limits, said: str
) -> None:
    with running(tiny, child, limits) as model, pytest.raises(FiasError, match=said) as caught:
        model.ask(PROMPT, lambda _: None)
    assert "tiny.gguf" in caught.value.user_message


def test_a_model_that_crashes_on_the_gpu_comes_back_on_the_cpu(tiny: Path) -> None:
    with running(tiny, BROKEN_GPU, Limits(), Options(threads=2, device="gpu")) as model:
        with pytest.raises(FiasError, match="stopped unexpectedly"):
            model.ask(PROMPT, lambda _: None)
        assert model.ask(PROMPT, lambda _: None).text == "Well done."
        assert model.device == "CPU, 2 threads, the GPU failed"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts mapped memory")
def test_a_process_cannot_take_more_memory_than_it_was_given() -> None:
    script = (
        "from fias_desktop.coach.llm.limits import limit_memory\n"
        "limit_memory(100 << 20)\n"
        "few = bytearray(40 << 20)\n"
        "try:\n    bytearray(200 << 20)\nexcept MemoryError:\n    print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "refused"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts mapped memory")
def test_the_real_child_says_that_its_memory_was_too_little(tiny: Path) -> None:
    model = LanguageModel(tiny, limits=Limits(margin_bytes=-(64 << 20)))
    model.start()
    try:
        with pytest.raises(FiasError, match=r"memory|stopped unexpectedly"):
            model.ask(PROMPT, lambda _: None)
    finally:
        model.close()
