"""Sessions without end: what the household talks about outlives sockets, restarts and a forgetful service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.conversation.events import PlayoutDrained, SessionEnding, SessionLost
from daemon.conversation.exchange import State
from daemon.conversation.messages import HandleIssued, HandleRefused
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.service.faults import ConnectionFaults, GoAway, Loss
from daemon.state.store import FILE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.conftest import Homes
    from tests.system.home import Home
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

ANSWER = Say("Done.", tone_s=0.3)
TWO_TURNS = Scenario(turns=[[ANSWER], [ANSWER]])
SHORT = {"follow_up_s": 0, "linger_s": 0.2, "nothing_said_s": 3, "reply_deadline_s": 5}


async def ask(home: Home, voice: Voice, times: int) -> None:
    """Wake it, ask, and hear the answer, for the `times`-th time."""
    home.say(voice.wake_and_request)
    await home.diary.until_happened(PlayoutDrained, times)


async def rest(home: Home, number: int) -> None:
    """Wait until session `number` is closed."""
    await home.until_state(State.IDLE)
    session = await home.session(number)
    await session.until(lambda session: not session.open)


async def test_after_an_idle_close_the_conversation_goes_on(at_home: Homes, synthetic_voice: Voice) -> None:
    async with at_home(TWO_TURNS, listening=SHORT) as home:
        await ask(home, synthetic_voice, 1)
        await rest(home, 1)
        await ask(home, synthetic_voice, 2)
        issued = home.diary.all(HandleIssued)
        setup = (await home.session(2)).setup
        assert setup is not None
        assert setup.handle in {message.handle for message in issued}
        assert not home.diary.all(SessionLost)


async def test_after_a_restart_the_conversation_goes_on(at_home: Homes, synthetic_voice: Voice, tmp_path: Path) -> None:
    async with at_home(TWO_TURNS, state=tmp_path / FILE) as home:
        await ask(home, synthetic_voice, 1)
        await home.diary.until_happened(HandleIssued)
        handle = home.house.memory.resumption.handle
    async with at_home(TWO_TURNS, state=tmp_path / FILE) as home:
        await ask(home, synthetic_voice, 1)
        setup = (await home.session(1)).setup
        assert setup is not None  # … of another service, which never heard of it
        assert setup.handle == handle
        assert len(home.diary.all(HandleRefused)) == 1
        second = (await home.session(2)).setup
        assert second is not None
        assert second.handle == ""


async def test_a_lost_connection_is_resumed_without_a_lost_word(at_home: Homes, synthetic_voice: Voice) -> None:
    """The socket breaks while the user speaks: the same words go up again, on a session that knows the first turn."""
    broken = Scenario(
        turns=[[ANSWER], [ANSWER]],
        connections=[ConnectionFaults(), ConnectionFaults(lose=Loss("activity", close=1011))],
    )
    async with at_home(broken, listening=SHORT) as home:
        await ask(home, synthetic_voice, 1)
        await rest(home, 1)
        await ask(home, synthetic_voice, 2)
        setup = (await home.session(3)).setup
        assert setup is not None
        assert setup.handle != ""
        assert not any(isinstance(event, SessionEnding) for event in home.diary.events)


async def test_go_away_is_not_noticed_by_the_household(at_home: Homes, synthetic_voice: Voice) -> None:
    leaving = Scenario(turns=[[ANSWER, GoAway(5)], [ANSWER]])
    listening = {"follow_up_s": 4, "linger_s": 30, "nothing_said_s": 3, "reply_deadline_s": 5}
    async with at_home(leaving, listening=listening) as home:
        await ask(home, synthetic_voice, 1)
        await home.diary.until_happened(SessionEnding)
        home.say(synthetic_voice.request)
        await home.diary.until_happened(PlayoutDrained, 2)
        first, second = await home.session(1), await home.session(2)
        assert not first.open
        assert second.setup is not None
        assert second.setup.handle != ""
        assert not home.diary.all(SessionLost)
