"""The pieces that Whisper writes: of bytes, each of which stands as a letter in the list that comes with the model."""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

_PLAIN: Final = (*range(33, 127), *range(161, 173), *range(174, 256))
"""Bytes that stand as themselves; the others as the letters from 256 on, in order (`bytes_to_unicode` of GPT-2)."""

END: Final = "<|endoftext|>"
_LONGEST_PIECE: Final = 20


class WhisperPieces:
    """The list of a model: what is written, then controls such as `<|de|>`."""

    def __init__(self, content: bytes) -> None:
        """`content` is `vocabulary.json`. Raises ValueError if it is none."""
        pieces = json.loads(content)
        if not isinstance(pieces, list) or END not in pieces:
            raise ValueError("it is no list of Whisper's pieces")
        self._pieces: Sequence[str] = pieces
        self._written = pieces.index(END)
        self._controls = {piece: number for number, piece in enumerate(pieces) if number >= self._written}
        self._numbers = {piece: number for number, piece in enumerate(pieces[: self._written])}

    def control(self, name: str) -> int | None:
        """The number of `<|name|>`, if this model has it."""
        return self._controls.get(f"<|{name}|>")

    def numbers(self, text: str) -> list[int]:
        """`text` as pieces, the longest first: not always those that Whisper would write, but they read the same."""
        letters = "".join(_letters()[byte] for byte in text.encode())
        found: list[int] = []
        while letters:
            sizes = range(min(len(letters), _LONGEST_PIECE), 0, -1)
            size = next((size for size in sizes if letters[:size] in self._numbers), 1)
            found += [self._numbers[letters[:size]]] if letters[:size] in self._numbers else []
            letters = letters[size:]
        return found

    def text(self, numbers: Iterable[int]) -> str:
        """What pieces say; controls are left out, bytes that are no UTF-8 become U+FFFD."""
        letters = "".join(self._pieces[number] for number in numbers if number < self._written)
        return bytes(_bytes()[letter] for letter in letters).decode(errors="replace").strip()


@cache
def _bytes() -> dict[str, int]:
    others = (byte for byte in range(256) if byte not in _PLAIN)
    return {chr(byte): byte for byte in _PLAIN} | {chr(256 + number): byte for number, byte in enumerate(others)}


@cache
def _letters() -> dict[int, str]:
    return {byte: letter for letter, byte in _bytes().items()}
