"""The number rule at work inside llama.cpp: tokens that would write a number that was not given cannot be chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fias_desktop.coach.number_phrases import NumberPhrases
from fias_desktop.coach.number_rule import DIGITS, NumberRule

if TYPE_CHECKING:
    from llama_cpp import Llama

Processor = Callable[[NDArray[np.intc], NDArray[np.single]], NDArray[np.single]]


class TrueNumbers:
    """Knows the text of every token of one model."""

    def __init__(self, model: Llama) -> None:
        self._model = model
        self._pieces = [self._text([token]) for token in range(model.n_vocab())]
        self._digits = [i for i, piece in enumerate(self._pieces) if not DIGITS.isdisjoint(piece)]

    def processor(self, phrases: NumberPhrases, prompt: int) -> Processor:
        """A function (tokens so far, scores (vocabulary,)) -> scores with -inf for what must not come next; the first
        `prompt` tokens are the prompt."""
        rule = NumberRule(phrases)

        def process(tokens: NDArray[np.intc], scores: NDArray[np.single]) -> NDArray[np.single]:
            allowed = rule.after(self._text(tokens[prompt:].tolist()))
            looked_at = range(len(self._pieces)) if allowed.continuations else self._digits
            kept = scores.copy()
            kept[[i for i in looked_at if not allowed.permits(self._pieces[i])]] = -np.inf
            return kept

        return process

    def _text(self, tokens: list[int]) -> str:
        text: bytes = self._model.detokenize(tokens, special=True)
        return text.decode("utf-8", errors="replace")
