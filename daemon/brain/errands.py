"""What people are reminded of: words that tell a likely reading of free words from an unlikely one, in English."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from daemon.brain.written import normalised

_FILE: Final = Path(__file__).with_name("everyday") / "errands" / "en.txt"
_DETERMINERS: Final = re.compile(r"\b(?:a|an|the|this|that|these|those|my|our|your)\b")
_COMMENT: Final = re.compile(r"#.*")


def unusual(text: str) -> frozenset[str]:
    """The words of `text` that are none of those."""
    words = frozenset(word for word in normalised(text).split() if not word.isdecimal())
    return frozenset(word for word in words - _usual() if word.removesuffix("s") not in _usual())


def told_apart(text: str) -> str:
    """The letters of `text` by which it differs from another to who hears it: "the pan cakes", "pancake's"."""
    return "".join(re.findall(r"[^\W_]", _DETERMINERS.sub("", normalised(text))))


@cache
def _usual() -> frozenset[str]:
    return frozenset(_COMMENT.sub("", _FILE.read_text("utf-8")).split())
