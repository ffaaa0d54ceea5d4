"""What of a message is said."""

import os

import pytest

from daemon.speech.message_text import LONGEST, MessageRefused, message_text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("dinner", "dinner"),
        ("  dinner\n is\tready\r\n", "dinner is ready"),
        ("din\x1b[31mner\x00", "din[31mner"),
        ("a\u202eb\ud800c", "abc"),
        ("ação — já!", "ação — já!"),
        ("\x07 dinner \x07", "dinner"),
        ("5 €!", "5 €!"),
        ("🎉", "🎉"),
    ],
)
def test_it_is_one_line_that_can_be_printed(given: str, said: str) -> None:
    assert message_text(given) == said


def test_it_is_as_long_as_it_may_be_and_no_longer() -> None:
    assert message_text("x" * LONGEST) == "x" * LONGEST
    with pytest.raises(MessageRefused, match="501 characters, and at most 500") as refused:
        message_text("x" * (LONGEST + 1))
    assert "fewer words" in refused.value.fix
    assert refused.value.exit_status == os.EX_DATAERR


@pytest.mark.parametrize("given", ["", " \n", "\x00\x1b", "...", "?! —", "\u0301"])
def test_without_words_it_is_refused(given: str) -> None:
    with pytest.raises(MessageRefused, match="no words"):
        message_text(given)
