"""A careful look at a GGUF file before llama.cpp, which does not promise to survive foreign files, may open it."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path

import psutil

from fias_desktop.coach.llm.gguf_reader import ANOTHER, Value, read
from fias_desktop.domain.errors import FiasError

__all__ = ["ANOTHER", "GgufHeader", "check_memory", "read_header"]
# What the program needs beside the weights: llama.cpp itself and its work space.
OVERHEAD_BYTES = 64 << 20


@dataclass(frozen=True)
class GgufHeader:
    """What the header says: `keys` holds the single values (arrays are skipped), `tensors` counts the weights."""

    version: int
    tensors: int
    keys: dict[str, Value]
    size_bytes: int

    @property
    def architecture(self) -> str:
        """The network's family, `llama` for ours."""
        return str(self.keys.get("general.architecture", ""))

    @property
    def has_chat_template(self) -> bool:
        """Whether the file brings its own chat format."""
        return bool(self.keys.get("tokenizer.chat_template"))

    @property
    def bundled(self) -> bool:
        """Whether it is a coach trained here, which answers the facts without instructions."""
        return str(self.keys.get("fias.prompt", "")) == "facts"

    def needed_bytes(self, context: int) -> int:
        """An estimate of the memory it takes: weights, key/value cache (16 bit) and overhead."""
        heads = max(self._number("attention.head_count", 1), 1)
        width = self._number("embedding_length") * self._number("attention.head_count_kv", heads)
        cache = 4 * context * self._number("block_count") * width // heads
        return self.size_bytes + cache + OVERHEAD_BYTES

    def _number(self, key: str, default: int = 0) -> int:
        value = self.keys.get(f"{self.architecture}.{key}", default)
        return int(value) if isinstance(value, int | float) else default


def read_header(path: Path) -> GgufHeader:
    """Read and check the header; FiasError with a next step for a missing, empty, foreign or truncated file."""
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            if size == 0:
                raise FiasError(f"The language model {path.name} is empty (0 bytes).", ANOTHER)
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
                content = read(view, path.name)
                return GgufHeader(content.version, len(content.tensors), content.keys, size)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FiasError(f"The language model {path} cannot be read: {reason}.", ANOTHER) from error


def check_memory(header: GgufHeader, name: str, context: int, available_bytes: int | None = None) -> None:
    """FiasError when the model would not fit into the free memory (with a tenth kept free)."""
    free = psutil.virtual_memory().available if available_bytes is None else available_bytes
    needed = header.needed_bytes(context)
    if needed > 0.9 * free:
        raise FiasError(
            f"The language model {name} needs about {needed / 2**30:.1f} GB of memory, but only {free / 2**30:.1f} GB"
            " are free.",
            "Close other programs or choose a smaller model in the settings.",
        )
