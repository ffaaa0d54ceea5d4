"""What a sentence means by the example that is nearest to it: for words that the lexicons do not have.

It is never enough by itself. What it says is put beside what the sentence names, and has to make sense with that;
opening doors, everything at once and alarms need the lexicons' reading, and this one to agree.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from daemon.brain.bank import Bank, load_bank
from daemon.brain.clause import Clause
from daemon.brain.device_phrases import DeviceIntent
from daemon.brain.marks import Kind, Mark
from daemon.brain.phrases import Intent
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.sentence_vectors import E5Embedder, Embedder, installed
from daemon.brain.sentences_in import sense_of
from daemon.brain.time_phrases import TimeIntent

_log = logging.getLogger(__name__)

LEAST_LIKENESS: Final = 0.875
"""Of the nearest example: the cosine of the angle between two vectors. All of this model's lie above 0.75."""

LEAST_LEAD: Final = 0.012
"""Over the nearest example of anything else."""

_IMPLIED: Final[Mapping[str, tuple[Kind, ...]]] = {
    "on": ("on",),
    "off": ("off",),
    "brighter": ("brighter",),
    "dimmer": ("dimmer",),
    "level": (),
    "colour": (),
    "ring": ("ring",),
    "scene": ("start",),
    "state": ("is",),
    "devices": ("ask", "devices"),
    "temperature": ("temperature",),
    "humidity": ("humidity",),
    "standing": ("is", "open_state"),
    "timer_set": ("timer",),
    "timer_extend": ("add", "timer"),
    "timer_pause": ("pause", "timer"),
    "timer_left": ("left", "timer"),
    "alarms": ("ask", "alarm"),
    "reminders": ("ask", "reminder"),
    "louder": ("louder",),
    "quieter": ("quieter",),
    "volume_set": ("volume",),
    "volume_ask": ("loud",),
    "disturb": ("disturb",),
    "end": ("end",),
    "time": ("ask_time",),
    "date": ("ask_date",),
}
"""What a sentence of each intent speaks of, in the lexicons' kinds."""

_OPPOSITES: Final[Mapping[Kind, frozenset[Kind]]] = {
    "on": frozenset(("off", "unlit", "close", "stop", "dimmer", "down")),
    "off": frozenset(("on", "lit", "open", "brighter", "up", "run")),
    "brighter": frozenset(("dimmer", "down", "quieter", "off")),
    "dimmer": frozenset(("brighter", "up", "louder", "on")),
    "louder": frozenset(("quieter", "down", "dimmer")),
    "quieter": frozenset(("louder", "up", "brighter")),
    "timer": frozenset(("alarm",)),
    "cancel": frozenset(("add", "more", "resume", "pause", "set")),
    "add": frozenset(("cancel", "pause", "shorten")),
}
_MOST_UNKNOWN_WORDS: Final = 4

_KEYS: Final[Mapping[str, frozenset[str]]] = {
    DeviceIntent.TRIGGER: frozenset(("open", "ring", "standing", "on")),
    Intent.SWITCH_ALL: frozenset(
        ("on", "off", "devices", "scene", "alarm_cancel", "state", "end", "dimmer", "brighter")
    ),
    TimeIntent.SET_ALARM: frozenset(("alarm_set", "alarms", "snooze", "timer_set", "remind", "time", "disturb")),
}
"""What needs the second key, and which of the nearest intents turn it."""


@dataclass(frozen=True)
class Guess:
    """The nearest intent, how near it is, and by how much nearer than the next."""

    intent: str
    likeness: float
    lead: float

    @property
    def sure(self) -> bool:
        """Whether it counts."""
        return self.likeness >= LEAST_LIKENESS and self.lead >= LEAST_LEAD


class Nearest:
    """Guesses; one may serve several threads, one after the other."""

    def __init__(self, embedder: Embedder, bank: Bank) -> None:
        self._embedder, self._bank = embedder, bank

    @classmethod
    def loaded(cls) -> "Nearest":
        """With the model that the extra brings. Raises ImportError without it, OSError or RuntimeError if it is cut."""
        return cls(E5Embedder(), load_bank())

    def guess(self, text: str) -> Guess:
        """The intent of the nearest example. Blocks for some ten milliseconds."""
        likeness = self._bank.vectors @ self._embedder.vector(text)
        best: dict[str, float] = {}
        for intent, value in zip(self._bank.intents, likeness, strict=True):
            best[intent] = max(best.get(intent, 0.0), float(value))
        (first, nearest), (_, next_best) = sorted(best.items(), key=lambda one: -one[1])[:2]
        return Guess(first, nearest, nearest - next_best)

    def rescued(self, clause: Clause, text: str) -> list[Sentence]:
        """What a clause with unknown words asks for, if the nearest example and what it names make sense together."""
        unknown = clause.unknown().split()
        if len(unknown) > _MOST_UNKNOWN_WORDS or clause.groups or clause.has("everything", "remind", "wake", "open"):
            return []
        guess = self.guess(text)
        implied = _IMPLIED.get(guess.intent)
        if implied is None or not guess.sure or any(clause.has(*_OPPOSITES.get(kind, ())) for kind in implied):
            return []
        known = tuple(mark for mark in clause.marks if mark.kind)
        sense = sense_of(replace(clause, marks=(*known, *(Mark(kind) for kind in implied if not clause.has(kind)))))
        return [] if any(one.intent in _KEYS for one in sense) else sense

    def agrees(self, sentences: list[Sentence], text: str) -> bool:
        """Whether the second key turns for what needs one."""
        keys = [_KEYS[one.intent] for one in sentences if one.intent in _KEYS]
        if not keys or len(sentences) > 1:
            return True
        guess = self.guess(text)
        return not guess.sure or all(guess.intent in key for key in keys)

    def vetoing(self) -> "Nearest":
        """The same for words that a recogniser wrote."""
        return _Vetoing(self._embedder, self._bank)


class _Vetoing(Nearest):
    """An unknown word there was misheard: what it meant is not to be guessed, but what must not be is still seen."""

    def rescued(self, clause: Clause, text: str) -> list[Sentence]:
        del clause, text
        return []


Choice = Literal["auto", "rules"]
"""Whether the nearest example is asked where the extra is installed, or never."""


def found_nearest(choice: Choice) -> Nearest | None:
    """The one to ask, loaded; None if there is none, or it does not load, of which the log tells. Blocks."""
    if choice == "rules" or not installed():
        return None
    try:
        return Nearest.loaded()
    except (ImportError, OSError, RuntimeError, ValueError, KeyError) as error:
        _log.warning("the model of the understanding does not load, so rules alone are used: %s", error)
        return None
