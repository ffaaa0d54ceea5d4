"""How long each state may last, by what is being waited for."""

from dataclasses import replace
from typing import Final

import pytest

from daemon.conversation.clocks import Timer
from daemon.conversation.commands import StartTimer
from daemon.conversation.exchange import RESTS, Exchange, State
from daemon.conversation.owed import Owed
from daemon.conversation.patience import TIMERS, Patience
from daemon.conversation.rules import Rules

RULES: Final = Rules(
    nothing_said_s=1,
    follow_up_s=2,
    longest_utterance_s=3,
    service_endpoint_s=4,
    reply_deadline_s=5,
    stalled_reply_s=6,
    longest_tool_s=7,
    afterthought_s=8,
    longest_reply_s=9,
    speaker_away_s=10,
)
"""Each wait can be told by its length."""
RUNS: Final = Owed(frozenset({"call"}))
TRAILS: Final = Owed(trailing=True)


def wait_s(
    state: State,
    now: Exchange | None = None,
    owed: Owed | None = None,
    *,
    rules: Rules = RULES,
    button_down: bool = False,
    speaker_lost: bool = False,
) -> float:
    patience = Patience(rules, now or Exchange(), owed or Owed(), button_down, speaker_lost)
    return patience.timer(state).seconds


def test_every_state_but_the_rests_has_a_timer_of_its_own() -> None:
    assert TIMERS.keys() == set(State) - RESTS
    assert len(set(TIMERS.values())) == len(TIMERS)
    patience = Patience(RULES, Exchange(), Owed(), button_down=False, speaker_lost=False)
    assert patience.timer(State.THINKING) == StartTimer(Timer.THINKING, 5)
    for rest in RESTS:
        with pytest.raises(KeyError):
            patience.timer(rest)


def test_listening() -> None:
    assert wait_s(State.LISTENING) == 1
    assert wait_s(State.LISTENING, Exchange(follow_up=True)) == 2


def test_hearing() -> None:
    assert wait_s(State.HEARING) == 1, "nothing was said yet"
    assert wait_s(State.HEARING, Exchange(spoken=True)) == 3
    assert wait_s(State.HEARING, button_down=True) == 3, "whoever holds the button may think first"
    assert wait_s(State.HEARING, Exchange(spoken=True, ended=True)) == 4


def test_thinking() -> None:
    assert wait_s(State.THINKING) == 5
    assert wait_s(State.THINKING, owed=RUNS) == 7
    assert wait_s(State.THINKING, owed=RUNS, rules=replace(RULES, reply_deadline_s=20)) == 20
    assert wait_s(State.THINKING, owed=TRAILS) == 8


def test_speaking() -> None:
    starved = Exchange(starved=True)
    assert wait_s(State.SPEAKING) == 9
    assert wait_s(State.SPEAKING, owed=RUNS) == 9, "while it plays, nothing is waited for"
    assert wait_s(State.SPEAKING, starved) == 6
    assert wait_s(State.SPEAKING, starved, RUNS) == 7
    assert wait_s(State.SPEAKING, starved, TRAILS) == 8


def test_speaking_without_a_speaker() -> None:
    assert wait_s(State.SPEAKING, speaker_lost=True) == 10
    assert wait_s(State.SPEAKING, owed=RUNS, speaker_lost=True, rules=replace(RULES, longest_tool_s=30)) == 30
