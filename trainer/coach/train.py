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
from trainer.coach.corpus import ANSWERS, SUMMARY_SHARE, Sample, samples
from trainer.coach.llama import Llama, LlamaConfig
from trainer.coach.packing import IGNORED, Encoded, TokenBatch, collate, pack
from trainer.coach.tokenizer import END_ID, train_tokenizer

# Batches are made of neighbours in length out of a pool of this many.
_POOL = 32
_LOSS_STEP = 256
# Between a prompt and its answer, so that the first word is a token as it is within a sentence.
SEPARATOR = " "
_COPY_SEED = 0  # of the laid-out heads' random projections
_HELD_OUT = 1_000_003  # added to the seed for sets that are never trained on


@dataclass(frozen=True)
class Stage:
    """A pass with a schedule of its own: from `learning_rate` down to a hundredth. `seed` is that of the texts and
    `order_seed` that of the batches' order (None: it goes on from the first weights' seed); `left_out` and
    `summary_share` as in `corpus.samples`; `fact_weight` is what a token that the facts decide counts in the loss."""

    steps: int
    learning_rate: float
    seed: int
    order_seed: int | None
    left_out: float = 0.0
    summary_share: float = SUMMARY_SHARE
    fact_weight: float = 1.0


@dataclass(frozen=True)
class CoachRecipe:
    """trainer/recipes/coach.toml. `seed` is that of the texts, `weight_seed` that of the first weights and of the order
    of batches; `copy_heads` starts from heads that copy (copying.py). With `finish_steps` a second stage follows, with
    fresh moments of the optimiser, more sets that are compared with a last one, more questions, and more weight on
    facts: which wording comes next is chance, most of the loss, and nothing to learn."""

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
    finish_steps: int = 0
    finish_learning_rate: float = 0.0
    finish_left_out: float = 0.0
    finish_summary_share: float = SUMMARY_SHARE
    finish_fact_weight: float = 1.0

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What is trained, one after the other."""
        first = Stage(self.steps, self.learning_rate, self.seed, None)
        if not self.finish_steps:
            return (first,)
        seeds = self.seed + 1, self.weight_seed + 1
        drawn = self.finish_left_out, self.finish_summary_share
        return first, Stage(self.finish_steps, self.finish_learning_rate, *seeds, *drawn, self.finish_fact_weight)

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
        flat |= {f"finish_{name}": value for name, value in table.get("finish", {}).items()}
        return CoachRecipe(**flat)
    except OSError as error:
        raise FiasError(f"The recipe {path} cannot be read: {error.strerror}.", "Give its path.") from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise FiasError(
            f"The recipe {path} is not complete: {error}.", "Compare trainer/recipes/coach.toml."
        ) from error


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
    for number, stage in enumerate(recipe.stages, start=1):
        fit(model, recipe, stage, tokenizer, rules, run / f"log_{number}.jsonl")
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


def encode(tokenizer: Tokenizer, sample: Sample) -> Encoded:
    """The tokens of a sample."""
    prompt = tokenizer.encode(sample.prompt).ids
    advice = tokenizer.encode(f"{SEPARATOR}{sample.advice}")
    spans = [(begin + len(SEPARATOR), end + len(SEPARATOR)) for begin, end in sample.decisive]
    told = [any(begin < last and first < end for first, last in spans) for begin, end in advice.offsets]
    return Encoded([*prompt, *advice.ids, END_ID], len(prompt), [*[False] * len(prompt), *told, False])


def batches(tokenizer: Tokenizer, stream: Iterator[Sample], recipe: CoachRecipe) -> Iterator[TokenBatch]:
    """Batches of rows of similar length without end; a row holds the answers to one set's facts. Rows with a sample
    longer than the context are left out."""
    while True:
        pool = [pack(rows) for rows in islice(_groups(tokenizer, stream, recipe), recipe.batch * _POOL)]
        pool.sort(key=lambda row: len(row.tokens))
        groups = [pool[i : i + recipe.batch] for i in range(0, len(pool) - recipe.batch + 1, recipe.batch)]
        for index in torch.randperm(len(groups)).tolist():
            yield collate(groups[index])


def _groups(tokenizer: Tokenizer, stream: Iterator[Sample], recipe: CoachRecipe) -> Iterator[list[Encoded]]:
    for samples_of_one in zip(*[stream] * ANSWERS, strict=False):
        rows = [encode(tokenizer, sample) for sample in samples_of_one]
        if all(len(row.tokens) <= recipe.context for row in rows):
            yield rows


def loss_of(model: Llama, batch: TokenBatch, fact_weight: float = 1.0) -> Tensor:
    """Mean cross-entropy over the advice's tokens, in nats; decisive ones count `fact_weight` times."""
    places = (batch.target.flatten() != IGNORED).nonzero()[:, 0]
    # As with lengths: few different sizes, the rest repeats the first place and counts for nothing.
    chosen = F.pad(places, (0, -len(places) % _LOSS_STEP), value=int(places[0]))
    weight = torch.where(batch.decisive.flatten()[chosen], fact_weight, 1.0)
    weight[len(places) :] = 0.0
    hidden = model.hidden(batch.tokens, batch.positions, batch.seen).flatten(0, 1)
    logits = model.logits(hidden[chosen]).float()
    each = F.cross_entropy(logits, batch.target.flatten()[chosen], reduction="none")
    result: Tensor = (weight * each).sum() / weight.sum()
    return result


def fit(
    model: Llama, recipe: CoachRecipe, stage: Stage, tokenizer: Tokenizer, rules: Sequence[ExerciseRule], log: Path
) -> None:
    """One stage, with a line in `log` every so many steps."""
    if stage.order_seed is not None:
        torch.manual_seed(stage.order_seed)
    plain = [p for p in model.parameters() if p.ndim < 2]
    matrices = [p for p in model.parameters() if p.ndim >= 2]
    groups = [{"params": matrices, "weight_decay": recipe.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=stage.learning_rate, betas=(0.9, 0.95))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, recipe.warm_up, stage.steps))
    stream = batches(tokenizer, samples(stage.seed, rules, stage.left_out, stage.summary_share), recipe)
    begun, seen = time.monotonic(), []
    with log.open("w", encoding="utf-8") as file:
        for step, batch in enumerate(islice(stream, stage.steps), start=1):
            # bfloat16 halves the time on processors that have it and changes the result little elsewhere.
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(model, batch, stage.fact_weight)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
            optimiser.step()
            schedule.step()
            seen.append(loss.item())
            if step % recipe.log_every == 0 or step == stage.steps:
                row = {"step": step, "loss": sum(seen) / len(seen), "seconds": round(time.monotonic() - begun, 1)}
                print(json.dumps(row), file=file, flush=True)
                print(f"step {step:5d}  loss {row['loss']:.4f}  {row['seconds']:.0f} s", flush=True)
                seen.clear()


def _rate(step: int, warm_up: int, steps: int) -> float:
    """Linear warm-up, then a cosine down to a hundredth."""
    if step < warm_up:
        return (step + 1) / warm_up
    done = (step - warm_up) / max(steps - warm_up, 1)
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))


def describe(recipe: CoachRecipe) -> dict[str, int | float | str]:
    """The recipe as plain values, for the card."""
    return asdict(recipe)
