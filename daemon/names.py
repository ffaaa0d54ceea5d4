"""What two names are compared by: people say them, and keyboards, models and files write them each in their way."""

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset(
    map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F))
) | frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""What no category tells: fillers, and what only chooses between the pictures of one character.

Of Default_Ignorable_Code_Point in DerivedCoreProperties.txt (Unicode 16.0), what is assigned and no mark of format.
"""


def folded(name: str) -> str:
    """`name` without what cannot be heard: composition, width, case, spaces, invisible characters.

    The compatibility caseless matching of the Unicode Standard (D146), then single spaces.
    """
    text = unicodedata.normalize("NFD", name).casefold()
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    seen = (c for c in text if c not in _UNSEEN and unicodedata.category(c) != "Cf")
    return " ".join("".join(seen).split())
