"""What is said of loudness and quiet is what the tool read back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from daemon.brain.replies import OKAY
from daemon.brain.sound_replies import TALKING_AGAIN, quiet_until, talking_again, volume_is

if TYPE_CHECKING:
    from daemon.brain.replies import Answer

NOW = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
REFUSED: Answer = {"error": "the speaker is away"}


@pytest.mark.parametrize(
    ("of", "answer", "said"),
    [
        ("voice", {"percent": 40, "largest": 100}, "The volume is 40 percent."),
        ("alarm", {"percent": 100, "largest": 100}, "The volume of alarms is 100 percent."),
        ("voice", {"percent": 30, "largest": 30}, "The volume is 30 percent, which is the most that is allowed now."),
        ("announcements", {"percent": 12.5}, "The volume of announcements is 12.5 percent."),
        ("voice", {"ok": True}, OKAY),
        ("voice", REFUSED, "I can't: the speaker is away."),
    ],
)
def test_the_volume_is_told_as_it_is_now(of: str, answer: Answer, said: str) -> None:
    assert volume_is(of, answer) == said


@pytest.mark.parametrize(
    ("asked", "answer", "said"),
    [
        ("2026-11-30T22:00", {"until": "2026-11-30T21:30"}, "I will not disturb you until 21:30."),
        ("", {"due": "2026-12-01T07:00"}, "I will not disturb you until tomorrow at 07:00."),
        ("2026-11-30T22:00", {"ok": True}, "I will not disturb you until 22:00."),
        ("", {"ok": True}, "I will not disturb you."),
        ("2026-11-30T22:00", REFUSED, "I can't: the speaker is away."),
    ],
)
def test_the_end_of_the_quiet_is_what_the_tool_says_and_else_what_was_asked_for(
    asked: str, answer: Answer, said: str
) -> None:
    assert quiet_until(asked, answer, NOW) == said


def test_the_end_of_the_quiet_is_told_only_if_it_came() -> None:
    assert talking_again({"ok": True}) == TALKING_AGAIN
    assert talking_again(REFUSED) == "I can't: the speaker is away."
