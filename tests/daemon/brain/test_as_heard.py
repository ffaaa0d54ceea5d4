"""What a recogniser writes, as people would have written it."""

import pytest

from daemon.brain.as_heard import FOLDER, as_said
from daemon.brain.lexicon import lexicon_languages


@pytest.mark.parametrize(
    ("language", "heard", "said"),
    [
        ("de", "Weg mich um halt acht.", "Weck mich um halb acht."),
        ("de-AT", "Liese Lampe 30%", "Leselampe 30%"),
        ("fr", "Mais la lampe en verre.", "Mets la lampe en vert."),
        ("en-GB", "Bring mine me to marl at noon.", "Remind me tomorrow at noon."),
        ("en", "Wait me up at seven.", "Wake me up at seven."),
        ("en", "Such an alarm for nine.", "Set an alarm for nine."),
        ("en", "At one minute to the pasta timer.", "Add one minute to the pasta timer."),
        ("en", "Didn't the lamp to thirty.", "Dim the lamp to thirty."),
        ("en", "Please turn the bedroom like on.", "Please turn the bedroom light on."),
        ("en", "What do you turn the fan off?", "Would you turn the fan off?"),
        ("en", "Then stop.", "Don't stop."),
        ("en", "Half an hour on the time or please.", "Half an hour on the timer please."),
        ("en", "A timer of an hour in the half.", "A timer of an hour and a half."),
        ("en", "Get me up at four of them.", "Get me up at four am."),
        ("en", "Turn off all of them.", "Turn off all of them."),
        ("en", "Make the land purple.", "Make the lamp purple."),
        ("en", "Lamped fifteen percent.", "Lamp fifteen percent."),
        ("en", "Remind me of 3:30 to walk the dog.", "Remind me at 3:30 to walk the dog."),
        ("en", "Remind me of two dogs.", "Remind me of two dogs."),
        ("en", "In an hour turned the lamp on.", "In an hour turn the lamp on."),
        ("en", "An hour ago I turned the lamp on.", "An hour ago I turned the lamp on."),
        ("en", "Set an alarm for five, thirteen.", "Set an alarm for five thirteen."),
        ("en", "A lamb on Tuesday at eight.", "Alarm on Tuesday at eight."),
        ("en", "Alarmon Tuesday at eight.", "Alarm on Tuesday at eight."),
        ("en", "The lamb off to-night.", "The lamp off tonight."),
        ("en", "Late me every weekday at 6:45.", "Wake me every weekday at 6:45."),
        ("en", "Wake me a very weekday at six.", "Wake me every weekday at six."),
        ("en", "Cancer the reminder.", "Cancel the reminder."),
        ("en", "Remind me on Friday to by bread.", "Remind me on Friday to buy bread."),
        ("en", "Switch the lamp of for me.", "Switch the lamp off for me."),
        ("en", "We might need in ten minutes to go.", "Remind me in ten minutes to go."),
        ("en", "Said the kitchen light to ten per cent.", "Set the kitchen light to ten per cent."),
        ("en", "What day is it to-day?", "What day is it today?"),
        ("en", "Set a reminder for six p M.", "Set a reminder for six pm."),
        ("de", "Stell einen Tima, umfilte nach sechs", "Stell einen Timer, um viertel nach sechs"),
        ("fr", "Alume la lampe.", "Allume la lampe."),
        ("es", "Encién de la lámpara", "Enciende la lámpara"),
        ("pt", "Assende-o a Bajur, por favor.", "Acende o abajur, por favor."),
    ],
)
def test_words_that_are_split_joined_or_taken_for_others_are_put_right(language: str, heard: str, said: str) -> None:
    assert as_said(heard, language) == said


@pytest.mark.parametrize(
    "text", ["I'd like one.", "Stop then.", "Didn't the lamp fall?", "Wake me at one minute to ten."]
)
def test_english_words_that_make_sense_stay_as_they_are(text: str) -> None:
    assert as_said(text, "en") == text


@pytest.mark.parametrize("text", ["der Weg mit dem Rad", "mach die Lampe aus", "Zeit für uns", "je n'ai mais rien"])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert as_said(text, "de") == text
    assert as_said(text, "fr") == text


def test_each_list_is_of_a_language_that_is_understood() -> None:
    assert {file.stem for file in FOLDER.glob("*.toml")} <= set(lexicon_languages())
