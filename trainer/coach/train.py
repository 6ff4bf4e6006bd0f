"""Training of the coach: an endless stream of generated pairs, one pass, the loss on the advice only."""

from __future__ import annotations

import json
import math
import shutil
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ExerciseRule
from fias_desktop.resources import exercise_rules
from trainer.coach.copying import lay_out_copying
from trainer.coach.corpus import Sample, samples
from trainer.coach.llama import Llama, LlamaConfig
from trainer.coach.tokenizer import END_ID, train_tokenizer

# Batches are made of neighbours in length out of a pool of this many.
_POOL = 32
_COPY_SEED = 0  # of the laid-out heads' random projections
_HELD_OUT = 1_000_003  # added to the seed for sets that are never trained on


@dataclass(frozen=True)
class CoachRecipe:
    """trainer/recipes/coach.toml. `seed` is that of the texts, `weight_seed` that of the first weights and of the order
    of batches; `copy_heads` starts from heads that copy (copying.py)."""

    name: str
    title: str
    seed: int
    texts: int
    vocabulary: int
    width: int
    layers: int
    heads: int
    hidden: int
    context: int
    weight_seed: int
    steps: int
    batch: int
    learning_rate: float
    warm_up: int
    weight_decay: float
    clip: float
    threads: int
    log_every: int
    sets: int
    rope_base: float = 10_000.0
    copy_heads: bool = False

    @property
    def held_out_seed(self) -> int:
        """The seed of the sets for checking."""
        return self.seed + _HELD_OUT


def read_recipe(path: Path) -> CoachRecipe:
    """Parse a recipe; FiasError when it is missing or incomplete."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        flat = {"name": table["name"], "title": table["title"], "seed": table["seed"]}
        for part in ("tokenizer", "network", "training", "check"):
            flat |= table[part]
        return CoachRecipe(**flat)
    except OSError as error:
        raise FiasError(f"The recipe {path} cannot be read: {error.strerror}.", "Give its path.") from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise FiasError(
            f"The recipe {path} is not complete: {error}.", "Compare trainer/recipes/coach.toml."
        ) from error


@dataclass(frozen=True)
class TokenBatch:
    """`tokens` int64 (N, T), padded with the end token; `target` the next tokens, -100 outside the advice."""

    tokens: Tensor
    target: Tensor


def train_coach(recipe_path: Path, run: Path) -> Path:
    """Train by a recipe into the new folder `run` (weights, tokenizer, recipe, log); returns it."""
    recipe = read_recipe(recipe_path)
    if (run / "weights.safetensors").exists():
        raise FiasError(f"{run} already holds a finished run.", "Choose another folder with --out.")
    run.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(recipe_path, run / "recipe.toml")
    torch.manual_seed(recipe.weight_seed)
    torch.set_num_threads(recipe.threads)
    rules = exercise_rules()
    tokenizer = make_tokenizer(recipe, rules)
    tokenizer.save(str(run / "tokenizer.json"))
    model = Llama(config_of(recipe))
    if recipe.copy_heads:
        lay_out_copying(model, _COPY_SEED)
    _fit(model, recipe, tokenizer, rules, run / "log.jsonl")
    save_file(model.state_dict(), run / "weights.safetensors")
    return run


def load_run(run: Path) -> tuple[CoachRecipe, Tokenizer, Llama]:
    """A finished run; FiasError when it is none."""
    if not (run / "weights.safetensors").is_file():
        raise FiasError(f"{run} is not a finished coach run.", "Train first: python -m trainer coach train RECIPE.")
    recipe = read_recipe(run / "recipe.toml")
    model = Llama(config_of(recipe))
    model.load_state_dict(load_file(run / "weights.safetensors"))
    return recipe, Tokenizer.from_file(str(run / "tokenizer.json")), model.eval()


def config_of(recipe: CoachRecipe) -> LlamaConfig:
    """The network's sizes."""
    return LlamaConfig(
        recipe.vocabulary, recipe.width, recipe.layers, recipe.heads, recipe.hidden, recipe.context, recipe.rope_base
    )


def make_tokenizer(recipe: CoachRecipe, rules: Sequence[ExerciseRule]) -> Tokenizer:
    """Trained on the first texts of the stream; FiasError when they hold too few words for the vocabulary."""
    texts = (f"{s.prompt} {s.advice}" for s in islice(samples(recipe.seed, rules), recipe.texts))
    tokenizer = train_tokenizer(texts, recipe.vocabulary)
    if tokenizer.get_vocab_size() != recipe.vocabulary:
        raise FiasError(
            f"The texts yield only {tokenizer.get_vocab_size()} tokens.", "Lower `vocabulary` in the recipe."
        )
    return tokenizer


def encode(tokenizer: Tokenizer, sample: Sample) -> tuple[list[int], int]:
    """Token numbers of prompt, advice and end, and the length of the prompt."""
    prompt = tokenizer.encode(sample.prompt).ids
    advice = tokenizer.encode(" " + sample.advice).ids
    return [*prompt, *advice, END_ID], len(prompt)


def batches(tokenizer: Tokenizer, stream: Iterator[Sample], size: int, context: int) -> Iterator[TokenBatch]:
    """Batches of similar length without end; samples longer than the context are left out."""
    while True:
        pool = [encode(tokenizer, sample) for sample in islice(stream, size * _POOL)]
        fitting = sorted((row for row in pool if len(row[0]) <= context), key=lambda row: len(row[0]))
        groups = [fitting[i : i + size] for i in range(0, len(fitting) - size + 1, size)]
        for index in torch.randperm(len(groups)).tolist():
            yield collate(groups[index])


def collate(rows: Sequence[tuple[list[int], int]]) -> TokenBatch:
    """Rows of (tokens, length of the prompt) to one padded batch."""
    longest = max(len(tokens) for tokens, _ in rows)
    tokens = torch.zeros(len(rows), longest - 1, dtype=torch.long)
    target = torch.full((len(rows), longest - 1), -100, dtype=torch.long)
    for i, (row, start) in enumerate(rows):
        tokens[i, : len(row) - 1] = torch.tensor(row[:-1])
        target[i, start - 1 : len(row) - 1] = torch.tensor(row[start:])
    return TokenBatch(tokens, target)


def loss_of(model: Llama, batch: TokenBatch) -> Tensor:
    """Mean cross-entropy over the advice's tokens, in nats."""
    chosen = batch.target != -100
    logits = model.logits(model.hidden(batch.tokens)[chosen])
    return F.cross_entropy(logits.float(), batch.target[chosen])


def _fit(model: Llama, recipe: CoachRecipe, tokenizer: Tokenizer, rules: Sequence[ExerciseRule], log: Path) -> None:
    plain = [p for p in model.parameters() if p.ndim < 2]
    matrices = [p for p in model.parameters() if p.ndim >= 2]
    groups = [{"params": matrices, "weight_decay": recipe.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=(0.9, 0.95))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, recipe))
    stream = batches(tokenizer, samples(recipe.seed, rules), recipe.batch, recipe.context)
    begun, seen = time.monotonic(), []
    with log.open("w", encoding="utf-8") as file:
        for step, batch in enumerate(islice(stream, recipe.steps), start=1):
            # bfloat16 halves the time on processors that have it and changes the result little elsewhere.
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(model, batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
            optimiser.step()
            schedule.step()
            seen.append(loss.item())
            if step % recipe.log_every == 0 or step == recipe.steps:
                row = {"step": step, "loss": sum(seen) / len(seen), "seconds": round(time.monotonic() - begun, 1)}
                print(json.dumps(row), file=file, flush=True)
                print(f"step {step:5d}  loss {row['loss']:.4f}  {row['seconds']:.0f} s", flush=True)
                seen.clear()


def _rate(step: int, recipe: CoachRecipe) -> float:
    """Linear warm-up, then a cosine down to a hundredth."""
    if step < recipe.warm_up:
        return (step + 1) / recipe.warm_up
    done = (step - recipe.warm_up) / max(recipe.steps - recipe.warm_up, 1)
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))


def describe(recipe: CoachRecipe) -> dict[str, int | float | str]:
    """The recipe as plain values, for the card."""
    return asdict(recipe)
