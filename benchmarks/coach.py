"""The bundled language model on held-out sets: shares of accepted answers, first words, whole advice, tokens a second.

    .venv/bin/python benchmarks/coach.py --sets 300 [--model FILE.gguf] [--threads 1] [--json figures.json]

Sets are drawn from a seed that was not trained on; the model runs in its child process, as it does in the window, and
every answer goes through the checker. Times are with the model loaded; the whole advice includes a second try.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fias_desktop.domain.errors import FiasError
from fias_desktop.resources import coach_model
from trainer.coach.evaluate import CoachFigures, measure

FIRST_WORDS_BAR_MS, WHOLE_BAR_S = 500.0, 2.0


def main() -> int:
    """Measure and print; 1 when the model cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=300)
    parser.add_argument("--model", type=Path, help="default: the bundled one")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures there too")
    options = parser.parse_args()
    try:
        figures = measure(options.model or coach_model(), options.sets, options.threads)
    except FiasError as error:
        print(error, file=sys.stderr)
        return 1
    _print(figures)
    if options.json:
        rows = figures.rows() | {"refused_for": dict(figures.objections)}
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return 0


def _print(figures: CoachFigures) -> None:
    for name, value in figures.rows().items():
        print(f"{name:26} {value:10g}")
    print(f"first words / bar          {figures.first_words_ms / FIRST_WORDS_BAR_MS:10.3f}")
    print(f"whole advice, 95 % / bar   {figures.whole_p95_s / WHOLE_BAR_S:10.3f}")
    for reason, count in figures.objections:
        print(f"  refused {count:4} x  {reason}")


if __name__ == "__main__":
    sys.exit(main())
