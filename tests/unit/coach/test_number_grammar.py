from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import pytest

from fias_desktop.coach.llm.number_grammar import number_grammar
from tests.unit.coach.tiny_gguf import write_tiny_gguf

# Kept for good: llama.cpp goes on calling it.
QUIET = llama_cpp.llama_log_callback(lambda *_: None)
GRAMMAR = number_grammar(["3", "12", "112", "3.5", "0.8"])


class Matcher:
    """llama.cpp's own reading of a grammar, over a vocabulary of single bytes."""

    def __init__(self, path: Path) -> None:
        llama_cpp.llama_log_set(QUIET, None)
        parameters = llama_cpp.llama_model_default_params()
        parameters.vocab_only = True
        self._model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._model)

    def allows(self, grammar: str, text: str) -> bool:
        """Whether the text, all of it, may be written under the grammar."""
        sampler = llama_cpp.llama_sampler_init_grammar(self._vocabulary, grammar.encode(), b"root")
        assert sampler, grammar
        try:
            return all(self._step(sampler, token) for token in [*self._tokens(text), 0])  # 0 is the end
        finally:
            llama_cpp.llama_sampler_free(sampler)

    def close(self) -> None:
        llama_cpp.llama_model_free(self._model)

    def _step(self, sampler: Any, token: int) -> bool:
        row = np.array([(token, 1.0, 0.0)], np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)]))
        data = row.ctypes.data_as(llama_cpp.llama_token_data_p)
        array = llama_cpp.llama_token_data_array(data=data, size=1, selected=-1, sorted=False)
        llama_cpp.llama_sampler_apply(sampler, ctypes.byref(array))
        if not np.isfinite(row["logit"][0]):
            return False
        llama_cpp.llama_sampler_accept(sampler, token)
        return True

    def _tokens(self, text: str) -> list[int]:
        data = text.encode()
        buffer = (llama_cpp.llama_token * (len(data) + 8))()
        count = llama_cpp.llama_tokenize(self._vocabulary, data, len(data), buffer, len(buffer), False, False)
        assert count >= 0
        return list(buffer[:count])


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matcher]:
    made = Matcher(write_tiny_gguf(tmp_path_factory.mktemp("grammar") / "tiny.gguf"))
    yield made
    made.close()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Sit lower.",
        "3",
        "You did 3 of 12.",
        "3.5 seconds, 112 degrees, 0.8",
        "In 3, 12 and 112.",
        "做了 3 下，膝蓋 112 度。",
        "12. 3. Good",
        "(3) 12% 3.5s",
        "12...",
    ],
)
def test_words_and_the_given_numbers_are_possible(matcher: Matcher, text: str) -> None:
    assert matcher.allows(GRAMMAR, text)


@pytest.mark.parametrize(
    "text",
    ["4", "1", "11", "33", "1125", "3.4", "3.55", "12.5", "12.3", "0", "0.", "8", ".3", "1,120", "3,12", "12 of 13",
     "３", "3²", "½", "٣", "①", "第 4 下"],
)  # fmt: skip
def test_no_other_number_is_possible(matcher: Matcher, text: str) -> None:
    assert not matcher.allows(GRAMMAR, text)


def test_without_numbers_no_digit_is_possible(matcher: Matcher) -> None:
    assert matcher.allows(number_grammar([]), "Sit lower, and slowly.")
    assert not matcher.allows(number_grammar([]), "Sit 3 times.")


def test_thirty_numbers_are_each_possible_and_their_neighbours_are_not(matcher: Matcher) -> None:
    numbers = [str(n) for n in range(5, 300, 10)]
    grammar = number_grammar(numbers)
    assert all(matcher.allows(grammar, f"It is {number}.") for number in numbers)
    assert not any(matcher.allows(grammar, f"It is {int(number) + 1}.") for number in numbers)


@pytest.mark.parametrize("text", ["", "3a", "-3", "3.", ".5", "1.2.3", '3"', "３", "²"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        number_grammar(["12", text])
