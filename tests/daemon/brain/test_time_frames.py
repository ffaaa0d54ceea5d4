"""What is asked of timers, alarms and reminders: a table of what is said and what is meant."""

import pytest

from daemon.brain.abilities import abilities
from daemon.brain.lexicon import lexicon
from daemon.brain.sentences_in import understood
from tests.benchmarks.understanding.house import functions_of


@pytest.mark.parametrize(
    ("language", "text", "intent", "slots"),
    [
        ("en", "set an alarm for seven tomorrow evening", "set alarm", {"time": "19:00", "day": "tomorrow"}),
        (
            "en",
            "wake me at 7 on saturdays and sundays",
            "set alarm",
            {"time": "07:00?", "repeat": "FREQ=WEEKLY;BYDAY=SA,SU"},
        ),
        ("en", "cancel the alarm at seven", "cancel alarm at", {"time": "07:00?"}),
        ("en", "alarm six thirty", "set alarm", {"time": "06:30?"}),
        ("en", "put another 5 minutes on the pasta timer", "extend timer", {"duration": 300, "like": "pasta"}),
        ("en", "start a new timer for 5 minutes", "set timer", {"duration": 300}),
        ("en", "set another timer for 5 minutes", "set timer", {"duration": 300}),
        ("es", "pon otro temporizador de cinco minutos", "set timer", {"duration": 300}),
        ("de", "stell noch einen Timer auf fünf Minuten", "set timer", {"duration": 300}),
        ("en", "how much longer on the pasta", "ask what is left", {"name": "pasta"}),
        (
            "en",
            "remind me at half eight tonight to lock the back door",
            "set reminder",
            {"text": "lock the back door", "time": "20:30", "day": "tonight"},
        ),
        ("de", "erinnere mich in zwanzig Minuten an den Ofen", "set reminder", {"text": "den Ofen", "duration": 1200}),
        (
            "de",
            "schalt die Heizung in einer halben Stunde aus",
            "plan device",
            {"device": "Heizung", "state": "off", "duration": 1800},
        ),
        ("fr", "mets le réveil à six heures et quart", "set alarm", {"time": "06:15?"}),
        ("es", "cancela todas las alarmas", "change all timers", {"change": "cancel", "kind": "alarm"}),
        ("pt-BR", "me acorda em meia hora", "set timer", {"duration": 1800}),
    ],
)
def test_what_is_meant(language: str, text: str, intent: str, slots: dict[str, object]) -> None:
    (found,) = understood(text, abilities(functions_of(language)), lexicon(language)).sentences
    assert (found.intent, found.slots) == (intent, slots)


@pytest.mark.parametrize(
    "text",
    [
        "remind me to call mum",
        "take two minutes off the timer",
        "cancel the timer at seven",
        "wake me",
        "alarm 25 80",
        "timer one hour to ante",
        "lamp on for 5 minutes",
    ],
)
def test_what_is_nothing(text: str) -> None:
    assert understood(text, abilities(functions_of("en")), lexicon("en")).sentences == ()
