"""The child process of the language model: how fast it stops, comes back and answers under a grammar, and what is left.

    .venv/bin/python benchmarks/coach_child.py [--cycles 200] [--json docs/results/coach_child.json]

Times are medians with the worst beside them. The larger model has 100 million random weights, written to a temporary
folder; its prompt of 2,000 tokens is cancelled while it is being read.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil

from fias_desktop.coach.llm.language_model import LanguageModel, Reply
from fias_desktop.coach.llm.number_grammar import number_grammar
from fias_desktop.coach.llm.options import Options
from fias_desktop.coach.prompt import Prompt
from fias_desktop.resources import coach_model
from tests.unit.coach.tiny_gguf import write_tiny_gguf

PROMPT = Prompt("Set: 12 squats, 3 of 12 correct\nFault: too shallow in 9 of 12: knee angle 112 degrees\nAdvice:", "")
LONG = Prompt("a" * 2000, "")
NUMBERS = ["12", "3", "9", "112", "90", "1", "4", "31", "25", "84"]
WIDTH, LAYERS = 1152, 8  # 12 x width^2 a layer: about 100 million weights


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--json", type=Path, help="write the figures there too")
    options = parser.parse_args()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        large = write_tiny_gguf(Path(folder) / "large.gguf", WIDTH, LAYERS, context=4096)
        figures |= cancelled(coach_model(), PROMPT, options.repeats, 0.02, "writing")
        figures |= cancelled(large, LONG, options.repeats, 1.0, "reading")
    figures |= killed(coach_model(), options.repeats)
    figures |= grammar(coach_model(), options.repeats)
    figures |= cycles(coach_model(), options.cycles)
    for name, value in figures.items():
        print(f"{name:40} {value:10.3f}")
    if options.json:
        rounded = {name: round(value, 3) for name, value in figures.items()}
        options.json.write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")
    return 0


def cancelled(path: Path, prompt: Prompt, repeats: int, after_s: float, name: str) -> dict[str, float]:
    """From `cancel` to the last words heard, and to the child being free for the next request (ms)."""
    silent, free, restarts = [], [], 0
    model = started(path, Options(context=4096))
    try:
        for number in range(repeats):
            pid, heard, moment = model.pid, [0.0], [0.0]

            def on_text(_: str, heard: list[float] = heard) -> None:
                heard[0] = time.monotonic()

            def stop(moment: list[float] = moment) -> None:
                moment[0] = time.monotonic()
                model.cancel()

            timer = threading.Timer(after_s, stop)
            timer.start()
            told = Prompt(f"{number} {prompt.text}", "")
            reply = model.ask(told, on_text, max_tokens=2000, temperature=1.0, grammar="root ::= [a-z ]+")
            done_s = time.monotonic()
            timer.join()
            if reply.cancelled:
                free.append(done_s - moment[0])
                silent.append(max(heard[0] - moment[0], 0.0))
            restarts += model.pid != pid
            wait(lambda: model.ready)
    finally:
        model.close()
    rows = {f"cancel_{name}_silent": silent, f"cancel_{name}_free": free}
    return spread(rows, 1000.0, "ms") | {f"cancel_{name}_restarts": float(restarts)}


def killed(path: Path, repeats: int) -> dict[str, float]:
    """From SIGKILL to a new child that is loaded (s)."""
    back = []
    model = started(path)
    try:
        for _ in range(repeats):
            model.ask(PROMPT, nothing, max_tokens=4)
            pid, begun_s = model.pid, time.monotonic()
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            wait(lambda old=pid: model.ready and model.pid != old)  # type: ignore[misc]
            back.append(time.monotonic() - begun_s)
    finally:
        model.close()
    return spread({"killed_back": back}, 1.0, "s")


def grammar(path: Path, repeats: int) -> dict[str, float]:
    """Tokens a second without a grammar and with one of ten numbers, in turn."""
    free, bound = [], []
    model = started(path)
    rules = number_grammar(NUMBERS)
    try:
        for seed in range(2 * repeats):
            free.append(rate(model.ask(PROMPT, nothing, seed=seed, temperature=0.8)))
            bound.append(rate(model.ask(PROMPT, nothing, seed=seed, temperature=0.8, grammar=rules)))
    finally:
        model.close()
    without, under = statistics.median(free), statistics.median(bound)
    return {"tokens_per_s": without, "tokens_per_s_grammar": under, "grammar_cost_percent": 100 * (1 - under / without)}


def cycles(path: Path, count: int) -> dict[str, float]:
    """What 200 starts and stops leave behind in this process."""
    process = psutil.Process()
    once(path)
    before = held(process)
    half: dict[str, float] = {}
    for number in range(count):
        once(path)
        if number + 1 == count // 2:
            half = held(process)
    after = held(process)
    left = {f"cycles_{name}_left": after[name] - before[name] for name in after}
    return {"cycles": float(count), **left, "cycles_memory_mb_second_half": after["memory_mb"] - half["memory_mb"]}


def held(process: psutil.Process) -> dict[str, float]:
    """Descriptors, threads, processes and memory of this program."""
    return {
        "descriptors": process.num_fds(),
        "threads": threading.active_count(),
        "processes": len(process.children(recursive=True)),
        "memory_mb": process.memory_info().rss / 2**20,
    }


def once(path: Path) -> None:
    """One start, a few words, one stop."""
    model = started(path)
    model.ask(PROMPT, nothing, max_tokens=4)
    model.close()


def started(path: Path, options: Options | None = None) -> LanguageModel:
    """A loaded model."""
    model = LanguageModel(path, options)
    model.start()
    wait(lambda: model.ready)
    return model


def wait(true: Callable[[], bool], limit_s: float = 60.0) -> None:
    """Wait until it is true; TimeoutError when that takes too long."""
    until_s = time.monotonic() + limit_s
    while not true():
        if time.monotonic() > until_s:
            raise TimeoutError
        time.sleep(0.002)


def rate(reply: Reply) -> float:
    """Tokens a second after the first."""
    return (reply.tokens - 1) / max(reply.total_s - reply.first_words_s, 1e-4)


def spread(rows: dict[str, list[float]], factor: float, unit: str) -> dict[str, float]:
    """Median and worst of each row."""
    out = {}
    for name, values in rows.items():
        out[f"{name}_{unit}"] = factor * statistics.median(values)
        out[f"{name}_worst_{unit}"] = factor * max(values)
    return out


def nothing(_: str) -> None:
    """Hears the words and does nothing."""


if __name__ == "__main__":
    sys.exit(main())
