"""The bundled coach: a small language model trained on text made from the program's own facts.

python -m trainer coach train trainer/recipes/coach.toml --out runs/coach
python -m trainer coach export runs/coach
python -m trainer coach-eval
"""

from __future__ import annotations

from trainer.coach.command import main

__all__ = ["main"]
