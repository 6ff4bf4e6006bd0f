from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from fias_desktop.coach.llm.gguf_file import read_header
from fias_desktop.domain.errors import FiasError
from fias_desktop.resources import exercise_rules
from trainer.__main__ import main
from trainer.coach.copying import lay_out_copying
from trainer.coach.corpus import Sample, samples
from trainer.coach.gguf_export import write_gguf
from trainer.coach.llama import Llama, LlamaConfig, rotate, rotation
from trainer.coach.packing import IGNORED, Encoded, collate, pack
from trainer.coach.tokenizer import END, train_tokenizer
from trainer.coach.train import encode, loss_of, read_recipe

RECIPE = Path("trainer/recipes/coach.toml")
TINY = LlamaConfig(vocabulary=600, width=64, layers=2, heads=2, hidden=96, context=384)


@pytest.fixture(scope="module")
def texts() -> list[Sample]:
    return list(islice(samples(3, exercise_rules()), 500))


@pytest.fixture(scope="module")
def tokenizer(texts: list[Sample]) -> Tokenizer:
    return train_tokenizer((f"{s.prompt} {s.advice}" for s in texts), TINY.vocabulary)


def _model(seed: int = 0) -> Llama:
    torch.manual_seed(seed)
    return Llama(TINY).eval()


def test_the_tokenizer_gives_every_text_back(texts: list[Sample], tokenizer: Tokenizer) -> None:
    for text in [*(s.prompt for s in texts[:100]), "Ümläut, 12.75 und 日本\n"]:
        assert tokenizer.decode(tokenizer.encode(text).ids) == text


def test_every_digit_is_a_token(tokenizer: Tokenizer) -> None:
    pieces = [str(tokenizer.id_to_token(i)) for i in tokenizer.encode("knee angle 105 degrees, 0.72").ids]
    assert [piece for piece in pieces if any(c.isdigit() for c in piece)] == list("105072")


def test_the_loss_is_only_on_the_advice_and_its_end(texts: list[Sample], tokenizer: Tokenizer) -> None:
    sample = encode(tokenizer, texts[0])
    tokens, start = sample.tokens, sample.prompt
    batch = collate([pack([sample]), pack([Encoded(tokens[: start + 5], start)])])
    assert batch.target[0][batch.target[0] != IGNORED].tolist() == tokens[start:]
    assert tokens[-1] == tokenizer.token_to_id(END)
    assert int((batch.target[1] != IGNORED).sum()) == 5


def test_decisive_tokens_are_those_of_the_marked_spans(texts: list[Sample], tokenizer: Tokenizer) -> None:
    for sample in texts[:100]:
        encoded = encode(tokenizer, sample)
        told = [t for t, decisive in zip(encoded.tokens, encoded.decisive, strict=True) if decisive]
        numbers = [c for begin, end in sample.decisive for c in sample.advice[begin:end] if c.isdigit()]
        assert [c for c in tokenizer.decode(told) if c.isdigit()] == numbers
        assert not any(encoded.decisive[: encoded.prompt])
        assert len(told) < len(encoded.tokens) - encoded.prompt


def test_the_loss_falls_on_one_batch(texts: list[Sample], tokenizer: Tokenizer) -> None:
    model = _model().train()
    batch = collate([pack([encode(tokenizer, s)]) for s in texts[:4]])
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    first = loss_of(model, batch).item()
    for _ in range(15):
        optimiser.zero_grad()
        loss = loss_of(model, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert loss.item() < 0.7 * first


def test_a_later_token_changes_nothing_before_it() -> None:
    model, tokens = _model(), torch.randint(0, 600, (1, 20), generator=torch.Generator().manual_seed(1))
    changed = tokens.clone()
    changed[0, 12] = (changed[0, 12] + 1) % 600
    with torch.no_grad():
        difference = (model(tokens) - model(changed)).abs().amax(-1)[0]
    assert difference[:12].max() == 0
    assert difference[12:].min() > 0


def test_rotation_depends_only_on_the_distance() -> None:
    generator = torch.Generator().manual_seed(2)
    q, k = torch.randn(1, 1, 1, 32, generator=generator), torch.randn(1, 1, 1, 32, generator=generator)
    turn = rotation(torch.arange(50), 32, 10_000.0)
    turned_q, turned_k = rotate(q.expand(1, 1, 50, 32), turn)[0, 0], rotate(k.expand(1, 1, 50, 32), turn)[0, 0]
    scores = turned_q @ turned_k.T
    assert torch.allclose(torch.diagonal(scores, 7), scores[0, 7].expand(43), atol=1e-4)


def test_laid_out_heads_copy_what_came_before() -> None:
    torch.manual_seed(0)
    config = replace(TINY, vocabulary=512, width=192, heads=4, hidden=128, rope_base=1e6)
    plain, laid = Llama(config).eval(), Llama(config).eval()
    lay_out_copying(laid, seed=0)
    part = torch.randint(1, 512, (4, 40))
    tokens, wanted = torch.cat([part, part], 1), part[:, 1:]
    with torch.no_grad():
        ranks = [_rank(model(tokens)[:, 40:-1], wanted) for model in (plain, laid)]
    assert ranks[0] > 100
    assert ranks[1] < 40


def _rank(logits: torch.Tensor, wanted: torch.Tensor) -> float:
    own = logits.gather(-1, wanted[..., None])
    return float((logits > own).sum(-1).float().median())


@pytest.mark.parametrize(("kind", "near"), [("f16", 0.02), ("q8_0", 0.25)])
def test_llama_cpp_gives_the_same_tokens_and_answers(
    kind: str, near: float, texts: list[Sample], tokenizer: Tokenizer, tmp_path: Path
) -> None:
    from llama_cpp import Llama as LlamaCpp

    model, path = _model(), tmp_path / "tïny.gguf"
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(3.0 if weight.ndim > 1 else 1.0)
    write_gguf(path, model, tokenizer, "tiny", kind)
    assert read_header(path).bundled
    served = LlamaCpp(str(path), n_ctx=384, n_threads=1, logits_all=True, verbose=False)
    for sample in texts[:200]:
        ids = tokenizer.encode(sample.prompt).ids
        assert served.tokenize(sample.prompt.encode(), add_bos=False, special=True) == ids
    served.eval(ids)
    given = np.array(served.scores[: len(ids)])
    with torch.no_grad():
        ours = model(torch.tensor([ids]))[0].numpy()
    served.close()
    assert np.abs(given - ours).max() < near
    sure = np.sort(ours, 1)[:, -1] - np.sort(ours, 1)[:, -2] > near
    assert (given.argmax(1) == ours.argmax(1))[sure].all()


def test_the_recipe_of_the_bundled_model_is_complete() -> None:
    recipe = read_recipe(RECIPE)
    assert recipe.width % recipe.heads == 0
    assert recipe.width % 32 == 0


def test_a_broken_recipe_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('name = "x"\n', encoding="utf-8")
    with pytest.raises(FiasError):
        read_recipe(path)
    assert main(["coach", "train", str(path), "--out", str(tmp_path / "run")]) == 1
    assert "broken.toml" in capsys.readouterr().err


def test_exporting_what_is_no_run_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coach", "export", str(tmp_path)]) == 1
    assert "not a finished coach run" in capsys.readouterr().err


def test_a_run_becomes_a_model_with_a_card_that_speaks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = tmp_path / "small.toml"
    text = RECIPE.read_text(encoding="utf-8").replace("copy_heads = true", "copy_heads = false")
    for name, value in {"texts": 300, "vocabulary": 500, "width": 32, "layers": 1, "heads": 1, "hidden": 32}.items():
        text = _with(text, name, value)
    for name, value in {"steps": 2, "batch": 2, "warm_up": 1}.items():
        text = _with(text, name, value)
    recipe.write_text(text, encoding="utf-8")
    run, bundle = tmp_path / "run", tmp_path / "bundle"
    assert main(["coach", "train", str(recipe), "--out", str(run)]) == 0
    assert main(["coach", "export", str(run), "--to", str(bundle), "--sets", "2"]) == 0
    card = (bundle / "card.toml").read_text(encoding="utf-8")
    assert 'licence = "Apache-2.0"' in card
    assert "faithful_unguarded_en = " in card
    assert "faithful_unguarded_en" in capsys.readouterr().out


def _with(text: str, name: str, value: int) -> str:
    lines = [f"{name} = {value}" if line.split(" = ")[0] == name else line for line in text.splitlines()]
    assert f"{name} = {value}" in lines
    return "\n".join(lines)
