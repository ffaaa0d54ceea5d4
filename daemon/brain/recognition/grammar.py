"""A closed grammar of sentences, and the automaton that walks it symbol by symbol.

A sentence is written as a template: `(turn|switch) {state} [the] {device}`. The automaton is built lazily from the
templates and the slots' tries, never from the list of sentences, whose number grows with templates times devices.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final, Generic, TypeVar

Value = str | int
Symbol = TypeVar("Symbol", bound=Hashable)

_Element = str | tuple[str, ...]
"""A part of a path: a slot, `{device}`, or words of which one is said; "" among them may be left out."""

Spell = Callable[[str, bool], Sequence[Symbol]]
"""The symbols of a word; the flag says that it opens the sentence."""

_PART: Final = re.compile(r"\(([^)]*)\)|\[([^]]*)\]|\{(\w+)\}|(\S+)")


@dataclass(frozen=True)
class Template:
    """Sentences that mean `intent`: words, `(one|of these)`, `[left out|or not]` and `{slot}`."""

    intent: str
    pattern: str


@dataclass(frozen=True)
class Sentence:
    """A sentence of the grammar: what it means, and what filled its slots."""

    intent: str
    slots: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Grammar:
    """Templates, and for each slot its phrases and what they stand for."""

    templates: Sequence[Template]
    slots: Mapping[str, Mapping[str, Value]]

    def vocabulary(self) -> set[str]:
        """Every word that some sentence has."""
        words = {word for template in self.templates for part in parts_of(template.pattern) for word in _words_of(part)}
        return words | {word for phrases in self.slots.values() for phrase in phrases for word in phrase.split()}


@dataclass
class _Trie(Generic[Symbol]):
    """Phrases by their symbols; `values` holds what the phrases that end here stand for."""

    children: dict[Symbol, "_Trie[Symbol]"] = field(default_factory=dict)
    values: list[Value] = field(default_factory=list)

    def add(self, symbols: Iterable[Symbol], value: Value) -> None:
        node = self
        for symbol in symbols:
            node = node.children.setdefault(symbol, _Trie())
        if value not in node.values:
            node.values.append(value)


@dataclass(frozen=True)
class _Path(Generic[Symbol]):
    """One way through a template: a trie for each of its parts, and the slot it fills, if any."""

    intent: str
    parts: tuple[tuple[str, _Trie[Symbol]], ...]


@dataclass(frozen=True, eq=False)
class _Place(Generic[Symbol]):
    """A position on a path: inside part `part` at `node`, with the slots filled so far."""

    path: _Path[Symbol]
    part: int
    node: _Trie[Symbol] | None
    filled: tuple[tuple[str, Value], ...]


State = tuple[_Place[Symbol], ...]


class Automaton(Generic[Symbol]):
    """The grammar as a deterministic automaton over the symbols that `spell` makes of words."""

    def __init__(self, grammar: Grammar, spell: Spell[Symbol], endings: Sequence[Sequence[Symbol]] = ((),)) -> None:
        """`endings` are the symbol sequences that may follow, and must end, every sentence."""
        self._tries: dict[tuple[_Element, bool], _Trie[Symbol]] = {}
        last: _Trie[Symbol] = _Trie()
        for ending in endings:
            last.add(ending, "")
        paths = [
            _Path(
                template.intent,
                (*(self._part(grammar, one, spell, index == 0) for index, one in enumerate(elements)), ("", last)),
            )
            for template in grammar.templates
            for elements in _expansions(template.pattern)
        ]
        self.start: State[Symbol] = tuple(place for path in paths for place in _enter(path, 0, ()))

    def following(self, state: State[Symbol]) -> dict[Symbol, State[Symbol]]:
        """The symbols that may come next, and where each leads."""
        following: dict[Symbol, list[_Place[Symbol]]] = {}
        for place in state:
            if place.node is None:
                continue
            for symbol, child in place.node.children.items():
                following.setdefault(symbol, []).extend(_reach(place, child))
        return {symbol: tuple(places) for symbol, places in following.items()}

    def sentence(self, state: State[Symbol]) -> Sentence | None:
        """The sentence that ends in `state`; of several the one whose template was listed first."""
        for place in state:
            if place.node is None:
                return Sentence(place.path.intent, dict(place.filled))
        return None

    def walk(self, symbols: Iterable[Symbol]) -> Sentence | None:
        """The sentence that is exactly `symbols`, if there is one."""
        state = self.start
        for symbol in symbols:
            state = self.following(state).get(symbol, ())
        return self.sentence(state)

    def _part(
        self, grammar: Grammar, element: _Element, spell: Spell[Symbol], first: bool
    ) -> tuple[str, _Trie[Symbol]]:
        slot = element[1:-1] if isinstance(element, str) else ""
        trie = self._tries.get((element, first))
        if trie is None:
            trie = self._tries[element, first] = _Trie()
            phrases: Mapping[str, Value] = grammar.slots[slot] if slot else dict.fromkeys(element, "")
            for phrase, value in phrases.items():
                words = phrase.split()
                trie.add((s for i, w in enumerate(words) for s in spell(w, first and i == 0)), value)
        return slot, trie


def _enter(path: _Path[Symbol], part: int, filled: tuple[tuple[str, Value], ...]) -> Iterator[_Place[Symbol]]:
    """The places at the beginning of `part`, and, where it may be empty, beyond it."""
    if part == len(path.parts):
        yield _Place(path, part, None, filled)
        return
    place = _Place(path, part, path.parts[part][1], filled)
    yield place
    yield from _leave(place, place.node)


def _reach(place: _Place[Symbol], node: _Trie[Symbol]) -> Iterator[_Place[Symbol]]:
    if node.children:
        yield _Place(place.path, place.part, node, place.filled)
    yield from _leave(place, node)


def _leave(place: _Place[Symbol], node: _Trie[Symbol] | None) -> Iterator[_Place[Symbol]]:
    slot = place.path.parts[place.part][0]
    for value in node.values if node else ():
        yield from _enter(place.path, place.part + 1, (*place.filled, (slot, value)) if slot else place.filled)


def parts_of(pattern: str) -> list[list[str]]:
    """The alternatives of each part of `pattern`; "" is one that says nothing, `{slot}` a slot."""
    found = []
    for match in _PART.finditer(pattern):
        group, optional, slot, word = match.groups()
        if group is not None:
            found.append(group.split("|"))
        elif optional is not None:
            found.append(["", *optional.split("|")])
        else:
            found.append([f"{{{slot}}}" if slot else word])
    return found


def _expansions(pattern: str) -> Iterator[list[_Element]]:
    """The ways through `pattern`: as few as there can be, since words to choose from are one part.

    But for those that may open the sentence: what follows them is spelt otherwise if they are left out.
    """
    choices: list[list[list[_Element]]] = []
    opens = True
    for alternatives in parts_of(pattern):
        if any("{" in alternative for alternative in alternatives):
            choices.append([[_element(item) for item in alternative.split()] for alternative in alternatives])
        elif opens and "" in alternatives:
            choices.append([[], [tuple(filter(None, alternatives))]])
        else:
            choices.append([[tuple(alternatives)]])
        opens = opens and "" in alternatives
    for choice in product(*choices):
        yield [element for elements in choice for element in elements]


def _element(item: str) -> _Element:
    return item if item.startswith("{") else (item,)


def _words_of(alternatives: Sequence[str]) -> Iterator[str]:
    for phrase in alternatives:
        yield from (word for word in phrase.split() if not word.startswith("{"))
