"""Pickles of other people, opened without running anything of theirs.

A pickle is a program: it names functions and calls them. Here the only names it may use stand for numbers in arrays,
and what they lead to are small stand-ins of this file, so that not even numpy's own constructors are called with what
the file says. Before that, the instructions are read without being followed: only those that build containers, text and
numbers may occur, and nothing may ask for more memory than the file can fill.
"""

from __future__ import annotations

import io
import math
import pickle
import pickletools
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.errors import FiasError
from trainer.data.sequence import bad_data

MAX_BYTES = 2**32  # of a file
_FAILURES = (
    pickle.UnpicklingError, AttributeError, TypeError, ValueError, LookupError, EOFError, MemoryError, OverflowError,
    RecursionError,
)  # fmt: skip
_INSTRUCTIONS = """
    PROTO FRAME STOP MARK POP POP_MARK NONE NEWTRUE NEWFALSE INT BININT BININT1 BININT2 LONG LONG1 LONG4 FLOAT BINFLOAT
    UNICODE SHORT_BINUNICODE BINUNICODE BINUNICODE8 SHORT_BINBYTES BINBYTES BINBYTES8 BYTEARRAY8 EMPTY_LIST LIST APPEND
    APPENDS EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_DICT DICT SETITEM SETITEMS EMPTY_SET ADDITEMS FROZENSET PUT
    BINPUT LONG_BINPUT MEMOIZE GET BINGET LONG_BINGET GLOBAL STACK_GLOBAL REDUCE BUILD
"""
_OPCODES = frozenset(_INSTRUCTIONS.split())
_PUTS = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
_ORDERS = ("<", ">", "|", "=")
_NUMBER = re.compile(r"[fiu][1248]|b1")


def load(path: Path) -> object:
    """What the pickle holds: containers, text, numbers, bytes, and `Array` for each numpy array. FiasError when it is
    damaged, too large, or names anything but arrays of numbers; then nothing of it has been run."""
    if not path.is_file():
        raise FiasError(f"There is no file {path}.", "Give the path of a pickle with annotations.")
    if path.stat().st_size > MAX_BYTES:
        raise bad_data(path.name, "", f"it is larger than {MAX_BYTES / 2**30:.0f} GiB")
    content = path.read_bytes()
    try:
        _check(content)
        return _Unpickler(io.BytesIO(content)).load()
    except _Refused as error:
        raise bad_data(path.name, "", f"it would run {error}, which is refused; nothing was run") from error
    except _FAILURES as error:
        raise bad_data(path.name, "", f"it is damaged or no pickle of arrays ({type(error).__name__})") from error


class Array:
    """A numpy array as a pickle describes it; `values` once it is complete."""

    __slots__ = ("values",)

    def __init__(self, values: NDArray[Any] | None = None) -> None:
        self.values = values

    def __setstate__(self, state: tuple[object, ...]) -> None:
        _, shape, dtype, fortran, raw = state
        self.values = _values(raw, dtype, shape, "F" if fortran else "C")


class _Refused(pickle.UnpicklingError):
    """The pickle names something that it has no business to name."""


class _Kind:
    """A dtype as a pickle describes it: a number of one to eight bytes."""

    __slots__ = ("dtype",)

    def __init__(self, code: object) -> None:
        if not isinstance(code, str) or not _NUMBER.fullmatch(code):
            raise _Refused("an array that holds something else than numbers")
        self.dtype = np.dtype(code)

    def __setstate__(self, state: tuple[object, ...]) -> None:
        _, order, *structure = state
        if order not in _ORDERS or any(part is not None for part in structure[:3]):
            raise _Refused("an array that holds something else than numbers")
        self.dtype = np.dtype(f"{order}{self.dtype.str[1:]}")


class _Name:
    """A name that a pickle may use; nothing can be set on it, and it is no class that could be instantiated."""

    __slots__ = ()

    def __setstate__(self, state: object) -> None:
        raise _Refused("a change of one of the reader's own parts")


class _NdArray(_Name):
    __slots__ = ()


class _Dtype(_Name):
    __slots__ = ()

    def __call__(self, code: object, *_: object) -> _Kind:
        return _Kind(code)


class _Reconstruct(_Name):
    __slots__ = ()

    def __call__(self, kind: object, *_: object) -> Array:
        if not isinstance(kind, _NdArray):
            raise _Refused("the reconstruction of something that is no array")
        return Array()


class _FromBuffer(_Name):
    __slots__ = ()

    def __call__(self, raw: object, dtype: object, shape: object, order: object) -> Array:
        return Array(_values(raw, dtype, shape, order))


class _Scalar(_Name):
    __slots__ = ()

    def __call__(self, dtype: object, raw: object) -> int | float | bool:
        number = _values(raw, dtype, (), "C").item()
        assert isinstance(number, (int, float))
        return number


class _Encode(_Name):
    """How old pickles write bytes: as text to be encoded."""

    __slots__ = ()

    def __call__(self, text: object, encoding: object) -> bytes:
        if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
            raise _Refused("a codec")
        return text.encode("latin-1")


_NAMES: dict[tuple[str, str], _Name] = {
    ("numpy", "ndarray"): _NdArray(),
    ("numpy", "dtype"): _Dtype(),
    ("_codecs", "encode"): _Encode(),
    **{(f"numpy.{core}.multiarray", "_reconstruct"): _Reconstruct() for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): _Scalar() for core in ("core", "_core")},
    **{(f"numpy.{core}.numeric", "_frombuffer"): _FromBuffer() for core in ("core", "_core")},
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _NAMES:
            raise _Refused(f"{module}.{name}"[:120])
        return _NAMES[module, name]

    def persistent_load(self, pid: object) -> object:
        raise _Refused("a reference to something outside the file")


def _values(raw: object, kind: object, shape: object, order: object) -> NDArray[Any]:
    """The numbers in `raw`; a view, so that it takes no memory that the file does not."""
    if not isinstance(raw, (bytes, bytearray)) or not isinstance(kind, _Kind):
        raise _Refused("an array that holds something else than numbers")
    if not isinstance(shape, tuple) or not all(type(length) is int and length >= 0 for length in shape):
        raise ValueError("no shape")
    if math.prod(shape) * kind.dtype.itemsize != len(raw) or order not in ("C", "F"):
        raise ValueError("shape and bytes do not fit")
    values = np.frombuffer(raw, kind.dtype).reshape(shape, order="F" if order == "F" else "C")
    values.flags.writeable = False
    return values


def _check(content: bytes) -> None:
    """Read the instructions without following them."""
    puts = 0
    for opcode, argument, _ in pickletools.genops(content):
        if opcode.name not in _OPCODES:
            raise _Refused(f"the instruction {opcode.name}")
        if opcode.name in _PUTS:
            if not isinstance(argument, int) or not 0 <= argument <= puts:
                raise ValueError("an object is put where none belongs")  # a far place would take memory up to it
            puts += 1
        elif opcode.name == "MEMOIZE":
            puts += 1
