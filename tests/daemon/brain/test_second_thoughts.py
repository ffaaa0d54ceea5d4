"""What was nearly heard against what was heard."""

import pytest

from daemon.brain.abilities import abilities
from daemon.brain.lexicon import lexicon
from daemon.brain.phrases import Intent
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.second_thoughts import Depends, SecondThoughts
from daemon.brain.sound_phrases import SoundIntent
from daemon.brain.time_phrases import TimeIntent
from daemon.brain.utterance import Utterance
from tests.benchmarks.understanding.house import functions_of


def thoughts(language: str) -> SecondThoughts:
    return SecondThoughts(abilities(functions_of(language)), lexicon(language))


@pytest.mark.parametrize(
    ("language", "heard", "other"),
    [
        ("en", "Remind me at eight to film my sister.", "Remind me at eight to phone my sister."),
        ("en", "Set a timer for 40 minutes.", "Set a timer for 14 minutes."),
        ("en", "Turn on the lamp.", "Turn on the fan."),
        ("en", "Remind me at eight to walk the dock.", "Remind me at eight to walk the dog."),
        ("en", "Remind me at eight to take the bins out.", "Remind me at eight to take the bags out."),
        ("en", "Remind me at eight to walk the dog.", "Remind me at nine to walk the dock."),
        ("de", "Mach die Lampe an.", "Mach die Lampe nicht an."),
        ("es", "Despiértame a las 6 y 4.", "Despiértame a las 6 y cuarto."),
        ("fr", "Allume la lampe.", "Éteins la lampe."),
    ],
)
def test_another_deed_and_a_no_speak_against_it(language: str, heard: str, other: str) -> None:
    assert thoughts(language).on(Utterance(heard, None, (other,)))


@pytest.mark.parametrize(
    ("language", "heard", "other"),
    [
        ("en", "Set a timer for 14 minutes.", "Set a timer for fourteen minutes."),
        ("en", "Turn on the lamp.", "Turn on the lamb."),
        ("en", "Turn on the lamp.", "Turned on the lamp."),
        ("en", "Set a pasta timer for 10 minutes.", "Set a pastor timer for 10 minutes."),
        ("en", "Remind me of the meeting on Wednesday at ten.", "Remind me of the meeting on Wesnesday at ten."),
        ("en", "Remind me about the laundry in forty minutes.", "Remind me about the laundry and forty minutes."),
        ("en", "Remind me at eight to walk the dog.", "Remind me at eight to walk the dock."),
        ("en", "Remind me at eight to flip the pancakes.", "Remind me at eight to flip the pan cakes."),
        ("en", "Remind me at eight to sign the form.", "Remind me at eight to sign this form."),
        ("en", "Remind me tomorrow at 7:30am to buy milk.", "Remind me tomorrow at 7:30 a.m. to buy milk."),
        ("en", "Turn the lamp and the reading lamp off.", "Turn the lamp and the redding lamp off."),
        ("en", "What time is it?", "What time is this?"),
        ("de", "Ist die Lampe an?", "Ist die Leselampe an?"),
        ("de", "Mach die Lampe an.", "Mache die Lampe an."),
    ],
)
def test_what_comes_to_the_same_makes_no_sense_or_does_nothing_says_nothing(
    language: str, heard: str, other: str
) -> None:
    assert not thoughts(language).on(Utterance(heard, None, (other,)))


def test_another_number_counts_in_words_that_make_no_sense() -> None:
    meant = Sentence(TimeIntent.PLAN, {"device": "fan", "state": "on", "duration": 1140})
    other = "Switch the famun in 90 minutes."
    assert thoughts("en").on(Utterance("Switch the fan on in 19 minutes.", meant, (other,), other.replace("90", "19")))


def test_a_courtesy_beside_a_whole_command_is_not_more_than_it() -> None:
    meant = Sentence(TimeIntent.CHANGE, {"change": "cancel", "like": "pasta"})
    words = "Cancel the pasta timer"
    assert not thoughts("en").on(Utterance(words, meant, (), f"{words} please."))
    assert thoughts("en").on(Utterance(words, meant, (), f"{words} nope."))


@pytest.mark.parametrize("free", ["Turn on the lamp now the heater.", "Turn on the lamp, know the heater."])
def test_two_names_are_joined_by_what_was_read_freely_too(free: str) -> None:
    both = Sentence(Intent.SWITCH_TWO, {"device": "lamp", "other": "heater", "state": "on"})
    words = "Turn on the lamp and the heater."
    assert thoughts("en").on(Utterance(words, both, (), free))
    assert not thoughts("en").on(Utterance(words, both, (), words))


def test_a_no_that_was_heard_anyway_is_no_news() -> None:
    louder = Sentence(SoundIntent.CHANGE_VOLUME, {"too": "louder"})
    assert not thoughts("en").on(Utterance("I can't hear you.", louder, ("I can't hear to.",)))
    assert thoughts("en").on(Utterance("I can hear you.", louder, ("I can't hear you.",)))


def test_a_word_more_than_the_command_is_known() -> None:
    on = Sentence(Intent.SWITCH, {"device": "lamp", "state": "on"})
    assert thoughts("en").on(Utterance("Switch the lamp on.", on, (), "Switched a lamp on Horroff."))
    assert not thoughts("en").on(Utterance("Switch the lamp on.", on, (), "Switch the lamp on please."))
    assert not thoughts("en").on(Utterance("Switch the lamp on.", on, (), "Switch the lampa on."))
    words = "Switch the desk lamp on."
    assert not thoughts("en").on(Utterance(words, on, (), "Switch the des k lamp on."))  # and no word written apart


@pytest.mark.parametrize(
    ("heard", "depends"),
    [
        ("Turn on the lamp.", Depends.SEEN),
        ("Volume 40 percent.", Depends.SEEN),
        ("Open the garage door.", Depends.LASTING),
        ("Turn everything off.", Depends.LASTING),
        ("Turn the lamp off in ten minutes.", Depends.LASTING),
        ("Turn on the lamp and wake me at seven.", Depends.LASTING),
        ("Is the lamp on?", None),
        ("Good morning.", None),
    ],
)
def test_what_depends_on_it(heard: str, depends: Depends | None) -> None:
    assert thoughts("en").depends(Utterance(heard)) is depends


def test_another_number_speaks_against_an_alarm_whatever_is_said_with_it() -> None:
    words = "Set an alarm for nine."
    assert thoughts("en").on(Utterance(words, None, ("Set an arm for ninety.",), words))
    assert not thoughts("en").on(Utterance(words, None, ("Set an arm for 9.",), words))
    assert not thoughts("en").on(Utterance(words, None, ("Set an arm four nine.",), words))
    words = "Set a timer for nine minutes."
    assert not thoughts("en").on(Utterance(words, None, ("Set a time for ninety.",), words))


def test_words_that_are_misheard_by_themselves_are_read_back_if_they_were_spoken() -> None:
    words = "Turn on the whole lamp."
    assert thoughts("en").on(Utterance(words, None, (), words))
    assert not thoughts("en").on(Utterance(words))
