"""What the nearest example may say, and what it may not: with vectors made here, of no model."""

import numpy as np
import numpy.typing as npt
import pytest

from daemon.brain.abilities import abilities
from daemon.brain.bank import Bank
from daemon.brain.lexicon import lexicon
from daemon.brain.nearest import Nearest, found_nearest
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.sentences_in import understood
from tests.benchmarks.understanding.house import functions_of

ABLE = abilities(functions_of("en"))
INTENTS = ("on", "off", "open", "none", "alarm_set", "timer_set", "level")


class Points:
    """Every sentence points at one intent, and by `slant` at the one after it."""

    def __init__(self, intent: str, slant: float = 0.0) -> None:
        self._at, self._slant = INTENTS.index(intent), slant

    def vector(self, _sentence: str) -> npt.NDArray[np.float32]:
        vector = np.zeros(len(INTENTS), np.float32)
        vector[self._at], vector[(self._at + 1) % len(INTENTS)] = 1.0, self._slant
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def rescued(text: str, intent: str, slant: float = 0.0) -> list[Sentence]:
    nearest = Nearest(Points(intent, slant), Bank(np.eye(len(INTENTS), dtype=np.float32), INTENTS))
    clause = understood(text, ABLE, lexicon("en")).clause
    assert clause is not None
    return nearest.rescued(clause, text)


def test_unknown_words_get_a_sense_that_fits_what_is_named() -> None:
    assert rescued("let the fan spin", "on") == [Sentence("switch", {"device": "fan", "state": "on"})]


@pytest.mark.parametrize(
    ("text", "intent", "slant"),
    [
        ("let the fan spin", "none", 0.0),
        ("let the fan spin", "on", 0.999),
        ("fan off grumble", "on", 0.0),
        ("grumble kitchen", "off", 0.0),
        ("everything grumble", "off", 0.0),
        ("garage door grumble", "open", 0.0),
        ("grumble at seven alarm", "alarm_set", 0.0),
        ("grumble at seven alarm", "level", 0.0),
        ("fan grumble mumble rumble tumble fumble", "on", 0.0),
    ],
)
def test_no_guess(text: str, intent: str, slant: float) -> None:
    assert rescued(text, intent, slant) == []


def agrees(text: str, intent: str) -> bool:
    nearest = Nearest(Points(intent), Bank(np.eye(len(INTENTS), dtype=np.float32), INTENTS))
    return nearest.agrees([*understood(text, ABLE, lexicon("en")).sentences], text)


def test_doors_everything_and_alarms_need_two_keys() -> None:
    assert agrees("open the garage door", "open")
    assert not agrees("open the garage door", "none")
    assert not agrees("everything off", "alarm_set")
    assert not agrees("wake me at seven", "off")
    assert agrees("turn on the lamp", "none"), "one key is enough for a lamp"


def test_rules_alone_load_nothing() -> None:
    assert found_nearest("rules") is None
