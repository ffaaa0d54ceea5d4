"""What a recogniser writes that has no end: the sentence once more, until it may write no more."""

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|%")
_SHORTEST: Final = 2
"""Words: "very very" is said by people."""


def until_repeated(text: str) -> str:
    """`text` up to where two words or more are said again at once; at its end a part of them is enough."""
    found = list(_WORD.finditer(text))
    words = [match[0].casefold() for match in found]
    for end in range(_SHORTEST, len(words)):
        if any(_said_again(words, end, length) for length in range(_SHORTEST, end + 1)):
            return text[: found[end].start()].rstrip()
    return text


def _said_again(words: list[str], end: int, length: int) -> bool:
    """Whether the `length` words before `end` follow once more, as far as there is anything; the last may be cut."""
    before, after = words[end - length : end], words[end : end + length]
    if end + length < len(words) or before == after:
        return before == after
    whole = len(after) - 1
    return len(after) >= _SHORTEST and before[:whole] == after[:whole] and before[whole].startswith(after[whole])
