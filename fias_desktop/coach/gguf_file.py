"""A careful look at a GGUF file before llama.cpp, which does not promise to survive foreign files, may open it."""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import psutil

from fias_desktop.domain.errors import FiasError

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MAX_KEYS, MAX_TENSORS, MAX_TEXT, MAX_ITEMS = 10_000, 100_000, 1 << 22, 1 << 22
# Bytes of a value by its GGUF type number; 8 is text, 9 an array.
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_FORMATS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_TEXT, _ARRAY = 8, 9
# What the program needs beside the weights: llama.cpp itself and its work space.
OVERHEAD_BYTES = 64 << 20
ANOTHER = "Choose another GGUF file in the settings, or leave the field empty for the bundled model."

Value = str | int | float | bool


@dataclass(frozen=True)
class GgufHeader:
    """What the header says: `keys` holds the single values (arrays are skipped), `data_start` the weights' offset."""

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
        width = self._number("embedding_length") * self._number("attention.head_count_kv", 1)
        heads = max(self._number("attention.head_count", 1), 1)
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
                return _Reader(view, path.name).header()
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


class _Reader:
    """Walks through a mapped GGUF file and never reads behind its end."""

    def __init__(self, view: mmap.mmap, name: str) -> None:
        self._view, self._name, self._at = view, name, 0

    def header(self) -> GgufHeader:
        if self._view[:4] != MAGIC:
            raise FiasError(f"{self._name} is not a GGUF file.", ANOTHER)
        self._at = 4
        version = int(self._scalar(4))
        if version not in VERSIONS:
            raise FiasError(f"{self._name} has GGUF version {version}, which is not supported.", ANOTHER)
        tensors, count = int(self._scalar(10)), int(self._scalar(10))
        self._bounded(tensors, MAX_TENSORS)
        self._bounded(count, MAX_KEYS)
        keys: dict[str, Value] = {}
        for _ in range(count):
            key = self._text()
            value = self._value(int(self._scalar(4)))
            if value is not None:
                keys[key] = value
        header = GgufHeader(version, tensors, keys, len(self._view))
        self._tensors(header)
        return header

    def _tensors(self, header: GgufHeader) -> None:
        """Every tensor must begin inside the file; one weight or more must be there."""
        if header.tensors == 0 or not header.architecture:
            raise self._damaged("it holds no weights")
        ends = [self._tensor() for _ in range(header.tensors)]
        alignment = int(header.keys.get("general.alignment", 32))
        self._bounded(alignment - 1, 1 << 20)
        start = -(-self._at // alignment) * alignment
        if start + max(ends) > header.size_bytes:
            raise self._damaged("the end is missing; it was probably not downloaded completely")

    def _tensor(self) -> int:
        """The end of one tensor's data, counted from the start of all data (exact for the types known here)."""
        self._text()
        dimensions = int(self._scalar(4))
        self._bounded(dimensions, 4)
        count = 1
        for _ in range(dimensions):
            count *= max(int(self._scalar(10)), 1)
        kind, offset = int(self._scalar(4)), int(self._scalar(10))
        bits = _BITS.get(kind, 1.0)
        return offset + int(count * bits / 8)

    def _value(self, kind: int) -> Value | None:
        if kind == _TEXT:
            return self._text()
        if kind == _ARRAY:
            self._array()
            return None
        return self._scalar(kind)

    def _array(self) -> None:
        kind, count = int(self._scalar(4)), int(self._scalar(10))
        self._bounded(count, MAX_ITEMS)
        if kind == _TEXT:
            for _ in range(count):
                self._skip(int(self._scalar(10)))
        elif kind in _SIZES:
            self._skip(count * _SIZES[kind])
        else:
            raise self._damaged("it has an array of an unknown kind")

    def _text(self) -> str:
        length = int(self._scalar(10))
        self._bounded(length, MAX_TEXT)
        start = self._at
        self._skip(length)
        return self._view[start : self._at].decode("utf-8", errors="replace")

    def _scalar(self, kind: int) -> int | float | bool:
        if kind not in _FORMATS:
            raise self._damaged("it has a value of an unknown kind")
        start = self._at
        self._skip(_SIZES[kind])
        value: int | float | bool = struct.unpack(_FORMATS[kind], self._view[start : self._at])[0]
        return value

    def _skip(self, count: int) -> None:
        if self._at + count > len(self._view):
            raise self._damaged("it breaks off in its header")
        self._at += count

    def _bounded(self, value: int, largest: int) -> None:
        if not 0 <= value <= largest:
            raise self._damaged("its header makes no sense")

    def _damaged(self, why: str) -> FiasError:
        return FiasError(f"The language model {self._name} is damaged: {why}.", ANOTHER)


# Bits per weight of the common tensor types (f32, f16, q4_0, q4_1, q5_0, q5_1, q8_0, q2_K .. q6_K, bf16).
_BITS: dict[int, float] = {
    0: 32, 1: 16, 2: 4.5, 3: 5, 6: 5.5, 7: 6, 8: 8.5, 10: 2.625, 11: 3.4375, 12: 4.5, 13: 5.5, 14: 6.5625, 30: 16,
}  # fmt: skip
