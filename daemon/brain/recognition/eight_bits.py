"""A Whisper model as CTranslate2 keeps it, with its matrices in eight bits instead of sixteen: half the size.

CTranslate2 would do the same at every start, with both in memory. The layout is that of its `ModelSpec._serialize`
(python/ctranslate2/specs/model_spec.py, binary version 6); a row times 127 by its largest value is an integer, and
the scale is kept.
"""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from daemon.errors import ModelFileError

VERSION: Final = 6
_FLOAT32, _INT8, _FLOAT16 = 0, 1, 4
_LARGEST: Final = np.float32(127)


class _Variable(NamedTuple):
    name: str
    shape: tuple[int, ...]
    kind: int
    content: bytes | memoryview


class _Reader:
    """Takes what follows, of a file that may end too soon."""

    def __init__(self, content: bytes) -> None:
        self._rest = memoryview(content)

    def number(self, kind: str) -> int:
        return int(struct.unpack("<" + kind, self.taken(struct.calcsize("<" + kind)))[0])

    def text(self) -> str:
        return bytes(self.taken(self.number("H"))).rstrip(b"\0").decode()

    def taken(self, size: int) -> memoryview:
        if size > len(self._rest):
            raise ValueError("it ends too soon")
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def variable(self) -> _Variable:
        name, shape = self.text(), tuple(self.number("I") for _ in range(self.number("B")))
        kind = self.number("B")
        return _Variable(name, shape, kind, self.taken(self.number("I")))


def in_eight_bits(model: bytes) -> bytes:
    """`model.bin` with small matrices; the same bytes on every machine. Raises ModelFileError if it is no such file."""
    try:
        head, variables, aliases = _read(_Reader(model))
    except (ValueError, struct.error) as error:
        what = f"the model of the recogniser is no model of CTranslate2: {error}"
        raise ModelFileError(what, fix="fetch it anew") from error
    smaller = [made for one in variables for made in _smaller(one)]
    names = {one.name for one in smaller}
    aliases += [(f"{new}_scale", f"{old}_scale") for new, old in aliases if f"{old}_scale" in names]
    parts: list[bytes | memoryview] = [head, struct.pack("<I", len(smaller))]
    for one in smaller:
        parts += [_text(one.name), struct.pack(f"<B{len(one.shape)}I", len(one.shape), *one.shape)]
        parts += [struct.pack("<BI", one.kind, len(one.content)), one.content]
    parts.append(struct.pack("<I", len(aliases)))
    return b"".join([*parts, *(_text(name) for pair in aliases for name in pair)])


def _read(reader: _Reader) -> tuple[bytes, list[_Variable], list[tuple[str, str]]]:
    """What comes before the variables, those, and what else some are called."""
    version = reader.number("I")
    if version != VERSION:
        raise ValueError(f"its version is {version}, not {VERSION}")
    head = struct.pack("<I", VERSION) + _text(reader.text()) + struct.pack("<I", reader.number("I"))
    variables = [reader.variable() for _ in range(reader.number("I"))]
    return head, variables, [(reader.text(), reader.text()) for _ in range(reader.number("I"))]


def _smaller(one: _Variable) -> Iterator[_Variable]:
    """A matrix of sixteen bits as one of eight and its scales; anything else as it is."""
    if one.kind != _FLOAT16 or len(one.shape) != 2 or not one.name.endswith("/weight"):
        yield one
        return
    rows = np.frombuffer(one.content, "<f2").astype(np.float32).reshape(one.shape)
    largest = np.abs(rows).max(axis=1)
    scales = (_LARGEST / np.where(largest == 0, _LARGEST, largest)).astype("<f4")
    small = np.rint(rows * scales[:, np.newaxis]).astype(np.int8)
    yield one._replace(kind=_INT8, content=small.tobytes())
    yield _Variable(f"{one.name}_scale", one.shape[:1], _FLOAT32, scales.tobytes())


def _text(text: str) -> bytes:
    content = text.encode() + b"\0"
    return struct.pack("<H", len(content)) + content
