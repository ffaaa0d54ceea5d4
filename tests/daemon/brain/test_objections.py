"""Words in which there is a command that nobody gave."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.brain import replies
from daemon.brain.objections import ends_taken_back, objection, orders, without_names

NAMES = ("lamp", "Fan", "Do not disturb sign", "night light", "TV_2")

COMMANDS = (
    "turn on the lamp",
    "switch the fan off",
    "set the lamp to fifty percent",
    "toggle my lamp",
    "pulse the fan",
)

SPOILT = {
    replies.LEFT_ALONE: [
        *("don't {}", "do not {}", "please don't {}", "never {}", "you must not {}", "I said {}", "she told me to {}"),
        *(
            "he asked me to {}",
            "I think I heard {}",
            "I have to {}",
            "somebody wrote {}",
            "{}, she said",
            "{} but not now",
        ),
        *(
            "I was going to {}",
            "I wanted to {}",
            "the story goes {}",
            "I can't {}",
            "without you I {}",
            "Anna thinks {}",
        ),
    ],
    replies.NO_ANSWER: [
        *("why did you {}", "did you {}", "who can {}", "what happens when I {}", "how do I {}", "is it wise to {}"),
        *("do you {}", "have you seen me {}", "should I {}", "when do you {}", "could you tell me if you {}"),
    ],
    replies.NOT_LATER: [
        *(
            "in ten minutes {}",
            "{} in ten minutes",
            "{} in half an hour",
            "{} for an hour",
            "{} at 7",
            "{} at half past six",
        ),
        *("{} at 7 pm", "{} tomorrow", "{} tonight", "{} every morning", "{} on monday", "{} later", "{} in a while"),
        *("{} at noon", "{} within the next 2 hours", "tomorrow morning {}", "{} for a bit", "{} at seven o'clock"),
    ],
    replies.NO_CONDITIONS: [
        *("if it is dark {}", "{} if it is dark", "{} when I come home", "whenever it rains {}", "{} unless I object"),
        *("{} until I come back", "as soon as she is here {}", "{} before it gets cold", "{} once it is dark"),
    ],
    replies.SAY_AGAIN: ["{}, no, the other one", "{} wait", "{} I mean the fan", "sorry {}", "{} or rather not"],
    replies.ONE_AT_A_TIME: ["{} and turn off the radio", "turn on the radio and then {}", "{} then dim the light"],
}


GIVEN = ("{}", "please {}", "could you {} please", "would you {}", "now {} now", "{} at once", "hey {}", "do {}")


@pytest.mark.parametrize("reply", SPOILT)
def test_a_command_that_nobody_gave(reply: str) -> None:
    said = [pattern.format(command) for pattern, command in product(SPOILT[reply], COMMANDS)]
    assert [(text, objection(text, NAMES)) for text in said if objection(text, NAMES) != reply] == []


def test_a_command_that_was_given() -> None:
    said = [pattern.format(command) for pattern, command in product(GIVEN, COMMANDS)]
    assert [(text, objection(text, NAMES)) for text in said if objection(text, NAMES) != ""] == []


def test_what_was_done_is_not_done_again() -> None:
    done = ("turned", "switched", "have turned", "just turned", "had already switched")
    said = [f"{who} {word} on the lamp" for who, word in product(("I", "you", "Anna", "my brother"), done)]
    assert [text for text in said if objection(text, NAMES) != replies.LEFT_ALONE] == []


def test_a_name_may_say_anything() -> None:
    for name in NAMES:
        assert objection(f"turn on the {name}", NAMES) == ""
    assert objection("turn on the do not disturb sign", ()) == replies.LEFT_ALONE
    assert without_names("Turn on the night light and the TV 2!", ["night light", "TV 2", "!"]) == (
        "turn on the device and the device"
    )


def test_a_clause_of_its_own_for_each_device() -> None:
    assert objection("turn on the lamp and the fan", NAMES) == ""
    assert objection("turn on the lamp and the fan off", NAMES) == replies.ONE_AT_A_TIME


@pytest.mark.parametrize(
    ("text", "ordered"),
    [
        ("turn it on", True),
        ("the lamp should be on", True),
        ("open the fan", True),
        ("lamp", False),
        ("open the window", False),
        ("what is the capital of Germany", False),
        ("", False),
    ],
)
def test_orders_are_told_from_other_talk(text: str, ordered: bool) -> None:
    assert orders(text, NAMES) is ordered


@given(st.text(max_size=80), st.lists(st.text(max_size=8), max_size=3))
def test_any_words_can_be_weighed(text: str, names: list[str]) -> None:
    assert isinstance(objection(text, names), str)
    assert isinstance(orders(text, names), bool)


def test_a_reminder_that_ends_with_a_no_is_taken_back() -> None:
    assert ends_taken_back("remind me at six to feed the cat, no, don't")
    assert not ends_taken_back("remind me at six that there is no milk")
