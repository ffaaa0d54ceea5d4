"""The service is dead, frozen or refuses, before, while and after the user speaks: the lamp goes on, and once."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.causes import Cause, Notice
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import Announce, Earcon, EndActivity, LeaveSession, OpenSession, PlayEarcon, RunTool
from daemon.conversation.events import (
    PlayoutDrained,
    ReplyStarted,
    ServiceReturned,
    SessionLost,
    TimerExpired,
    ToolFinished,
)
from daemon.conversation.exchange import State
from daemon.conversation.messages import Transcribed
from daemon.offline.rehearsal.scenario import Call, Say, Scenario
from daemon.offline.service.faults import AbortSocket, CloseSocket, ConnectionFaults, Loss, Stall, Wait
from tests.daemon.at_home.brain_in_process import InProcess
from tests.repetition import THOROUGH
from tests.system.asking import TAP_MS, spoken

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from daemon.brain.local import LocalBrain
    from daemon.sound.pcm import Samples
    from tests.system.conftest import Homes
    from tests.system.home import Home
    from tests.system.voices import Voice

    Fallbacks = Callable[..., AbstractAsyncContextManager[Home]]

pytestmark = pytest.mark.hears_levels

LAMP_ON = Call("set_device", {"device": "lamp", "state": "on"})
NOWHERE = {"live": {"endpoint": "https://127.0.0.1:1"}}


@pytest.fixture(scope="module")
def question() -> Samples:
    """Nothing that a house can do."""
    return spoken("do penguins dream of the sea")


@pytest.fixture
def at_home_twice(at_home: Homes, local_brain: LocalBrain) -> Fallbacks:
    """`async with at_home_twice(scenario) as home`: as `at_home`, and a brain at home."""

    @asynccontextmanager
    async def open_home(scenario: Scenario | None = None, **tables: Any) -> AsyncIterator[Home]:
        async with at_home(scenario, brain=InProcess(local_brain).start, **tables) as here:
            yield here

    return open_home


def faulty(*connections: ConnectionFaults) -> Scenario:
    return Scenario(turns=[[LAMP_ON, Say("Done.", tone_s=0.3)]] * 3, connections=connections)


DEAD: dict[str, dict[str, Any]] = {
    "nobody listens": NOWHERE,
    "never answers the setup": {"scenario": faulty(*[ConnectionFaults(silent=True)] * 9)},
    "slow to set up": {"scenario": faulty(*[ConnectionFaults(setup_delay_ms=20_000)] * 9)},
    "the key is refused": {"server": {"keys": {"another"}}},
    "no key": {"environ": {}},
    "quota": {"scenario": faulty(*[ConnectionFaults(refuse=CloseSocket(1011, "RESOURCE_EXHAUSTED"))] * 9)},
    "overloaded": {"scenario": faulty(*[ConnectionFaults(http_status=503)] * 9)},
    "lost while speaking": {
        "scenario": faulty(*[ConnectionFaults(lose=Loss("activity", after_audio_bytes=9_000))] * 9)
    },
    "lost while thinking": {"scenario": faulty(*[ConnectionFaults(lose=Loss("thinking"))] * 9)},
    "silent after the words": {"scenario": Scenario(turns=[[Wait(60_000)]] * 9)},
    "frozen after the words": {"scenario": Scenario(turns=[[Stall()]] * 9)},
}


@pytest.mark.parametrize("circumstances", DEAD.values(), ids=DEAD.keys())
async def test_the_lamp_goes_on_once_whatever_is_the_matter_with_the_service(
    at_home_twice: Fallbacks, synthetic_voice: Voice, circumstances: dict[str, Any]
) -> None:
    async with at_home_twice(**circumstances) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        assert home.lamp_is_on()
        ran = [command.call.name for command in home.diary.commands if isinstance(command, RunTool)]
        assert ran == ["set_device"]
        assert home.diary.commands.count(PlayEarcon(Earcon.HOME)) == 1
        assert "home" in home.indicator.shown
        await home.until_state(State.IDLE)
        assert home.diary.commands.count(Announce(Notice.AT_HOME)) == 1
        assert not [c for c in home.diary.commands if isinstance(c, Announce) and isinstance(c.cause, Cause)]


async def test_every_word_reaches_the_brain_at_home(at_home_twice: Fallbacks, synthetic_voice: Voice) -> None:
    async with at_home_twice(faulty(ConnectionFaults(lose=Loss("thinking")), ConnectionFaults(silent=True))) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        heard = [message.text for message in home.diary.all(Transcribed) if message.speaker == "user"]
        assert heard == ["Turn on the lamp, please."]


async def test_a_call_that_the_service_made_is_not_made_again_by_the_brain_at_home(
    at_home_twice: Fallbacks, synthetic_voice: Voice
) -> None:
    async with at_home_twice(Scenario(turns=[[LAMP_ON, AbortSocket()], [LAMP_ON]])) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(SessionLost)
        await home.until_state(State.IDLE)
        assert len([command for command in home.diary.commands if isinstance(command, RunTool)]) == 1
        assert OpenSession(local=True) not in home.diary.commands
        assert Announce(Cause.LOST) in home.diary.commands


async def test_what_the_brain_at_home_does_not_understand_waits_for_the_service(
    at_home_twice: Fallbacks, synthetic_voice: Voice, question: Samples
) -> None:
    """It is only slow: the service answers as ever, and nothing is told of the other."""
    slow = Scenario(turns=[[Say("Some say so.", tone_s=0.3)]], connections=[ConnectionFaults(setup_delay_ms=4_000)])
    async with at_home_twice(slow) as home:
        home.say(synthetic_voice.wake_word, question)
        await home.diary.until_happened(PlayoutDrained)
        assert OpenSession(local=True) not in home.diary.commands
        assert LeaveSession() not in home.diary.commands
        assert not home.diary.all(ToolFinished)


async def test_when_both_are_dead_the_reason_is_heard_that_was_always_heard(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    async with at_home(**NOWHERE, offline={"use": "fallback"}) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(SessionLost, times=2)
        await home.until_state(State.IDLE)
        assert [c.cause for c in home.diary.commands if isinstance(c, Announce)] == [Cause.NO_NETWORK]
        assert "failed" in home.indicator.shown


async def test_the_brain_at_home_dies_with_the_request(
    at_home: Homes, synthetic_voice: Voice, local_brain: LocalBrain
) -> None:
    process = InProcess(local_brain)
    async with at_home(brain=process.start, **NOWHERE) as home:
        home.say(synthetic_voice.wake_word)
        await home.diary.until(lambda: bool(process.living))
        process.die()
        home.say(synthetic_voice.request)
        await home.diary.until_happened(SessionLost, times=2)
        await home.until_state(State.IDLE)
        assert Announce(Cause.NO_NETWORK) in home.diary.commands
        assert not home.lamp_is_on()


async def test_after_two_failures_the_service_is_not_waited_for_and_when_it_is_back_it_answers(
    at_home_twice: Fallbacks, synthetic_voice: Voice
) -> None:
    scenario = Scenario(
        turns=[[Say("Done.", tone_s=0.3)]], connections=[ConnectionFaults(silent=True)] * 2 + [ConnectionFaults()]
    )
    async with at_home_twice(scenario) as home:
        for times in (1, 2):
            home.say(synthetic_voice.wake_and_request)
            await home.diary.until_happened(PlayoutDrained, times=times)
            await home.until_state(State.IDLE)
        await home.diary.until_happened(ServiceReturned)
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained, times=3)
        assert [c for c in home.diary.commands if isinstance(c, OpenSession)][-1] == OpenSession()
        assert len(home.server.sessions) == 3


async def test_a_service_that_is_back_in_the_middle_of_a_reply_from_home_answers_the_next_request(
    at_home_twice: Fallbacks, synthetic_voice: Voice
) -> None:
    refused = [ConnectionFaults(http_status=403)]
    scenario = Scenario(turns=[[Say("Done.", tone_s=0.3)]], connections=[*refused, ConnectionFaults()])
    async with at_home_twice(scenario) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(ReplyStarted)
        home.appliance.dispatch(ServiceReturned())
        await home.diary.until_happened(PlayoutDrained)
        assert home.lamp_is_on()
        opened = [command for command in home.diary.commands if isinstance(command, OpenSession)]
        assert opened == [OpenSession(), OpenSession(local=True)]
        await home.until_state(State.IDLE)
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained, times=2)
        assert [c for c in home.diary.commands if isinstance(c, OpenSession)] == [*opened, OpenSession()]
        assert len([c for c in home.diary.commands if isinstance(c, RunTool)]) == 1


async def test_where_it_always_answers_the_service_is_never_dialled(
    at_home_twice: Fallbacks, synthetic_voice: Voice
) -> None:
    async with at_home_twice(offline={"use": "always"}) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        assert home.lamp_is_on()
        assert not home.server.sessions
        assert PlayEarcon(Earcon.HOME) not in home.diary.commands


async def test_a_reply_of_the_brain_at_home_can_be_interrupted(
    at_home_twice: Fallbacks, synthetic_voice: Voice
) -> None:
    async with at_home_twice(**NOWHERE) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(ReplyStarted)
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until(lambda: len([c for c in home.diary.commands if isinstance(c, EndActivity)]) == 2)
        await home.diary.until_happened(PlayoutDrained)
        assert home.lamp_is_on()
        assert TimerExpired(Timer.THINKING) not in home.diary.events


OVEN: dict[str, Any] = {
    "device": [{"name": "oven", "kind": "relay", "pin": 17, "confirm": True}],
    "listening": {"follow_up_s": 8, "linger_s": 30, "nothing_said_s": 3, "reply_deadline_s": 5},
}


@pytest.mark.parametrize(
    ("said", "done"),
    [("yes please", True), ("no thank you", False), *([("what time is it", False), ("", False)] if THOROUGH else [])],
)
async def test_what_wants_a_word_is_done_at_home_after_a_spoken_yes_and_nothing_else(
    at_home_twice: Fallbacks, said: str, done: bool
) -> None:
    async with at_home_twice(**NOWHERE, **OVEN) as home:
        home.button.press()
        home.button.release(TAP_MS)
        home.say(spoken("turn on the oven"))
        await home.diary.until_happened(PlayoutDrained)
        assert len(home.diary.all(ToolFinished)) == 1
        assert not home.lamp_is_on()
        if said:
            home.say(spoken(said))
            await home.diary.until_happened(PlayoutDrained, times=2)
        await home.until_state(State.IDLE)
        assert home.lamp_is_on() is done


async def test_a_yes_in_the_next_conversation_agrees_to_nothing(at_home_twice: Fallbacks) -> None:
    async with at_home_twice(**NOWHERE, **OVEN) as home:
        for times, words in enumerate(("turn on the oven", "yes please"), 1):
            home.button.press()
            home.button.release(TAP_MS)
            home.say(spoken(words))
            await home.diary.until_happened(PlayoutDrained, times=times)
            await home.until_state(State.IDLE)
        assert not home.lamp_is_on()
