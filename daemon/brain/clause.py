"""One part of a sentence that asks for one thing, and what is in it for a house that can do certain things."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from daemon.brain.abilities import EVERYTHING, READ_SENSOR, SET_GROUP, SET_SCENE, Abilities
from daemon.brain.marks import Kind, Mark, Value

NOISE: Final = frozenset(("filler", "comma", "and", "for", "to", "at", "in", "set", "putting", "it", "?", "by"))
"""Kinds that change nothing about what is asked for; some of them say what a number is."""


@dataclass(frozen=True)
class Clause:
    """The marks of a part of a sentence."""

    marks: tuple[Mark, ...]
    able: Abilities

    @property
    def said(self) -> frozenset[Kind]:
        """The kinds that matter; "" is among them if there are words of no known kind."""
        return frozenset(mark.kind for mark in self.marks) - NOISE

    def has(self, *kinds: Kind) -> bool:
        """Whether one of `kinds` is there."""
        return any(mark.kind in kinds for mark in self.marks)

    def only(self, *kinds: Kind) -> bool:
        """Whether nothing but these matters."""
        return self.said <= set(kinds)

    def values(self, *kinds: Kind) -> list[Value]:
        """Those of these kinds, each once."""
        return list(dict.fromkeys(mark.value for mark in self.marks if mark.kind in kinds))

    def one(self, *kinds: Kind) -> Value | None:
        """The only one of these kinds; None if there is none or several."""
        values = self.values(*kinds)
        return values[0] if len(values) == 1 else None

    def named(self, among: Sequence[str]) -> list[str]:
        """The names that are said, if each of them is `among` what can be worked; none otherwise."""
        names = [str(name) for name in self.values("name")]
        return names if set(names) <= set(among) else []

    def unknown(self) -> str:
        """The words that are of no kind."""
        return " ".join(mark.words for mark in self.marks if not mark.kind)

    def asks(self) -> bool:
        """Whether it is a question about how things are: "is it on", "lamp on?", but not "could you turn it on?"."""
        if self.has("is", "ask", "have", "run"):
            return True
        first = next((mark.kind for mark in self.marks if mark.kind not in ("?", "comma")), "")
        orders = self.has("set", "putting", "filler") or (first != "name" and self.has("on", "off", "open"))
        return self.has("?") and not orders

    def before(self, *kinds: Kind) -> Kind:
        """The kind of what stands right before the first of `kinds`."""
        row = [mark.kind for mark in self.marks if mark.kind != "comma"]
        at = next((index for index, kind in enumerate(row) if kind in kinds), 0)
        return row[at - 1] if at else ""

    @property
    def state(self) -> str:
        """Which way something is to be switched, or asked about: "on" or "off"; "" for neither, and for both."""
        on, off = self.has("on", "lit", "run"), self.has("off", "unlit")
        return "" if on == off else "on" if on else "off"

    @property
    def groups(self) -> list[str]:
        """The rooms and groups that are named, if nothing else is."""
        return self.named([name for name in self.choices(SET_GROUP, "group") if name != EVERYTHING])

    @property
    def sensors(self) -> list[str]:
        """The sensors and their rooms that are named, if nothing else is."""
        return self.named(self.choices(READ_SENSOR, "sensor"))

    @property
    def scenes(self) -> list[str]:
        """The scenes that are named, if nothing else is."""
        return self.named(self.choices(SET_SCENE, "scene"))

    def choices(self, function: str, argument: str) -> Sequence[str]:
        """What may be chosen for an argument of a function."""
        return self.able.special.get(function, {}).get(argument, ())
