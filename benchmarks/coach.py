"""The coach beside the live picture: how fast it writes while pose runs, and what that costs the picture.

    .venv/bin/python benchmarks/coach.py [--source demo] [--rounds 4] [--seconds 15] [--every 2] [--json F.json]

The live engine (camera or demo, pose, networks; everything but the window) runs all the time. In every other period
the language model answers every two seconds (`--every 0`: without a pause), in its child process on one thread, about
sets that it was not trained on: far more often than it is ever asked. The ratio of the picture's rates is taken over
neighbouring periods. Times are from the request to the first characters, and to the end of the text, brought to 80
English words or 120 Chinese characters by its length.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.llm.language_model import LanguageModel
from fias_desktop.coach.prompt import build_prompt
from fias_desktop.coach.request import Request
from fias_desktop.engine.live import LiveEngine
from fias_desktop.resources import coach_model, exercise_rules
from fias_desktop.settings import Settings
from trainer.coach.corpus import held_out_facts

SIZES = {"en": 80, "zh_TW": 120}
FIRST_BAR_S, WHOLE_BAR_S, RATE_BAR = 0.3, 1.5, 0.95
WARM_UP_S = 8.0


@dataclass
class Spoken:
    """Times of every answer in one language, in seconds."""

    first_s: list[float] = field(default_factory=list)
    whole_s: list[float] = field(default_factory=list)


@dataclass
class Talk:
    """Answers one held-out set after another while `on` is set."""

    model: LanguageModel
    facts: Iterator[Facts]
    every_s: float
    on: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    spoken: dict[str, Spoken] = field(default_factory=lambda: {language: Spoken() for language in SIZES})

    def run(self) -> None:
        """Until `over`."""
        number = 0
        while not self.over.is_set():
            if not self.on.wait(0.1):
                continue
            number += 1
            language = list(SIZES)[number % 2]
            prompt = build_prompt(next(self.facts), Request(language=language))
            reply = self.model.ask(prompt, lambda _: None, seed=number)
            length = len(reply.text.split()) if language == "en" else len(reply.text)
            self.spoken[language].first_s.append(reply.first_words_s)
            self.spoken[language].whole_s.append(reply.total_s * SIZES[language] / max(length, 1))
            self.over.wait(max(self.every_s - reply.total_s, 0.0))


def rate(engine: LiveEngine, seconds: float) -> float:
    """Pictures a second with their own pose."""
    begun, seen, last = time.monotonic(), 0, -1
    while time.monotonic() - begun < seconds:
        view = engine.latest()
        if view is not None and view.frame.index != last:
            seen, last = seen + 1, view.frame.index
        time.sleep(0.004)
    return seen / (time.monotonic() - begun)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", default="demo")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--every", type=float, default=2.0, help="seconds from one request to the next")
    parser.add_argument("--model", type=Path, help="default: the bundled one")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    options = parser.parse_args()
    talk = Talk(LanguageModel(options.model or coach_model()), held_out_facts(1, exercise_rules()), options.every)
    engine = LiveEngine(Settings(coach_enabled=False), lambda: None)
    writer = threading.Thread(target=talk.run)
    silent, talking = [], []
    talk.model.start()
    engine.start(options.source)
    writer.start()
    try:
        rate(engine, WARM_UP_S)
        for _ in range(options.rounds):
            talk.on.clear()
            silent.append(rate(engine, options.seconds))
            talk.on.set()
            talking.append(rate(engine, options.seconds))
    finally:
        talk.over.set()
        writer.join()
        engine.stop()
        talk.model.close()
    figures = _figures(silent, talking, talk.spoken)
    for name, value in figures.items():
        print(f"{name:44} {value:8.3f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def _figures(silent: list[float], talking: list[float], spoken: dict[str, Spoken]) -> dict[str, float]:
    ratios = [after / before for before, after in zip(silent, talking, strict=True)]
    figures = {
        "pictures a second, coach silent": float(np.median(silent)),
        "pictures a second, coach writing": float(np.median(talking)),
        f"ratio (bar {RATE_BAR})": float(np.median(ratios)),
    }
    for language, times in spoken.items():
        size = f"{SIZES[language]} {'words' if language == 'en' else 'characters'}"
        figures |= {
            f"{language}: answers": len(times.whole_s),
            f"{language}: first words, median s": float(np.nanmedian(times.first_s)),
            f"{language}: first words, 95 % s (bar {FIRST_BAR_S})": float(np.nanpercentile(times.first_s, 95)),
            f"{language}: {size}, median s": float(np.median(times.whole_s)),
            f"{language}: {size}, 95 % s (bar {WHOLE_BAR_S})": float(np.percentile(times.whole_s, 95)),
        }
    return figures


if __name__ == "__main__":
    sys.exit(main())
