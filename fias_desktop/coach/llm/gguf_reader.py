"""Walks through the header of a GGUF file and believes nothing: every count, size and place is checked before use.

The rules are those of the GGUF specification and of llama.cpp's own reader; what it would stumble over, or what lies
outside the file, is refused here with a reason.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass, field

from fias_desktop.domain.errors import FiasError

ANOTHER = "Choose another GGUF file in the settings, or leave the field empty for the bundled model."
MAGIC = b"GGUF"
VERSIONS = (2, 3)
MAX_KEYS, MAX_TENSORS, MAX_TEXT, MAX_ITEMS = 10_000, 100_000, 1 << 22, 1 << 22
MAX_KEY, MAX_NAME, MAX_DIMENSIONS, MAX_ALIGNMENT = 1 << 16, 63, 4, 1 << 20
MAX_ELEMENTS = 1 << 48
# Bytes of a value by its GGUF type number; 8 is text, 9 an array.
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_FORMATS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<B", 10: "<Q", 11: "<q", 12: "<d"}
_U32, _BOOL, _TEXT, _ARRAY, _U64 = 4, 7, 8, 9, 10
# Weights in a block and bytes of a block by ggml's type number.
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 40), 10: (256, 84),
    11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66), 17: (256, 74),
    18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2),
    26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
    40: (64, 36), 41: (128, 18),
}  # fmt: skip
# Sizes of a network that must be there and lie between these bounds; where a list stands in their place it is left to
# llama.cpp. The bounds are far beyond every model that fits a desktop.
_NETWORK = {
    "block_count": (1, 1024),
    "embedding_length": (1, 1 << 17),
    "feed_forward_length": (1, 1 << 20),
    "attention.head_count": (1, 1 << 14),
    "attention.head_count_kv": (1, 1 << 14),
    "context_length": (1, 1 << 26),
}
_TOKENS = "tokenizer.ggml.tokens"

Value = str | int | float | bool


@dataclass(frozen=True)
class Tensor:
    """Where a tensor lies: bytes from the start of all data."""

    name: str
    start: int
    end: int


@dataclass
class Content:
    """What a header says: single values, lengths of arrays, tensors."""

    version: int = 0
    keys: dict[str, Value] = field(default_factory=dict)
    arrays: dict[str, int] = field(default_factory=dict)
    tensors: list[Tensor] = field(default_factory=list)


def read(view: mmap.mmap, name: str) -> Content:
    """The header of the file `name`; FiasError with the reason for one that is not whole and in order."""
    return _Reader(view, name).content()


class _Reader:
    def __init__(self, view: mmap.mmap, name: str) -> None:
        self._view, self._name, self._at = view, name, 0
        self._content = Content()

    def content(self) -> Content:
        if self._view[:4] != MAGIC:
            raise FiasError(f"{self._name} is not a GGUF file.", ANOTHER)
        self._at = 4
        version = self._integer(_U32)
        if version not in VERSIONS:
            raise FiasError(f"{self._name} has GGUF version {version}, which is not supported.", ANOTHER)
        self._content.version = version
        tensors, keys = self._integer(_U64), self._integer(_U64)
        self._bounded(tensors, MAX_TENSORS, "number of tensors")
        self._bounded(keys, MAX_KEYS, "number of entries")
        for _ in range(keys):
            self._entry()
        if tensors == 0 or not self._content.keys.get("general.architecture"):
            raise self._damaged("it holds no weights")
        self._content.tensors = [self._tensor() for _ in range(tensors)]
        self._network()
        self._vocabulary()
        self._places()
        return self._content

    def _entry(self) -> None:
        key = self._text("name of an entry", MAX_KEY)
        if not key or key in self._content.keys or key in self._content.arrays:
            raise self._damaged(f"the entry {key!r} is there twice" if key else "an entry has no name")
        kind = self._integer(_U32)
        if kind == _ARRAY:
            self._content.arrays[key] = self._array(key)
        elif kind == _TEXT:
            self._content.keys[key] = self._text(f"text of {key}", MAX_TEXT)
        else:
            self._content.keys[key] = self._scalar(kind)

    def _array(self, key: str) -> int:
        kind, count = self._integer(_U32), self._integer(_U64)
        self._bounded(count, MAX_ITEMS, f"length of {key}")
        if kind == _TEXT:
            for _ in range(count):
                self._skip(self._integer(_U64))
        elif kind in _SIZES:
            self._skip(count * _SIZES[kind])
        else:
            raise self._damaged(f"{key} is a list of an unknown kind ({kind})")
        return count

    def _tensor(self) -> Tensor:
        name = self._text("name of a tensor", MAX_NAME)
        dimensions = self._integer(_U32)
        if not 1 <= dimensions <= MAX_DIMENSIONS:
            raise self._damaged(f"the tensor {name} has {dimensions} dimensions")
        sizes = [self._integer(_U64) for _ in range(dimensions)]
        count = 1
        for size in sizes:
            count *= size
            if not 1 <= count <= MAX_ELEMENTS:
                raise self._damaged(f"the tensor {name} has impossible sizes ({' x '.join(map(str, sizes))})")
        kind, start = self._integer(_U32), self._integer(_U64)
        if kind not in _BLOCKS:
            raise self._damaged(f"the tensor {name} is of an unknown kind ({kind})")
        block, bytes_ = _BLOCKS[kind]
        if sizes[0] % block:
            raise self._damaged(f"the tensor {name} has rows of {sizes[0]} numbers, no multiple of {block}")
        return Tensor(name, start, start + count // block * bytes_)

    def _network(self) -> None:
        """Sizes with which llama.cpp would divide, or reserve memory."""
        keys = self._content.keys
        architecture = keys["general.architecture"]
        for name, (least, most) in _NETWORK.items():
            key = f"{architecture}.{name}"
            value = keys.get(key, least)
            if not isinstance(value, int) or not least <= value <= most:
                raise self._damaged(f"{key} is {value}, which makes no sense")

    def _vocabulary(self) -> None:
        arrays = self._content.arrays
        for key in ("tokenizer.ggml.token_type", "tokenizer.ggml.scores"):
            if arrays.get(key, arrays.get(_TOKENS, 0)) != arrays.get(_TOKENS, 0):
                raise self._damaged(f"it has {arrays.get(_TOKENS, 0)} tokens, but {arrays[key]} values in {key}")

    def _places(self) -> None:
        """No tensor outside the file, across another one, or at a place that is not a multiple of the alignment."""
        alignment = self._content.keys.get("general.alignment", 32)
        if not isinstance(alignment, int) or not 1 <= alignment <= MAX_ALIGNMENT or alignment & (alignment - 1):
            raise self._damaged(f"its alignment is {alignment}, which makes no sense")
        first = -(-self._at // alignment) * alignment
        end, names = 0, set()
        for tensor in sorted(self._content.tensors, key=lambda row: row.start):
            if tensor.start % alignment:
                raise self._damaged(f"the tensor {tensor.name} does not begin at a multiple of {alignment} bytes")
            if tensor.start < end:
                raise self._damaged(f"the tensor {tensor.name} lies across another one")
            if tensor.name in names:
                raise self._damaged(f"the tensor {tensor.name} is there twice")
            end = tensor.end
            names.add(tensor.name)
            if first + end > len(self._view):
                raise self._damaged(
                    f"the end is missing (the tensor {tensor.name} ends at byte {first + end}, the file at"
                    f" {len(self._view)}); it was probably not downloaded completely"
                )

    def _text(self, what: str, most: int) -> str:
        length = self._integer(_U64)
        self._bounded(length, most, f"length of the {what}")
        start = self._at
        self._skip(length)
        return self._view[start : self._at].decode("utf-8", errors="replace")

    def _integer(self, kind: int) -> int:
        start = self._at
        self._skip(_SIZES[kind])
        value: int = struct.unpack_from(_FORMATS[kind], self._view, start)[0]
        return value

    def _scalar(self, kind: int) -> int | float | bool:
        if kind not in _FORMATS:
            raise self._damaged(f"it has a value of an unknown kind ({kind})")
        start = self._at
        self._skip(_SIZES[kind])
        value: int | float = struct.unpack_from(_FORMATS[kind], self._view, start)[0]
        if kind != _BOOL:
            return value
        self._bounded(int(value), 1, "value of a switch")
        return bool(value)

    def _skip(self, count: int) -> None:
        if self._at + count > len(self._view):
            raise self._damaged("it breaks off in its header")
        self._at += count

    def _bounded(self, value: int, largest: int, what: str) -> None:
        if value > largest:
            raise self._damaged(f"the {what} is {value}, which makes no sense")

    def _damaged(self, why: str) -> FiasError:
        return FiasError(f"The language model {self._name} is damaged: {why}.", ANOTHER)
