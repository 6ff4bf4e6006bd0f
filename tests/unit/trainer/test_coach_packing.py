from __future__ import annotations

import torch
from torch.nn import functional as F

from trainer.coach.llama import Llama, LlamaConfig
from trainer.coach.packing import IGNORED, Encoded, collate, pack, shared_length
from trainer.coach.train import loss_of

CONFIG = LlamaConfig(vocabulary=60, width=32, layers=2, heads=2, hidden=48, context=64)
# Two prompts with five tokens in common, and answers that end with token 0.
SAMPLES = [
    Encoded([5, 6, 7, 8, 9, 20, 21, 30, 31, 32, 0], 7, [False] * 8 + [True, False, False]),
    Encoded([5, 6, 7, 8, 9, 25, 21, 40, 41, 0], 7),
    Encoded([5, 6, 7, 8, 9, 20, 22, 33, 0], 7),
]


def _alone(model: Llama, sample: Encoded) -> list[torch.Tensor]:
    tokens = sample.tokens
    logits = model(torch.tensor([tokens[:-1]]))[0]
    return [F.cross_entropy(logits[i - 1], torch.tensor(tokens[i])) for i in range(sample.prompt, len(tokens))]


def _spread_out() -> Llama:
    torch.manual_seed(0)
    model = Llama(CONFIG).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(5.0)
    return model


def test_what_is_shared_stands_once() -> None:
    row = pack(SAMPLES)
    assert shared_length(SAMPLES) == 5
    assert row.tokens[:5] == [5, 6, 7, 8, 9]
    assert row.tokens.count(5) == 1
    assert len(row.tokens) == 5 + sum(len(sample.tokens) - 6 for sample in SAMPLES)
    assert row.positions[5:10] == [5, 6, 7, 8, 9]
    assert [t for t in row.target if t != IGNORED] == [30, 31, 32, 0, 40, 41, 0, 33, 0]


def test_prompts_that_are_the_same_share_all_but_their_last_token() -> None:
    twice = [Encoded([1, 2, 3, 9, 0], 3), Encoded([1, 2, 3, 8, 0], 3)]
    assert shared_length(twice) == 2
    assert [t for t in pack(twice).target if t != IGNORED] == [9, 0, 8, 0]


def test_every_answer_has_the_loss_of_a_row_of_its_own() -> None:
    model = _spread_out()
    with torch.no_grad():
        alone = torch.stack([loss for sample in SAMPLES for loss in _alone(model, sample)])
        batch = collate([pack(SAMPLES), pack(SAMPLES[:1])])
        packed = loss_of(model, batch)
    only = torch.stack(_alone(model, SAMPLES[0])).detach()
    assert torch.allclose(packed, torch.cat([alone, only]).mean(), atol=1e-5)
    assert float(alone.std()) > 0.1


def test_what_the_facts_decide_counts_more() -> None:
    model = _spread_out()
    with torch.no_grad():
        alone = torch.stack([loss for sample in SAMPLES for loss in _alone(model, sample)])
        weighted = loss_of(model, collate([pack(SAMPLES)]), fact_weight=3.0)
    weight = torch.ones(len(alone))
    weight[1] = 3.0  # the second token of the first answer
    assert torch.allclose(weighted, (weight * alone).sum() / weight.sum(), atol=1e-5)
    assert abs(float(weighted - alone.mean())) > 1e-3
