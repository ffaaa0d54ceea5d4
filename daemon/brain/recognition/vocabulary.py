"""The words of the speech recogniser as the pieces its decoder writes, and back."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

VOCABULARY_FILE: Final = "moonshine_tiny_en_vocabulary.bin"

START: Final = 1
"""`<s>`: what decoding begins with."""

END: Final = 2
"""`</s>`: what ends a sentence."""

_PARTS: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]+|_")
_WORD_MARK: Final = "▁"
_FIRST_BYTE_PIECE: Final = 3
_FIRST_CONTROL_PIECE: Final = 32_000
_LONG: Final = 0x80


class Vocabulary:
    """Moonshine's 32 768 byte-pair pieces, laid out as in Llama's tokenizer (Moonshine's paper, arXiv:2410.15608).

    3 controls, 256 single bytes, the merged pieces in the order of their merging, unused controls from 32 000 on.
    """

    def __init__(self, data: bytes) -> None:
        """`data` is the content of `tokenizer.bin`: for each piece its length (one byte, or two if the first has bit 7
        set: low 7 bits, then the rest) and its UTF-8 bytes."""
        self._pieces = _pieces(data)
        self._ids = {piece: number for number, piece in enumerate(self._pieces) if number >= _FIRST_BYTE_PIECE + 256}

    def __len__(self) -> int:
        return len(self._pieces)

    def encode(self, word: str) -> tuple[int, ...]:
        """The pieces of `word` after a space; punctuation (a `word` that starts with none of its letters) follows
        its neighbour without one."""
        text = _WORD_MARK + word if word[:1].isalnum() else word
        parts = [character.encode() for character in text]
        while len(parts) > 1:
            ranks = [self._ids.get(left + right, len(self._pieces)) for left, right in pairwise(parts)]
            best = min(range(len(ranks)), key=ranks.__getitem__)
            if ranks[best] == len(self._pieces):
                break
            parts[best : best + 2] = [parts[best] + parts[best + 1]]
        return tuple(number for part in parts for number in self._numbers(part))

    def encode_text(self, text: str) -> tuple[int, ...]:
        """The pieces of `text`, words and marks; marks that follow each other are one."""
        return tuple(piece for part in _PARTS.findall(text) for piece in self.encode(part))

    def decode(self, tokens: Iterable[int]) -> str:
        """The text of `tokens`; controls are left out, bytes that are no UTF-8 become U+FFFD."""
        data = b"".join(self._pieces[token] for token in tokens if _FIRST_BYTE_PIECE <= token < _FIRST_CONTROL_PIECE)
        return data.decode(errors="replace").replace(_WORD_MARK, " ").strip()

    def _numbers(self, part: bytes) -> list[int]:
        whole = self._ids.get(part)
        return [whole] if whole is not None else [_FIRST_BYTE_PIECE + byte for byte in part]


def _pieces(data: bytes) -> list[bytes]:
    pieces = []
    position = 0
    while position < len(data):
        length = data[position]
        position += 1
        if length & _LONG:
            length = (length & ~_LONG) + _LONG * data[position]
            position += 1
        pieces.append(data[position : position + length])
        position += length
    return pieces
