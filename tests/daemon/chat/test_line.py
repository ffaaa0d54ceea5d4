"""A line over as many sessions as it takes, with the real session and the offline server."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.brain.brain import Spoken
from daemon.chat.line import connected, ring_of, run_after
from daemon.conversation.causes import Cause
from daemon.conversation.events import SessionLost, SessionOpened
from daemon.conversation.messages import HandleIssued, SessionMessage, Transcribed
from daemon.conversation.witness import Witness
from daemon.live.redial import CEILING, Redial
from daemon.live.session import preload
from daemon.live.settings import ToolCallSettings
from daemon.offline.rehearsal.scenario import Call, Say
from daemon.offline.service.faults import (
    AbortSocket,
    CancelledCall,
    CloseSocket,
    ConnectionFaults,
    GoAway,
    Loss,
    SendRaw,
    Stall,
    Wait,
)
from daemon.offline.wire.client_messages import FunctionAnswer
from daemon.speech.meanings import SessionFailed
from daemon.tools.tool import Answer, Answering, Progress, Tool, Toolbox
from daemon.tools.undo import Undo  # noqa: TC001  read off the signature
from tests.daemon.chat.chatting import ANSWER, QUESTION, asked_in, failure_of
from tests.daemon.live.telling import options_with

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from daemon.conversation.tool_call import ToolCall
    from tests.daemon.chat.chatting import Serve

REFUSAL = {"error": "there are no tools here"}
END: dict[str, Any] = {"serverContent": {"generationComplete": True, "turnComplete": True}}
CALL: dict[str, Any] = {"toolCall": {"functionCalls": [{"id": "call-1", "name": "set_device", "args": {}}]}}


@dataclass
class Diary(Witness):
    messages: list[SessionMessage] = field(default_factory=list)
    answers: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def received(self, message: SessionMessage) -> None:
        self.messages.append(message)
        self._news.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._news.clear()
            await self._news.wait()

    def answered(self, call: ToolCall, response: Mapping[str, Any]) -> None:
        self.answers.append((call.name, response))

    def count(self, kind: type[SessionMessage]) -> int:
        return sum(isinstance(message, kind) for message in self.messages)


# Tools


async def test_a_tool_call_is_answered_with_an_error_and_the_reply_awaited(serve: Serve) -> None:
    turn = [Call("set_device", expect=REFUSAL), Spoken("I cannot.", ANSWER)]
    async with serve(turn) as (_, options), connected(lambda: options) as line:
        exchange = await line.ask_in_writing("Lamp on.")
    assert exchange.said == "I cannot."
    assert np.array_equal(exchange.reply, ANSWER)


async def test_the_end_of_the_generation_that_called_is_not_the_end_of_the_reply(serve: Serve) -> None:
    async with serve([SendRaw(CALL), SendRaw(END), Say("I cannot.", tone_s=0.1)]) as (server, options):
        async with connected(lambda: options) as line:
            exchange = await line.ask_in_writing("Lamp on.")
        answers = (await server.session()).messages(FunctionAnswer)
    assert exchange.said == "I cannot."
    assert [answer.response for answer in answers if isinstance(answer, FunctionAnswer)] == [REFUSAL]


async def test_the_household_hears_what_is_typed_and_when_a_turn_begins_aloud(serve: Serve) -> None:
    diary, household = Diary(), Diary()
    async with serve([Say("Yes.", tone_s=0.1)], [Say("No.", tone_s=0.1)]) as (_, options):
        asked = connected(lambda: options, ring_of(QUESTION), witnesses=[diary], household=[household])
        async with asked as line:
            await line.ask_in_writing("Open the door.")
            await line.ask_aloud(len(QUESTION))
    typed = [Transcribed(1, "user", "Open the door."), Transcribed(2, "user", "")]
    assert [one for one in household.messages if one in typed] == typed
    assert [one for one in diary.messages if one in typed] == []
    assert household.count(SessionOpened) == 1


async def test_tools_that_are_offered_are_used_and_told_of(serve: Serve) -> None:
    async def ring() -> Answer:
        """Ring the bell."""
        return {"ok": True, "rang": 1}

    diary = Diary()
    toolbox = Toolbox([Tool.of(ring)])
    async with (
        serve([Call("ring", expect={"rang": 1}), Say("Done.", tone_s=0.1)]) as (_, options),
        connected(lambda: options, toolbox=toolbox, witnesses=[diary]) as line,
    ):
        exchange = await line.ask_in_writing("Ring.")
    assert exchange.said == "Done."
    assert [(call.name, answer) for call, answer in exchange.calls] == [("ring", {"ok": True, "rang": 1})]
    assert diary.answers == [("ring", {"ok": True, "rang": 1})]


class Lamp:
    """Switches at once, and can be switched back; `slow` are calls that go on until they are stopped."""

    def __init__(self) -> None:
        self.on = False
        self.slow = False
        self.started = asyncio.Event()
        self.undone = asyncio.Event()

    async def switch(self, undo: Undo) -> Answer:
        """Switch the lamp on."""
        self.on = True
        undo.add(self._off)
        self.started.set()
        if self.slow:
            await asyncio.Event().wait()
        return {"ok": True}

    async def _off(self) -> None:
        self.on = False
        self.undone.set()


async def test_what_the_service_cancels_is_undone_as_the_appliance_does(serve: Serve) -> None:
    lamp, diary = Lamp(), Diary()
    plot = [CancelledCall("switch", {}, after_ms=300), Wait(300), Say("Never mind.", tone_s=0.1)]
    async with (
        serve(plot) as (_, options),
        connected(lambda: options, toolbox=Toolbox([Tool.of(lamp.switch)]), witnesses=[diary]) as line,
    ):
        exchange = await line.ask_in_writing("Lamp on.")
        await lamp.undone.wait()
    assert not lamp.on
    assert exchange.said == "Never mind."
    assert diary.answers == [("switch", {"ok": True}), ("switch", {"cancelled": True, "undone": True})]


async def test_what_somebody_interrupts_is_stopped_taken_back_and_answered(serve: Serve) -> None:
    lamp, diary = Lamp(), Diary()
    lamp.slow = True
    async with (
        serve([Call("switch"), Say("It is on.", tone_s=0.1)]) as (_, options),
        connected(lambda: options, toolbox=Toolbox([Tool.of(lamp.switch)]), witnesses=[diary]) as line,
    ):
        asking = asyncio.ensure_future(line.ask_in_writing("Lamp on."))
        await lamp.started.wait()
        line.stop_calls()
        await lamp.undone.wait()
        await asking
    assert not lamp.on
    assert diary.answers == [("switch", {"error": "the user interrupted: it was stopped", "undone": True})]


async def test_the_end_of_the_line_stops_a_call_and_undoes_nothing(serve: Serve) -> None:
    lamp = Lamp()
    lamp.slow = True
    async with (
        serve([Call("switch")]) as (_, options),
        connected(lambda: options, toolbox=Toolbox([Tool.of(lamp.switch)])) as line,
    ):
        line.exchange.turn = 1
        asking = asyncio.ensure_future(line.ask_in_writing("Lamp on."))
        await lamp.started.wait()
        asking.cancel()
    assert lamp.on


async def test_a_model_that_does_not_wait_gets_an_answer_in_parts(serve: Serve) -> None:
    async def water() -> Answering:
        """Water the beds."""
        yield Progress({"watered": 1})
        yield {"ok": True, "watered": 2}

    async with serve([Call("water"), Say("Done.", tone_s=0.1)]) as (server, options):
        patient = options_with(options, calls=ToolCallSettings(waiting="non_blocking"))
        async with connected(lambda: patient, toolbox=Toolbox([Tool.of(water)])) as line:
            await line.ask_in_writing("Water.")
        answers = [m for m in (await server.session()).messages(FunctionAnswer) if isinstance(m, FunctionAnswer)]
    assert [answer.response for answer in answers] == [{"watered": 1}, {"ok": True, "watered": 2}]


# Sessions


async def test_a_model_that_does_not_answer_is_waited_for_until_the_deadline(serve: Serve) -> None:
    await preload()
    async with serve([Stall()]) as (_, options):
        with pytest.raises(ExceptionGroup) as raised:
            async with connected(lambda: options, deadline_s=1.0) as line:
                await line.ask_in_writing("Hello?")
    assert str(failure_of(raised)) == str(SessionFailed(SessionLost(Cause.NO_REPLY)))


async def test_a_turn_that_nothing_came_of_is_asked_again_on_a_new_session(serve: Serve) -> None:
    diary = Diary()
    async with serve([AbortSocket()], [Say("Here I am.", tone_s=0.1)]) as (server, options):
        async with connected(lambda: options, witnesses=[diary]) as line:
            exchange = await line.ask_in_writing("Are you there?")
        sessions = [await server.session(number) for number in (1, 2)]
    assert exchange.said == "Here I am."
    assert [asked_in(session) for session in sessions] == [["Are you there?"]] * 2
    assert diary.count(SessionOpened) == 2


async def test_a_spoken_turn_is_sent_again_sample_for_sample(serve: Serve) -> None:
    faults = [ConnectionFaults(lose=Loss("activity", after_audio_bytes=8_000))]
    async with serve([Say("I heard you.", tone_s=0.1)], connections=faults) as (server, options):
        async with connected(lambda: options, ring_of(QUESTION)) as line:
            exchange = await line.ask_aloud(len(QUESTION))
        (window,) = (await server.session(2)).windows
    assert exchange.said == "I heard you."
    assert np.array_equal(window.samples, QUESTION)


async def test_a_reply_that_has_begun_is_not_begun_again(serve: Serve) -> None:
    async with serve([Say("Once upon", tone_s=0.2), CloseSocket(1011, "Internal error encountered.")]) as (_, options):
        with pytest.raises(ExceptionGroup) as raised:
            async with connected(lambda: options) as line:
                await line.ask_in_writing("A story!")
    assert "overloaded" in str(failure_of(raised))


async def test_it_gives_up_after_three_more_sessions(serve: Serve) -> None:
    async with serve(*[[AbortSocket()]] * 9) as (server, options):
        with pytest.raises(ExceptionGroup) as raised:
            async with connected(lambda: options, redial=Redial(time.monotonic, lambda: 0.0)) as line:
                await line.ask_in_writing("Hello?")
        assert len(server.sessions) == 4
    assert failure_of(raised).cause is Cause.LOST


async def test_a_go_away_moves_the_conversation_over_between_turns(serve: Serve) -> None:
    """The second session takes the conversation up, the first is closed before, and nobody hears of it."""
    diary = Diary()
    handles: list[str] = []

    async with serve([Say("One.", tone_s=0.1), GoAway(30)], [Say("Two.", tone_s=0.1)]) as (server, options):
        make = lambda: replace(options, handle=handles[-1] if handles else "")  # noqa: E731
        async with connected(make, witnesses=[diary]) as line:
            one = await line.ask_in_writing("One?")
            await line.remembered(5.0)
            handles += [message.handle for message in diary.messages if isinstance(message, HandleIssued)]
            two = await line.ask_in_writing("Two?")
            first, second = await server.session(1), await server.session(2)
            assert not first.open
        assert second.setup is not None
        assert second.setup.handle == handles[-1] != ""
    assert (one.said, two.said) == ("One.", "Two.")
    assert diary.count(SessionLost) == 0


async def test_a_service_that_ends_one_session_after_the_other_is_given_up(serve: Serve) -> None:
    redial = Redial(lambda: 0.0, lambda: 0.0)
    for _ in range(CEILING - 1):  # the clock stands still
        redial.wait_s()
    async with serve([Say("One.", tone_s=0.05), GoAway(30)], [Say("Two.", tone_s=0.05)]) as (server, options):
        async with connected(lambda: options, redial=redial) as line:
            await line.ask_in_writing("One?")
            await line.remembered(5.0)
            with pytest.raises(SessionFailed, match="too many sessions") as raised:
                await line.ask_in_writing("Two?")
        assert raised.value.cause is Cause.OVERLOADED
        assert len(server.sessions) == 1


async def test_a_session_runs_only_when_the_one_before_is_gone() -> None:
    happened: list[str] = []
    gone = asyncio.Event()

    class Session:
        async def run(self) -> None:
            happened.append("runs")

    async def before() -> None:
        await gone.wait()
        happened.append("gone")

    async with asyncio.TaskGroup() as group:
        group.create_task(run_after(group.create_task(before()), Session(), 0.0))
        for _ in range(5):
            await asyncio.sleep(0)
        gone.set()
    assert happened == ["gone", "runs"]


async def test_a_session_lost_between_turns_is_replaced_when_it_is_needed(serve: Serve) -> None:
    diary = Diary()
    async with (
        serve([Say("One.", tone_s=0.1)], [Say("Two.", tone_s=0.1)]) as (server, options),
        connected(lambda: options, witnesses=[diary]) as line,
    ):
        await line.ask_in_writing("One?")
        await server.go_away(0.0)
        await diary.until(lambda: diary.count(SessionLost) == 1)
        assert len(server.sessions) == 1, "nobody pays for a line that nobody uses"
        assert (await line.ask_in_writing("Two?")).said == "Two."


async def test_to_hang_up_in_mid_reply_ends_the_session_and_the_next_turn_opens_another(serve: Serve) -> None:
    diary = Diary()
    async with (
        serve([Say("Once upon", tone_s=0.1), Stall()], [Say("Two.", tone_s=0.1)]) as (server, options),
        connected(lambda: options, witnesses=[diary]) as line,
        asyncio.TaskGroup() as group,
    ):
        story = group.create_task(line.ask_in_writing("A story!"))
        await diary.until(lambda: line.exchange.said != "")
        story.cancel()
        line.hang_up()
        assert (await line.ask_in_writing("Two?")).said == "Two."
        first = await server.session(1)
        assert not first.open


async def test_the_count_and_the_handle_of_a_turn_are_waited_for_and_not_for_ever(serve: Serve) -> None:
    async with serve([Say("One.", tone_s=0.1)]) as (_, options), connected(lambda: options) as line:
        exchange = await line.ask_in_writing("One?")
        await line.usage(5.0)
        assert exchange.usage
        await line.remembered(5.0)
    async with serve([Stall()]) as (_, options), connected(lambda: options) as line:
        await line.usage(0.01)
        await line.remembered(0.01)
