"""Which words of a sentence are names: of devices, rooms, scenes and sensors."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from daemon.brain.marks import Mark, folded, with_words
from daemon.brain.phrases import spoken_names
from daemon.brain.things import SMALL_WORDS, other_names, plain_name, similar

_MOST_WORDS: Final = 8
_MOST_WORDS_OF_SLIPS: Final = 3


@dataclass(frozen=True)
class Names:
    """What each name may be called, in plain words: in full, and without small words."""

    full: Mapping[str, str]
    short: Mapping[str, str]


@lru_cache(maxsize=8)
def names_for(names: tuple[str, ...], language: str) -> Names:
    """The words for `names` in `language`: their own before those that they may be called besides."""
    spoken = spoken_names(names)
    full = {" ".join(re.findall(r"[^\W_]+", folded(said))): name for said, name in spoken.items()}
    shortened = dict.fromkeys((plain_name(said), name) for said, name in spoken.items())
    counts = Counter(said for said, _ in shortened)
    own = {said: name for said, name in shortened if counts[said] == 1}
    return Names(full, {**other_names(names, language), **own})


def with_names(row: Sequence[Mark], names: Names) -> list[Mark]:
    """`row` with each name one mark; at each word the longest counts."""
    marks, position = list(row), 0
    while position < len(marks):
        for taken in range(min(_MOST_WORDS, len(marks) - position), 0, -1):
            if name := _name_of(marks[position : position + taken], names):
                marks[position : position + taken] = [
                    with_words(Mark("name", name), marks[position : position + taken])
                ]
                break
        position += 1
    return marks


def _name_of(window: Sequence[Mark], names: Names) -> str:
    if any(mark.kind for mark in window):
        return ""
    words = [_owned(mark) for mark in window]
    if name := names.full.get(" ".join(words)) or names.full.get("".join(words)):  # "Kaffee-Maschine"
        return name
    if words[0] in SMALL_WORDS or words[-1] in SMALL_WORDS:
        return ""
    return names.short.get(" ".join(word for word in words if word not in SMALL_WORDS), "")


def _owned(mark: Mark) -> str:
    """ "the lamp's too bright"."""
    return mark.plain[:-1] if mark.words.lower().endswith("'s") and mark.plain not in ("whats", "lets") else mark.plain


def with_slips(row: Iterable[Mark], names: Sequence[str]) -> list[Mark]:
    """What is left over, and looks like a name of one word, is that name; unless it is in there already.

    So are words that look like a name of several, one of which is left over: "redding lamp" beside a name "lamp".
    """
    marks = _with_long_slips(list(row), names)
    said = {mark.value for mark in marks if mark.kind == "name"}
    plain = {plain_name(name): name for name in names if name not in said and " " not in name}
    found = {mark: plain.get(similar(mark.plain, plain), "") for mark in marks if not mark.kind}
    return [replace(mark, kind="name", value=found[mark]) if found.get(mark) else mark for mark in marks]


def _with_long_slips(marks: list[Mark], names: Sequence[str]) -> list[Mark]:
    plain = {plain_name(name): name for name in names if " " in plain_name(name)}
    position = 0
    while position < len(marks) and plain:
        for taken in range(min(_MOST_WORDS_OF_SLIPS, len(marks) - position), 1, -1):
            window = marks[position : position + taken]
            if name := plain.get(_meant(window, plain), ""):
                marks[position : position + taken] = [with_words(Mark("name", name), window)]
                break
        position += 1
    return marks


def _meant(window: Sequence[Mark], plain: Iterable[str]) -> str:
    """The only one of the `plain` names that the words of `window` look like, where one of them is of no kind."""
    kinds = {mark.kind for mark in window}
    if "" not in kinds or not kinds <= {"", "name", "in"}:
        return ""
    return similar(" ".join(mark.plain for mark in window), plain)
