"""Calls of the model through real parts: in parallel, in parts, taken back, too late; every one is answered once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.commands import Announce, CancelTools, CloseSession
from daemon.conversation.events import (
    PlayoutDrained,
    ReplyComplete,
    ReplyStarted,
    ToolCancelled,
    ToolFinished,
    ToolProgressed,
    ToolRequested,
)
from daemon.conversation.exchange import State
from daemon.offline.rehearsal.scenario import Call, Say, Scenario
from daemon.offline.service.faults import CancelledCall, CloseSocket, SendRaw, Wait
from daemon.offline.wire.client_messages import ActivityStart, FunctionAnswer
from daemon.tools.tool import Answer, Tool, Toolbox
from tests.system.home import PATIENCE_S
from tests.system.test_interruptions import AS_IT_SPEAKS, LONG_REPLY

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.offline.wire.records import SessionRecord
    from tests.system.conftest import Homes
    from tests.system.home import Home
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

ANSWER = Say("Done.", tone_s=0.3)
LAMP_ON = {"device": "lamp", "state": "on"}
NON_BLOCKING = {"tools": {"waiting": "non_blocking"}}


@dataclass
class Errands:
    """What the model may ask for, done when the test says so."""

    begun: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)
    stubborn: bool = False

    def toolbox(self, time_limit_s: float = 10.0) -> Toolbox:
        return Toolbox([Tool.of(self.run), Tool.of(self.greet), Tool.of(self.stumble)], time_limit_s=time_limit_s)

    async def run(self, where: str) -> Answer:
        """Run an errand."""
        self.begun.append(where)
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.stopped.append(where)
            if not self.stubborn:
                raise
            await self.may_end.wait()
        return {"ok": True, "been": where}

    async def greet(self, whom: str) -> Answer:
        """Say hello."""
        return {"ok": True, "greeted": whom}

    async def stumble(self) -> Answer:
        """Fail."""
        raise RuntimeError("over a secret step")


def calls(**named: tuple[str, dict[str, Any]]) -> SendRaw:
    """Several calls in one message, by their ids."""
    functions = [{"id": id_, "name": name, "args": args} for id_, (name, args) in named.items()]
    return SendRaw({"toolCall": {"functionCalls": functions}})


def answers(session: SessionRecord) -> list[FunctionAnswer]:
    return [message for message in session.messages(FunctionAnswer) if isinstance(message, FunctionAnswer)]


async def until_answered(home: Home, count: int, session: int = 1) -> list[FunctionAnswer]:
    record = await home.session(session)
    await record.until(lambda record: len(answers(record)) >= count)
    return answers(record)


async def until_true(condition: Callable[[], bool]) -> None:
    """For what no event tells: pins, and what tools do."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


# Each is answered


async def test_several_calls_at_once_are_each_answered_as_soon_as_they_are_done(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    errands = Errands()
    at_once = calls(a=("run", {"where": "shop"}), b=("greet", {"whom": "Ada"}), c=("fly", {}), d=("stumble", {}))
    async with at_home(Scenario(turns=[[at_once, Wait(800), ANSWER]]), toolbox=errands.toolbox()) as home:
        home.say(synthetic_voice.wake_and_request)
        at_once_answered = await until_answered(home, 3)
        assert [answer.id for answer in at_once_answered] == ["b", "c", "d"]
        errands.may_end.set()
        by_id = {answer.id: answer.response for answer in await until_answered(home, 4)}
        assert by_id["a"] == {"ok": True, "been": "shop"}
        assert by_id["b"] == {"ok": True, "greeted": "Ada"}
        assert "there is no function 'fly'" in by_id["c"]["error"]
        assert "internal fault" in by_id["d"]["error"]
        assert "secret" not in str(by_id)
        await home.diary.until_happened(PlayoutDrained)
        assert not [command for command in home.diary.commands if isinstance(command, Announce)]


async def test_a_call_that_takes_too_long_is_answered_with_that(at_home: Homes, synthetic_voice: Voice) -> None:
    errands = Errands()
    endless = Scenario(turns=[[Call("run", {"where": "moon"}), ANSWER]])
    async with at_home(endless, toolbox=errands.toolbox(time_limit_s=0.2)) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        (answer,) = await until_answered(home, 1)
        assert answer.response["error"] == "run did not finish in 0.2 s"
        assert errands.stopped == ["moon"]


async def test_a_call_in_mid_sentence_with_more_of_the_sentence_behind_it(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    """livekit/agents #6569: the reply goes on, before the result and after it, and ends as one."""
    turning_on = Say("I am turning it on.", tone_s=0.3)
    in_the_middle = [turning_on, calls(c1=("set_device", LAMP_ON)), turning_on, Wait(100), ANSWER]
    async with at_home(Scenario(turns=[in_the_middle])) as home:
        home.say(synthetic_voice.wake_and_request)
        drained = await home.diary.until_happened(PlayoutDrained)
        assert drained.heard_samples == pytest.approx(0.9 * 24_000, abs=10)
        assert home.lamp_is_on()
        assert home.diary.states == [State.LISTENING, State.HEARING, State.THINKING, State.SPEAKING, State.IDLE]
        assert not [command for command in home.diary.commands if isinstance(command, Announce)]


async def test_a_reply_that_says_nothing_of_the_result_is_no_failure(at_home: Homes, synthetic_voice: Voice) -> None:
    said_before = [Say("I am turning it on.", tone_s=0.3), Call("set_device", LAMP_ON)]
    async with at_home(Scenario(turns=[said_before])) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        await home.until_state(State.IDLE)
        assert not [command for command in home.diary.commands if isinstance(command, Announce)]
        assert CloseSession() not in home.diary.commands


# In parts


async def test_pulses_are_told_one_by_one_to_a_model_that_does_not_wait(at_home: Homes, synthetic_voice: Voice) -> None:
    pulse = Call("pulse", {"device": "lamp", "seconds": 0.1, "times": 3}, expect={"pulses": 3})
    async with at_home(Scenario(turns=[[pulse, ANSWER]]), live=NON_BLOCKING) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        arrived = await until_answered(home, 3)
        assert [(answer.response["pulses"], answer.will_continue) for answer in arrived] == [
            (1, True),
            (2, True),
            (3, False),
        ]
        assert len(home.diary.all(ToolProgressed)) == 2
        assert not home.lamp_is_on()


async def test_a_model_that_waits_is_told_the_last_alone(at_home: Homes, synthetic_voice: Voice) -> None:
    pulse = Call("pulse", {"device": "lamp", "seconds": 0.1, "times": 2}, expect={"pulses": 2})
    async with at_home(Scenario(turns=[[pulse, ANSWER]])) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        assert [answer.will_continue for answer in await until_answered(home, 1)] == [False]


async def test_extended_thinking_ends_when_it_is_idle_and_not_with_its_first_sentence(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    """autonomous-os #453: "let me see", its turnComplete, the call, the result, and the answer."""
    goes_on = SendRaw({"serverContent": {"turnComplete": True, "interactionStatus": "IN_PROGRESS"}})
    pulse = Call("pulse", {"device": "lamp", "seconds": 0.1, "times": 2})
    steps = [Say("Let me see.", tone_s=0.2), goes_on, pulse, ANSWER]
    async with at_home(Scenario(turns=[steps]), live={"model": "gemini-3.8-live-extended-thinking"}) as home:
        home.say(synthetic_voice.wake_and_request)
        drained = await home.diary.until_happened(PlayoutDrained)
        assert drained.heard_samples == pytest.approx(0.5 * 24_000, abs=10)
        (answer,) = await until_answered(home, 1)
        assert (answer.response["pulses"], answer.will_continue) == (2, False), "it takes no parts"
        assert len(home.diary.all(ReplyComplete)) == 1


# Taken back


async def test_what_the_service_cancels_is_undone_though_it_was_answered(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    cancelled = Scenario(turns=[[CancelledCall("set_device", LAMP_ON, 1_000), Wait(100), ANSWER]])
    async with at_home(cancelled) as home:
        home.say(synthetic_voice.wake_and_request)
        await until_true(home.lamp_is_on)
        await home.diary.until_happened(ToolCancelled)
        assert home.diary.all(ToolFinished)
        await home.diary.until_happened(PlayoutDrained)
        assert not home.lamp_is_on()


async def test_a_cancelled_pulse_ends_at_once(at_home: Homes, synthetic_voice: Voice) -> None:
    cancelled = CancelledCall("pulse", {"device": "lamp", "seconds": 8}, 200)
    async with at_home(Scenario(turns=[[cancelled, Wait(100), ANSWER]])) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(ToolRequested)
        await home.diary.until_happened(ToolCancelled)
        await home.diary.until_happened(PlayoutDrained)
        assert not home.lamp_is_on()
        assert answers(await home.session()) == []


@pytest.mark.parametrize("by", ["wake word", "button"])
async def test_who_interrupts_a_call_is_heard_at_once_and_it_is_undone(
    at_home: Homes, synthetic_voice: Voice, by: str
) -> None:
    """Promise 3 while a blocking call is pending: the microphone is not held back until the tool is done."""
    pulse = Call("pulse", {"device": "lamp", "seconds": 8})
    async with at_home(Scenario(turns=[[pulse, LONG_REPLY], [ANSWER]])) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(ToolRequested)
        await until_true(home.lamp_is_on)
        if by == "button":
            home.button.press()
            assert home.state is State.HEARING
            home.say(synthetic_voice.request)
            await home.microphone.all_said()
            home.button.release(held_ms=1_000)
        else:
            home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        assert not home.lamp_is_on()
        session = await home.session()
        (answer,) = answers(session)
        assert "the user interrupted" in answer.response["error"]
        kinds = [type(message) for message in session.messages(ActivityStart, FunctionAnswer)]
        assert kinds == [ActivityStart, FunctionAnswer, ActivityStart], "no sound under a call that is owed an answer"
        assert len(session.windows) == 2
        assert not home.diary.all(ToolFinished)


async def test_a_stop_and_mute_end_a_call_too(at_home: Homes, synthetic_voice: Voice) -> None:
    pulse = Call("pulse", {"device": "lamp", "seconds": 8})
    async with at_home(Scenario(turns=[[pulse], [pulse]])) as home:
        for number, stop in enumerate((home.button.press, home.appliance.switch_mute), start=1):
            home.say(synthetic_voice.wake_and_request)
            await home.diary.until_happened(ToolRequested, times=number)
            await until_true(home.lamp_is_on)
            stop()
            home.button.release(held_ms=80)
            await until_true(lambda: not home.lamp_is_on())
            assert home.state in {State.IDLE, State.MUTED}


async def test_what_was_answered_stays_when_the_reply_is_interrupted(at_home: Homes, synthetic_voice: Voice) -> None:
    """The model knows of it; what the user wants instead will be said."""
    lamp = Call("set_device", LAMP_ON)
    async with at_home(Scenario(turns=[[lamp, LONG_REPLY], [ANSWER]]), server=AS_IT_SPEAKS) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(ReplyStarted)
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        assert home.lamp_is_on()
        assert not [command for command in home.diary.commands if isinstance(command, CancelTools)]


# Too late


async def test_a_result_that_comes_after_its_session_is_not_given_to_the_next_though_the_id_is_the_same(
    at_home: Homes, synthetic_voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    errands = Errands(stubborn=True)
    first = [calls(c1=("run", {"where": "moon"})), Wait(500), CloseSocket(1011, "Internal error encountered.")]
    second = [calls(c1=("run", {"where": "shop"})), Wait(300), ANSWER]
    async with at_home(Scenario(turns=[first, second]), toolbox=errands.toolbox()) as home:
        home.say(synthetic_voice.wake_and_request)
        await until_true(lambda: bool(errands.stopped))
        await home.until_state(State.IDLE)
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(ToolRequested, times=2)
        await until_true(lambda: len(errands.begun) == 2)
        errands.may_end.set()
        (answer,) = await until_answered(home, 1, session=2)
        assert (answer.id, answer.response["been"]) == ("c1", "shop")
        await home.diary.until_happened(PlayoutDrained)
        assert len(answers(await home.session(2))) == 1
        assert answers(await home.session(1)) == []
        assert "run went on after it was cancelled: its answer is dropped" in caplog.text
