"""From a finished run to the bundled model: the GGUF file, measured through the program, and its card."""

from __future__ import annotations

from pathlib import Path

from fias_desktop.resources import sha256
from trainer.coach.evaluate import measure
from trainer.coach.gguf_export import LICENCE, write_gguf
from trainer.coach.train import CoachRecipe, load_run

MADE_FROM = (
    "Text made by trainer/coach/grammar from random sets (trainer/coach/random_sets.py) and the expected ranges of"
    " resources/exercises.toml. No text, person or recording of others went into it."
)
# Of the recipe, in the card.
_TRAINING = ("seed", "steps", "finish_steps", "finish_fact_weight", "batch", "vocabulary", "context")
LIMITS = (
    "Speaks only about squats, lunges and push-ups, in English and Traditional Chinese, from the facts of one set; it"
    " knows nothing else and is no medical device. Its answers are checked against the measurements, and the phrasebook"
    " speaks where they fail."
)


def export_run(run: Path, folder: Path, kind: str, sets: int | None = None) -> tuple[Path, dict[str, float]]:
    """Write `coach.gguf` and `card.toml` into `folder`; returns the file and its figures (none with `sets` 0)."""
    recipe, tokenizer, model = load_run(run)
    path = folder / "coach.gguf"
    write_gguf(path, model, tokenizer, recipe.title, kind)
    count = recipe.sets if sets is None else sets
    figures = measure(path, count).rows() if count else {}
    parameters = sum(weight.numel() for weight in model.parameters())
    (folder / "card.toml").write_text(_card(recipe, path, kind, parameters, figures), encoding="utf-8")
    return path, figures


def _card(recipe: CoachRecipe, path: Path, kind: str, parameters: int, figures: dict[str, float]) -> str:
    lines = [
        'id = "coach"',
        f'title = "{recipe.title}"',
        'architecture = "llama"',
        f"parameters = {parameters}",
        f'type = "{kind}"',
        f"size_bytes = {path.stat().st_size}",
        f'licence = "{LICENCE}"',
        f'made_from = "{MADE_FROM}"',
        f'limits = "{LIMITS}"',
        "commands = [",
        f'  "python -m trainer coach train trainer/recipes/{recipe.name}.toml --out runs/{recipe.name}",',
        f'  "python -m trainer coach export runs/{recipe.name} --type {kind}",',
        "]",
        "",
        "[training]",
        *(f"{name} = {getattr(recipe, name)}" for name in _TRAINING),
        "",
        "# Held-out sets through llama.cpp in its child process, one thread, and the checker.",
        "[figures]",
        *(f"{name} = {value:g}" for name, value in figures.items()),
        "",
        "[hashes]",
        f'"{path.name}" = "{sha256(path)}"',
        "",
    ]
    return "\n".join(lines)
