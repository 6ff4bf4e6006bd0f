"""What is asked of a language model, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from fias_desktop.coach.prompt import Prompt

OnText = Callable[[str], None]


@dataclass(frozen=True)
class Reply:
    """An answer: `first_words_s` is the time from the request to the first characters (NaN when none came)."""

    text: str
    cancelled: bool
    first_words_s: float
    total_s: float
    tokens: int


class LanguageModelProtocol(Protocol):
    """Anything that answers a prompt with text, piece by piece."""

    @property
    def bundled(self) -> bool:
        """Whether it is the project's own model, which needs no instructions."""
        ...

    def ask(
        self,
        prompt: Prompt,
        on_text: OnText,
        *,
        temperature: float = 0.4,
        seed: int = 0,
        grammar: str = "",
        max_tokens: int | None = None,
        top_p: float | None = None,
        said: Sequence[str] = (),
    ) -> Reply:
        """Answer; `on_text` gets the whole text so far, again and again. FiasError when it cannot.

        `grammar` is GBNF that the answer must obey, "" for none; what is None is as in the model's options. `said` are
        earlier answers, whose wordings are not wanted again.
        """
        ...

    def cancel(self) -> None:
        """Stop the answer that is being written, from any thread."""
        ...
