"""Where the child loads a model, and what it makes of chat templates."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import cast

import pytest

from fias_desktop.coach.llm.child import load_engine
from fias_desktop.coach.llm.engine import Engine, Sampling
from fias_desktop.coach.llm.language_model import LanguageModel
from fias_desktop.coach.llm.options import Options
from fias_desktop.coach.prompt import Prompt
from fias_desktop.domain.errors import FiasError
from fias_desktop.resources import coach_model
from tests.unit.coach.tiny_gguf import write_tiny_gguf

HOSTILE = {
    "endless loop": "{% for i in range(10**12) %}{% for j in range(10**12) %}a{% endfor %}{% endfor %}",
    "computed at once": "{{ 9 ** 9 ** 9 }}{{ 'a' * 10 ** 11 }}",
    "way to the classes": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "way to the system": "{{ cycler.__init__.__globals__.os.system('touch owned') }}",
    "include": "{% include '/etc/passwd' %}{% import 'os' as os %}{% extends 'x' %}",
    "deep": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "long": "{{ messages }}" * 100_000,
    "not Jinja": "{% {{ %} }} {%",
    "not text": "\x01\x02%s%n%p" * 10,
    "marks and a loop": "<|im_start|>{% for i in range(10**12) %}a{% endfor %}",
    "memory": "{% set ns = namespace(x='a') %}{% for i in range(99) %}{% set ns.x = ns.x * 2 %}{% endfor %}{{ ns.x }}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_is_not_run(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_tiny_gguf(tmp_path / "hostile.gguf", chat=True, template=HOSTILE[name])
    model = LanguageModel(path, max_tokens=8)
    begun_s = time.monotonic()
    model.start()
    try:
        assert model.ask(Prompt("Advice:", "Be kind."), lambda _: None).tokens == 8
    finally:
        model.close()
    assert time.monotonic() - begun_s < 10.0
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("template", "laid_out"),
    [
        ("", "Hello"),
        ("{{ messages[0].content }} 7*7", "Hello"),
        (HOSTILE["endless loop"], "Hello"),
        ("<|im_start|>" + "x" * 70_000, "Hello"),
        ("{{'<|im_start|>' + m['role']}}", "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"),
        (
            "<|start_header_id|>{{ role }}<|end_header_id|>",
            "<|start_header_id|>user<|end_header_id|>\n\nHello<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
        ("<start_of_turn>{{ role }}", "<start_of_turn>user\nHello<end_of_turn>\n<start_of_turn>model\n"),
        ("<|assistant|> <|end|> <|user|>", "<|user|>\nHello<|end|>\n<|assistant|>\n"),
    ],
)
def test_a_message_is_laid_out_as_the_marks_in_the_template_tell(tmp_path: Path, template: str, laid_out: str) -> None:
    engine = Engine(str(write_tiny_gguf(tmp_path / "chat.gguf", chat=bool(template), template=template)), 1, 512)
    assert engine.laid_out("Hello") == laid_out
    engine.close()


def test_a_mistral_template_is_known(tmp_path: Path) -> None:
    template = "{{ '[INST] ' + m['content'] + ' [/INST]' }}"
    engine = Engine(str(write_tiny_gguf(tmp_path / "chat.gguf", chat=True, template=template)), 1, 512)
    assert engine.laid_out("Hello").replace(" ", "") == "[INST]Hello[/INST]"
    engine.close()


def test_the_text_ends_before_a_stop_and_nothing_of_it_is_heard(tmp_path: Path) -> None:
    engine = Engine(str(write_tiny_gguf(tmp_path / "tiny.gguf")), 1, 512)
    sampling = Sampling(0.0, 1.0, 0, 40)
    whole = "".join(engine.write("Advice:", sampling, (), lambda: False))
    stop = whole[10:14]
    pieces = list(engine.write("Advice:", sampling, (stop,), lambda: False))
    assert "".join(pieces) == whole[: whole.index(stop)]
    engine.close()


def test_what_was_said_is_worded_otherwise_and_nothing_else_changes(tmp_path: Path) -> None:
    engine = Engine(str(write_tiny_gguf(tmp_path / "tiny.gguf")), 1, 512)

    def written(*said: str) -> str:
        return "".join(engine.write("Advice:", Sampling(0.4, 1.0, 5, 40, said=said), (), lambda: False))

    first = written()
    assert written() == first
    assert written("zzz zzz zzz") == first
    assert written(first.strip()) != first
    engine.close()


def test_a_stopped_prompt_leaves_a_context_that_still_works(tmp_path: Path) -> None:
    engine = Engine(str(write_tiny_gguf(tmp_path / "tiny.gguf")), 1, 1024)
    sampling = Sampling(0.0, 1.0, 0, 20)
    before = list(engine.write("b" * 900, sampling, (), lambda: False))
    looks = iter(range(100))
    assert "".join(engine.write("a" * 900, sampling, (), lambda: next(looks) > 5)) == ""
    assert list(engine.write("b" * 900, sampling, (), lambda: False)) == before
    engine.close()


def test_damaged_headers_that_pass_the_check_end_in_a_message_or_an_answer(tmp_path: Path) -> None:
    whole = coach_model().read_bytes()
    rng = random.Random(8)
    path = tmp_path / "damaged.gguf"
    loaded = 0
    while loaded < 6:
        content = bytearray(whole)
        for _ in range(4):
            content[rng.choice((rng.randrange(24, 31_000), rng.randrange(29_000, 30_685)))] ^= 1 << rng.randrange(8)
        path.write_bytes(content)
        model = LanguageModel(path, max_tokens=4)
        try:
            model.start()
            loaded += 1
            assert model.ask(Prompt("Advice:", ""), lambda _: None).total_s < 60.0
        except FiasError as error:
            assert "damaged.gguf" in error.user_message
        finally:
            model.close()


class Recorder:
    """Stands for llama.cpp: refuses more layers on the GPU than it has room for."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.tried: list[int] = []

    def __call__(self, layers: int) -> Engine:
        self.tried.append(layers)
        if layers > self.room:
            raise RuntimeError("out of memory")
        return cast(Engine, self)


@pytest.mark.parametrize(
    ("layers", "offload", "asked", "room", "tried", "gpu", "note"),
    [
        (0, True, False, 99, [0], False, ""),
        (20, True, True, 99, [20], True, ""),
        (20, True, True, 10, [20, 0], False, "the GPU had no room for it"),
        (20, False, True, 99, [0], False, "this llama.cpp knows no GPU"),
        (20, False, False, 99, [0], False, ""),
    ],
)
def test_it_is_loaded_on_the_gpu_where_that_is_possible(
    layers: int, offload: bool, asked: bool, room: int, tried: list[int], gpu: bool, note: str
) -> None:
    recorder = Recorder(room)
    loaded = load_engine(recorder, layers, offload, asked)
    assert (recorder.tried, loaded.gpu, loaded.note) == (tried, gpu, note)


def test_a_gpu_that_was_asked_for_and_is_not_there_is_told(tmp_path: Path) -> None:
    model = LanguageModel(write_tiny_gguf(tmp_path / "tiny.gguf"), Options(device="gpu"), max_tokens=4)
    model.start()
    try:
        model.ask(Prompt("Advice:", ""), lambda _: None)
        assert model.device in ("CPU, 1 thread, this llama.cpp knows no GPU", "GPU, all layers")
    finally:
        model.close()
