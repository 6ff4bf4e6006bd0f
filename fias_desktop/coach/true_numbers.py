"""The number rule at work inside llama.cpp: tokens that would write a number that was not given cannot be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fias_desktop.coach.number_phrases import NumberPhrases
from fias_desktop.coach.number_rule import DIGITS, NumberRule

if TYPE_CHECKING:
    from llama_cpp import Llama


class Writing:
    """One answer being written: a logits processor that forbids wrong numbers and notes how sure the model was.

    `surprises` are -log p (nats) of the tokens chosen so far, by the model's own scores before anything was forbidden.
    """

    def __init__(self, owner: TrueNumbers, phrases: NumberPhrases, prompt: int) -> None:
        self.surprises: list[float] = []
        self._owner, self._rule, self._prompt = owner, NumberRule(phrases), prompt
        self._scores: NDArray[np.single] | None = None

    def __call__(self, tokens: NDArray[np.intc], scores: NDArray[np.single]) -> NDArray[np.single]:
        """Scores (vocabulary,) with -inf for what must not follow `tokens` (prompt and answer so far)."""
        if self._scores is not None:
            best = self._scores.max()
            total = best + np.log(np.exp(self._scores - best).sum())
            self.surprises.append(float(total - self._scores[tokens[-1]]))
        self._scores = scores.copy()
        return self._owner.allow(self._rule, tokens[self._prompt :].tolist(), scores)


class TrueNumbers:
    """Knows the text of every token of one model."""

    def __init__(self, model: Llama) -> None:
        self._model = model
        self._pieces = [self._text([token]) for token in range(model.n_vocab())]
        self._digits = [i for i, piece in enumerate(self._pieces) if not DIGITS.isdisjoint(piece)]

    def writing(self, phrases: NumberPhrases, prompt: int) -> Writing:
        """For one answer under these phrases, behind a prompt of `prompt` tokens."""
        return Writing(self, phrases, prompt)

    def allow(self, rule: NumberRule, answer: list[int], scores: NDArray[np.single]) -> NDArray[np.single]:
        """A copy of the scores in which everything that the rule forbids after `answer` is -inf."""
        allowed = rule.after(self._text(answer))
        looked_at = range(len(self._pieces)) if allowed.continuations else self._digits
        kept = scores.copy()
        kept[[i for i in looked_at if not allowed.permits(self._pieces[i])]] = -np.inf
        return kept

    def _text(self, tokens: list[int]) -> str:
        text: bytes = self._model.detokenize(tokens, special=True)
        return text.decode("utf-8", errors="replace")
