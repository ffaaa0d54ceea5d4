"""What a device or a room may be called besides its own name: in another language, or by another common word."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final

from daemon.brain.marks import folded

SMALL_WORDS: Final = frozenset(
    (
        *("the", "my", "our", "of", "in", "de", "del", "la", "las", "el", "los", "le", "les", "l", "d", "du", "des"),
        *("da", "do", "das", "dos", "a", "o", "as", "os", "die", "den", "der", "dem", "im", "na", "no", "dans", "en"),
    )
)
"""What may stand between the words of a name, or be left out: "luz de la cocina", "licht in der küche"."""

_FILE: Final = Path(__file__).with_name("everyday") / "things.toml"
_MOST_WORDS: Final = 3
_SHORTEST_SLIP: Final = 5
_LIKENESS: Final = 0.82


def other_names(names: Sequence[str], language: str) -> dict[str, str]:
    """Plain words by which one of `names`, and no other, may be called in `language`; and which it is."""
    own = {plain_name(name) for name in names}
    found = [(words, name) for name in names for words in dict.fromkeys(_called(name, language)) if words not in own]
    counts = Counter(words for words, _ in found)
    return {words: name for words, name in found if counts[words] == 1}


def plain_name(name: str) -> str:
    """The words of `name` that matter."""
    words = re.findall(r"[^\W_]+", folded(name))
    return " ".join([word for word in words if word not in SMALL_WORDS] or words)


def _called(name: str, language: str) -> Iterator[str]:
    things = _things_of(tuple(plain_name(name).split()))
    if not things or len(things) > 2:
        return
    words = [_words(thing, language, alone=len(things) == 1) for thing in things]
    if len(things) == 1:
        yield from map(plain_name, words[0])
        return
    for first, second in product(*words):
        yield from (plain_name(f"{first} {second}"), plain_name(f"{second} {first}"))
        if language == "de":
            yield from (
                f"{one}{joint}{two}" for joint in ("", "n", "s") for one, two in ((first, second), (second, first))
            )


def _words(thing: str, language: str, *, alone: bool) -> Sequence[str]:
    """A lamp is a light where it is told apart by something else."""
    if thing in ("lamp", "light") and not alone:
        return [*_table()["lamp"][language], *_table()["light"][language]]
    return _table()[thing][language]


@cache
def _things_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """The things that `words` name in any language, one after the other; none if one of them is unknown."""
    if not words:
        return ()
    if len(words) == 1 and words[0] not in _known():
        return _compound(words[0])
    for taken in range(min(len(words), _MOST_WORDS), 0, -1):
        thing = _known().get(" ".join(words[:taken]))
        rest = _things_of(words[taken:]) if thing else ()
        if thing and (rest or taken == len(words)):
            return (thing, *rest)
    return ()


def _compound(word: str) -> tuple[str, ...]:
    """ "küchenlicht" is two things."""
    for cut in range(3, len(word) - 2):
        first, second = word[:cut], word[cut:]
        for joint in ("", "n", "s"):
            one = _known().get(first.removesuffix(joint) if joint else first)
            if one and (two := _known().get(second)):
                return (one, two)
    return ()


@cache
def _known() -> Mapping[str, str]:
    return {
        plain_name(word): thing
        for thing, languages in _table().items()
        for words in languages.values()
        for word in words
    }


@cache
def _table() -> Mapping[str, Mapping[str, Sequence[str]]]:
    content: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(_FILE.read_text("utf-8"))
    return content


def similar(words: str, names: Iterable[str]) -> str:
    """The only one of the plain `names` that `words` may be, written wrongly; "" if there is none."""
    close = [
        name
        for name in names
        if len(name) >= _SHORTEST_SLIP
        and name[0] == words[:1]
        and SequenceMatcher(None, words, name).ratio() >= _LIKENESS
    ]
    return close[0] if len(close) == 1 else ""
