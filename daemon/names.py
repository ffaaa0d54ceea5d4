"""What two names are compared by: people say them, and keyboards, models and files write them each in their way."""

import unicodedata
from typing import Final

_SELECTORS: Final = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""They only choose between the pictures of one character."""


def folded(name: str) -> str:
    """`name` without what cannot be heard: composition, width, case, spaces, invisible characters.

    The compatibility caseless matching of the Unicode Standard (D146), then single spaces.
    """
    text = unicodedata.normalize("NFD", name).casefold()
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    seen = (c for c in text if c not in _SELECTORS and unicodedata.category(c) != "Cf")
    return " ".join("".join(seen).split())
