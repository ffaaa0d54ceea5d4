"""A yes is one to the question that was asked last, and to nothing else."""

from __future__ import annotations

import pytest

from daemon.brain.agreeing import agreed_to
from daemon.brain.brain import Remark

ASKED = [
    Remark("user", "turn on the fan"),
    Remark("model", "The fan is turned on only when you have agreed. Shall I?"),
]


@pytest.mark.parametrize("text", ["yes", "Yes, please.", "Yeah", "okay, do it", "go ahead", "Please do!", "Sure."])
def test_a_yes_is_to_what_was_said_before(text: str) -> None:
    assert agreed_to(text, ASKED) == "turn on the fan"


@pytest.mark.parametrize("text", ["", "no", "no, don't", "yes but not now", "yes turn on the lamp", "what time is it"])
def test_anything_else_is_none(text: str) -> None:
    assert agreed_to(text, ASKED) == ""


@pytest.mark.parametrize(
    "history",
    [
        [],
        ASKED[1:],
        [*ASKED, Remark("user", "no"), Remark("model", "All right.")],
        [Remark("user", "is the fan on"), Remark("model", "No, the fan is off.")],
        [Remark("user", "turn on the fan"), Remark("user", "Shall I?")],
    ],
)
def test_without_the_question_there_is_nothing_to_agree_to(history: list[Remark]) -> None:
    assert agreed_to("yes", history) == ""


@pytest.mark.parametrize(
    ("language", "text"), [("de-AT", "Ja, bitte."), ("es", "Sí, claro"), ("fr", "D'accord."), ("pt-BR", "Isso mesmo!")]
)
def test_a_yes_is_one_in_its_language_to_its_question(language: str, text: str) -> None:
    asked = [Remark("user", "das Licht"), Remark("model", "Ich habe verstanden: das Licht. Soll ich?")]
    assert agreed_to(text, asked, language, "Soll ich?") == "das Licht"
    assert agreed_to(text, asked, language) == ""
    assert agreed_to("no", asked, language, "Soll ich?") == ""
