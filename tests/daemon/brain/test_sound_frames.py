"""What is asked of loudness, quiet, time and the conversation: a table of what is said and what is meant."""

import pytest

from daemon.brain.abilities import abilities
from daemon.brain.lexicon import lexicon
from daemon.brain.sentences_in import understood
from tests.benchmarks.understanding.house import functions_of


@pytest.mark.parametrize(
    ("language", "text", "intent", "slots"),
    [
        ("en", "set your volume to half", "set volume", {"level": 50}),
        ("en", "turn the volume down to ten percent", "set volume", {"level": 10}),
        ("en", "turn the volume down by ten percent", "change volume", {"louder": "quieter", "level": 10}),
        ("en", "set the alarm volume to sixty", "set volume", {"level": 60, "of": "alarm"}),
        ("en", "too loud", "change volume", {"louder": "quieter"}),
        ("fr", "un peu plus fort", "change volume", {"louder": "louder"}),
        ("de", "wie laut bist du", "ask volume", {}),
        ("es", "no me molestes hasta las seis", "do not disturb", {"time": "06:00?"}),
        ("pt-BR", "que horas são?", "tell time", {}),
        ("de", "welcher Tag ist heute", "tell date", {}),
        ("fr", "tais-toi", "end conversation", {}),
    ],
)
def test_what_is_meant(language: str, text: str, intent: str, slots: dict[str, object]) -> None:
    (found,) = understood(text, abilities(functions_of(language)), lexicon(language)).sentences
    assert (found.intent, found.slots) == (intent, slots)


@pytest.mark.parametrize("text", ["volume 120", "up", "brighter"])
def test_what_is_nothing(text: str) -> None:
    assert understood(text, abilities(functions_of("en")), lexicon("en")).sentences == ()
