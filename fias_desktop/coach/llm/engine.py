"""llama.cpp itself, through its C functions: load, lay out a prompt, write word by word. Runs in the child only.

The Python class `Llama` is not used: it compiles and runs the Jinja program in a file's `tokenizer.chat_template`, it
cannot be stopped while it reads a prompt, and it decodes the whole answer again for every token.
"""

from __future__ import annotations

import codecs
import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import llama_cpp
import numpy as np

# Tokens evaluated between two looks at a cancelled request. A whole number of them is kept from prompt to prompt, so
# that a prompt is always cut in the same places and the same seed gives the same words.
CHUNK = 64
# Words less than MIN_P as likely as the likeliest are not drawn: of those that say what is so there is one, while there
# are many wordings. Of what is left, one that follows the same word as in an earlier answer is less wanted, and still
# less one that follows the same two.
TOP_K, MIN_P, STALE = 40, 0.2, 4.0
ABORTED = 2
MAX_TEMPLATE_BYTES = 1 << 16
_ERROR_LEVEL = 4
_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])

Stopped = Callable[[], bool]


@dataclass(frozen=True)
class Sampling:
    """How words are drawn; a temperature of 0 takes the likeliest. `grammar` is GBNF, "" for none; `said` are earlier
    answers."""

    temperature: float
    top_p: float
    seed: int
    max_tokens: int
    grammar: str = ""
    said: tuple[str, ...] = ()


class Engine:
    """One loaded model with one context. RuntimeError with llama.cpp's reason when it cannot be loaded."""

    def __init__(self, path: str, threads: int, context: int, gpu_layers: int = 0) -> None:
        self._log = _Log()
        self._model = self._load(path, gpu_layers)
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self._context = self._make_context(threads, context)
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._past: list[int] = []
        self._stopped: Stopped = _never
        self._abort = llama_cpp.ggml_abort_callback(lambda _: self._stopped())
        llama_cpp.llama_set_abort_callback(self._context, self._abort, None)
        self.size = int(llama_cpp.llama_n_ctx(self._context))
        self.written = 0

    def _load(self, path: str, gpu_layers: int) -> Any:
        parameters = llama_cpp.llama_model_default_params()
        parameters.n_gpu_layers = gpu_layers
        model = llama_cpp.llama_model_load_from_file(path.encode(), parameters)
        if not model:
            self._log.close()
            raise RuntimeError(self._log.first or "llama.cpp refused the file")
        return model

    def _make_context(self, threads: int, size: int) -> Any:
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = size, CHUNK, CHUNK
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.no_perf = True
        context = llama_cpp.llama_init_from_model(self._model, parameters)
        if not context:
            llama_cpp.llama_model_free(self._model)
            self._log.close()
            raise RuntimeError(self._log.first or "there is no room for its context")
        return context

    def metadata(self, key: str) -> str:
        """A value of the file's header as text, "" where there is none."""
        buffer = ctypes.create_string_buffer(256)
        size = llama_cpp.llama_model_meta_val_str(self._model, key.encode(), buffer, len(buffer))
        return buffer.value.decode(errors="replace") if size >= 0 else ""

    def laid_out(self, text: str) -> str:
        """A message of the user in the model's chat layout, `text` itself where it has none that llama.cpp knows.

        llama.cpp tells the layout by marks in the template and writes it itself; the template is not run.
        """
        template = llama_cpp.llama_model_chat_template(self._model, None)
        if not template or len(template) > MAX_TEMPLATE_BYTES:
            return text
        message = llama_cpp.llama_chat_message(role=b"user", content=text.replace("\0", "").encode())
        buffer = ctypes.create_string_buffer(2 * len(text.encode()) + 1024)
        size = llama_cpp.llama_chat_apply_template(template, ctypes.pointer(message), 1, True, buffer, len(buffer))
        return buffer.raw[:size].decode(errors="replace") if 0 < size <= len(buffer) else text

    def write(self, prompt: str, sampling: Sampling, stops: Sequence[str], stopped: Stopped) -> Iterator[str]:
        """Pieces of the answer until it ends or `stopped`; `written` counts its tokens.

        ValueError for a grammar that does not parse and a prompt that is too long."""
        tokens = self._tokens(prompt)
        if len(tokens) >= self.size:
            raise ValueError(f"the prompt has {len(tokens)} tokens, but the context holds only {self.size}")
        sampler = _Sampler(self._vocabulary, sampling, [self._answer(text) for text in sampling.said])
        text = _Text(stops)
        self.written = 0
        try:
            if not self._read(tokens, stopped):
                return
            for _ in range(min(sampling.max_tokens, self.size - len(tokens))):
                token = sampler.draw(self._context)
                if stopped() or token is None or llama_cpp.llama_vocab_is_eog(self._vocabulary, token):
                    break
                self.written += 1
                yield text.add(self._piece(token))
                if text.ended or not self._evaluate([token], stopped):
                    break
            yield text.rest()
        finally:
            sampler.close()

    def close(self) -> None:
        """Give everything back."""
        llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)
        self._log.close()

    def _tokens(self, text: str) -> list[int]:
        tokens = self._tokenized(text, whole=True)
        if not tokens:
            raise ValueError("the prompt cannot be read by this model")
        return tokens

    def _answer(self, text: str) -> list[int]:
        """The tokens of an answer, which begins with a blank."""
        return self._tokenized(f" {text}", whole=False)

    def _tokenized(self, text: str, whole: bool) -> list[int]:
        data = text.encode()
        room = len(data) + 8
        buffer = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self._vocabulary, data, len(data), buffer, room, whole, whole)
        return list(buffer[: max(count, 0)])

    def _read(self, tokens: list[int], stopped: Stopped) -> bool:
        """Evaluate a prompt from where it differs from the last one; False when it was stopped."""
        same = next((i for i, pair in enumerate(zip(tokens, self._past, strict=False)) if pair[0] != pair[1]), None)
        same = min(len(tokens), len(self._past)) if same is None else same
        keep = min(same, len(tokens) - 1) // CHUNK * CHUNK
        if not llama_cpp.llama_memory_seq_rm(self._memory, 0, keep, -1):
            llama_cpp.llama_memory_clear(self._memory, True)
            keep = 0
        del self._past[keep:]
        return all(self._evaluate(tokens[at : at + CHUNK], stopped) for at in range(keep, len(tokens), CHUNK))

    def _evaluate(self, tokens: list[int], stopped: Stopped) -> bool:
        """Evaluate at most a chunk; False when it was stopped in the middle, which leaves nothing behind."""
        if stopped():
            return False
        self._stopped = stopped
        array = (llama_cpp.llama_token * len(tokens))(*tokens)
        code = llama_cpp.llama_decode(self._context, llama_cpp.llama_batch_get_one(array, len(tokens)))
        self._stopped = _never
        if code == 0:
            self._past += tokens
            return True
        llama_cpp.llama_memory_seq_rm(self._memory, 0, len(self._past), -1)
        if code == ABORTED:
            return False
        raise RuntimeError(f"llama.cpp failed with code {code}")

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(256)
        size = llama_cpp.llama_token_to_piece(self._vocabulary, token, buffer, len(buffer), 0, False)
        return buffer.raw[: max(size, 0)]


def _never() -> bool:
    return False


# What llama.cpp calls must outlive every engine: it has one such function for the whole process.
_SILENT = llama_cpp.llama_log_callback(lambda *_: None)


class _Log:
    """Keeps llama.cpp's first complaint, which says most, and keeps it from writing anything else."""

    def __init__(self) -> None:
        self.first = ""
        self._callback = llama_cpp.llama_log_callback(self._hear)
        llama_cpp.llama_log_set(self._callback, None)

    def close(self) -> None:
        """Hear nothing more."""
        llama_cpp.llama_log_set(_SILENT, None)

    def _hear(self, level: int, text: bytes, _: object) -> None:
        if level == _ERROR_LEVEL and not self.first:
            self.first = text.decode(errors="replace").strip().removesuffix(".")


class _Text:
    """Bytes to text: whole characters only, and nothing that may be the beginning of a stop."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = stops
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self.ended = False

    def add(self, data: bytes) -> str:
        """Take more bytes; the text that is sure by now."""
        self._held += self._decoder.decode(data)
        found = [at for at in map(self._held.find, self._stops) if at >= 0]
        if found:
            self.ended = True
            piece, self._held = self._held[: min(found)], ""
            return piece
        keep = max((n for stop in self._stops for n in range(1, len(stop)) if self._held.endswith(stop[:n])), default=0)
        piece, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        return piece

    def rest(self) -> str:
        """What was held back, once no more comes."""
        piece, self._held = self._held, ""
        return piece


class _Sampler:
    """Draws tokens. A grammar only judges the token drawn; not before it refuses one are all the others judged, which
    takes a hundred times as long with a large vocabulary."""

    def __init__(self, vocabulary: Any, sampling: Sampling, said: Sequence[Sequence[int]] = ()) -> None:
        self._grammar = None
        if sampling.grammar:
            text = sampling.grammar.encode()
            self._grammar = llama_cpp.llama_sampler_init_grammar(vocabulary, text, b"root")
            if not self._grammar:
                raise ValueError("the grammar does not parse")
        self._cut, self._dice = _chain(_cutting(sampling)), _chain(_drawing(sampling))
        self._candidates = np.zeros(llama_cpp.llama_vocab_n_tokens(vocabulary), _CANDIDATE)
        self._stale = _followers(said)
        self._last: tuple[int, int] = _START

    def draw(self, context: Any) -> int | None:
        """The next token; None when the grammar allows none."""
        token = self._draw(context)
        if self._grammar is not None:
            if token is not None and not self._allowed(token):
                token = self._draw(context, self._grammar)
            if token is not None:
                llama_cpp.llama_sampler_accept(self._grammar, token)
        if token is not None:
            self._last = (self._last[1], token)
        return token

    def close(self) -> None:
        """Give llama.cpp's samplers back."""
        for sampler in (self._cut, self._dice, self._grammar):
            if sampler is not None:
                llama_cpp.llama_sampler_free(sampler)

    def _allowed(self, token: int) -> bool:
        one = np.array([(token, 1.0, 0.0)], _CANDIDATE)
        llama_cpp.llama_sampler_apply(self._grammar, ctypes.byref(_array(one)))
        return bool(np.isfinite(one["logit"][0]))

    def _draw(self, context: Any, grammar: Any = None) -> int | None:
        rows = self._candidates
        rows["id"] = np.arange(len(rows))
        rows["logit"] = np.ctypeslib.as_array(llama_cpp.llama_get_logits_ith(context, -1), shape=(len(rows),))
        array = _array(rows)
        if grammar is not None:
            llama_cpp.llama_sampler_apply(grammar, ctypes.byref(array))
            if not np.isfinite(rows["logit"]).any():
                return None
        llama_cpp.llama_sampler_apply(self._cut, ctypes.byref(array))
        left = rows[: array.size]
        for before in (self._last[1:], self._last):
            left["logit"][np.isin(left["id"], self._stale.get(before, ()))] -= STALE
            array.sorted = False
        llama_cpp.llama_sampler_apply(self._dice, ctypes.byref(array))
        return int(rows["id"][array.selected])


# Before the first token of an answer.
_START = (-1, -1)


def _followers(said: Sequence[Sequence[int]]) -> dict[tuple[int, ...], list[int]]:
    """Which tokens followed every token, and every two neighbours."""
    found: dict[tuple[int, ...], list[int]] = {}
    for tokens in said:
        last = _START
        for token in tokens:
            found.setdefault(last[1:], []).append(token)
            found.setdefault(last, []).append(token)
            last = (last[1], token)
    return found


def _array(rows: np.ndarray[Any, Any]) -> Any:
    """llama.cpp's view of candidates, which stay where they are."""
    data = rows.ctypes.data_as(llama_cpp.llama_token_data_p)
    return llama_cpp.llama_token_data_array(data=data, size=len(rows), selected=-1, sorted=False)


def _chain(parts: Sequence[Any]) -> Any:
    chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
    for part in parts:
        llama_cpp.llama_sampler_chain_add(chain, part)
    return chain


def _cutting(sampling: Sampling) -> list[Any]:
    return [
        llama_cpp.llama_sampler_init_top_k(TOP_K),
        llama_cpp.llama_sampler_init_top_p(sampling.top_p, 1),
        llama_cpp.llama_sampler_init_min_p(MIN_P, 1),
    ]


def _drawing(sampling: Sampling) -> list[Any]:
    if sampling.temperature <= 0.0:
        return [llama_cpp.llama_sampler_init_greedy()]
    return [
        llama_cpp.llama_sampler_init_temp(sampling.temperature),
        llama_cpp.llama_sampler_init_dist(sampling.seed),
    ]
