"""The one error a person is meant to read."""

from __future__ import annotations


class FiasError(Exception):
    """Something went wrong that a person can act upon.

    `user_message` says what happened in plain words, `hint` says what to do next. On the command line both are printed
    and the exit code is 1; in the window they become a banner.
    """

    def __init__(self, user_message: str, hint: str = "") -> None:
        super().__init__(user_message)
        self.user_message = user_message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.user_message} {self.hint}".strip()
