"""Calls beside each other: each answered once, to whom it belongs, and taken back as far as it came."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.events import Event, ToolFinished, ToolProgressed
from daemon.conversation.tool_call import ToolCall
from daemon.tools import calls
from daemon.tools.calls import REMEMBERED, Calls
from daemon.tools.tool import Answer, Answering, Progress, Tool, Toolbox
from daemon.tools.undo import Undo  # noqa: TC001 - `Tool.of` reads it off the signature

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from daemon.conversation.tool_call import Scheduling

REASON = "the user interrupted"


@dataclass
class Phone:
    """Who called: keeps what it is answered."""

    takes_parts: bool = False
    answers: list[tuple[str, Mapping[str, Any], bool, Scheduling | None]] = field(default_factory=list)

    def answer_tool(
        self, call: ToolCall, response: Mapping[str, Any], *, more: bool = False, scheduling: Scheduling | None = None
    ) -> None:
        self.answers.append((call.id, response, more, scheduling))

    @property
    def ids(self) -> list[str]:
        return [id_ for id_, *_ in self.answers]


@dataclass
class House:
    """Rooms that are painted coat by coat; the test lets each coat dry."""

    coats: list[str] = field(default_factory=list)
    dry: asyncio.Event = field(default_factory=asyncio.Event)
    stubborn: bool = False

    async def paint(self, room: str, undo: Undo, coats: int = 1) -> Answering:
        """Paint a room."""
        for coat in range(1, coats + 1):
            self.coats.append(room)
            undo.add(self.scraper(room))
            if coat < coats:
                yield Progress({"ok": True, "coats": coat})
                await self._wait()
        yield {"ok": True, "coats": coats}

    async def tidy(self, undo: Undo) -> Answer:
        """Paint until told to stop, and finish the coat then."""
        try:
            await self.dry.wait()
        finally:
            await asyncio.sleep(0)
            self.coats.append("last")
            undo.add(self.scraper("last"))
        return {"ok": True}

    async def look(self) -> Answer:
        """Look, as long as it takes."""
        await self._wait()
        return {"ok": True}

    def scraper(self, room: str) -> Any:
        async def scrape() -> None:
            self.coats.remove(room)

        return scrape

    async def _wait(self) -> None:
        try:
            await self.dry.wait()
        except asyncio.CancelledError:
            if not self.stubborn:
                raise
            await self.dry.wait()


@dataclass
class Office:
    """Calls, and what they tell."""

    house: House = field(default_factory=House)
    events: list[Event] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    last: Answer = field(default_factory=dict)
    phone: Phone = field(default_factory=Phone)
    calls: Calls = field(init=False)

    def note(self, call: ToolCall, response: Answer) -> None:
        self.told.append(call.id)
        self.last = response

    async def settled(self) -> None:
        """Let everything happen that can."""
        for _ in range(20):
            await asyncio.sleep(0)

    async def run(self, id_: str, name: str, /, **arguments: Any) -> None:
        self.calls.run(ToolCall(id_, name, arguments), self.phone)
        await self.settled()


@asynccontextmanager
async def open_office(**changes: Any) -> AsyncIterator[Office]:
    office = Office(**changes)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        house = office.house
        toolbox = Toolbox([Tool.of(house.paint, scheduling="interrupt"), Tool.of(house.look), Tool.of(house.tidy)])
        office.calls = Calls(
            toolbox,
            start=group.create_task,
            dispatch=office.events.append,
            on_answer=office.note,
        )
        yield office
        office.calls.cancel_all()
        office.house.dry.set()


async def test_calls_run_beside_each_other_and_each_is_answered_when_it_is_done() -> None:
    async with open_office() as office:
        await office.run("slow", "look")
        await office.run("quick", "paint", room="hall")
        await office.run("unknown", "sing")
        assert office.phone.ids == office.told == ["quick", "unknown"]
        office.house.dry.set()
        await office.settled()
        assert office.phone.ids == ["quick", "unknown", "slow"]
        assert office.events == [ToolFinished("quick"), ToolFinished("unknown", failed=True), ToolFinished("slow")]


async def test_parts_go_to_who_takes_them_each_in_its_manner() -> None:
    async with open_office(phone=Phone(takes_parts=True)) as office:
        office.house.dry.set()
        await office.run("c1", "paint", room="hall", coats=2)
        assert office.phone.answers == [
            ("c1", {"ok": True, "coats": 1}, True, "silent"),
            ("c1", {"ok": True, "coats": 2}, False, "interrupt"),
        ]
        assert office.events == [ToolProgressed("c1"), ToolFinished("c1")]
        assert office.told == ["c1"]


async def test_who_waits_gets_one_answer() -> None:
    async with open_office() as office:
        office.house.dry.set()
        await office.run("c1", "paint", room="hall", coats=2)
        assert office.phone.answers == [("c1", {"ok": True, "coats": 2}, False, "interrupt")]
        assert office.events == [ToolFinished("c1")]


async def test_a_refusal_runs_nothing() -> None:
    async with open_office() as office:
        office.calls.refuse(ToolCall("c1", "paint", {"room": "hall"}), office.phone, "nobody waits")
        assert office.phone.answers == [("c1", {"error": "nobody waits"}, False, None)]
        assert office.house.coats == []


async def test_a_call_without_a_session_is_run_all_the_same() -> None:
    async with open_office() as office:
        office.calls.run(ToolCall("c1", "paint", {"room": "hall"}), None)
        await office.settled()
        assert office.told == ["c1"]
        assert office.house.coats == ["hall"]


async def test_a_call_that_is_stopped_stays_as_far_as_it_came_and_is_not_answered() -> None:
    async with open_office() as office:
        await office.run("c1", "paint", room="hall", coats=3)
        office.calls.cancel(["c1", "unheard of"])
        office.house.dry.set()
        await office.settled()
        assert office.house.coats == ["hall"]
        assert office.phone.answers == office.events == []


async def test_a_call_that_is_taken_back_half_way_is_undone_as_far_as_it_came() -> None:
    async with open_office() as office:
        await office.run("c1", "paint", room="hall", coats=3)
        office.calls.cancel(["c1"], undo=True)
        await office.settled()
        assert office.house.coats == []
        assert office.phone.answers == [], "the service has forgotten the call"


async def test_what_a_call_still_does_while_it_stops_is_undone_too() -> None:
    async with open_office() as office:
        await office.run("c1", "tidy")
        office.calls.cancel(["c1"], undo=True, reason=REASON)
        await office.settled()
        assert office.house.coats == []
        assert office.phone.answers == [("c1", {"error": REASON, "undone": True}, False, None)]


async def test_a_call_that_was_answered_can_be_taken_back_once() -> None:
    async with open_office() as office:
        await office.run("c1", "paint", room="hall")
        office.house.coats.append("hall")  # somebody else's
        for _ in range(2):
            office.calls.cancel(["c1"], undo=True, reason=REASON)
            await office.settled()
        assert office.house.coats == ["hall"]
        assert office.phone.ids == ["c1"], "it was answered already"
        assert office.told == ["c1", "c1"]
        assert office.last == {"cancelled": True, "undone": True}, "who keeps a record of it is told"


async def test_the_last_call_is_taken_back_first() -> None:
    async with open_office() as office:
        undone: list[str] = []
        office.house.scraper = lambda room: _noting(undone, room)  # type: ignore[method-assign]
        for number in ("one", "two", "three"):
            await office.run(number, "paint", room=number)
        office.calls.cancel(["two", "one", "three"], undo=True)
        await office.settled()
        assert undone == ["three", "two", "one"]


def _noting(undone: list[str], room: str) -> Any:
    async def scrape() -> None:
        undone.append(room)

    return scrape


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("paint", {"room": "hall", "coats": 2}, {"error": REASON, "undone": True}),
        ("look", {}, {"error": REASON}),
    ],
)
async def test_a_service_that_waits_is_told_what_became_of_it(
    name: str, arguments: dict[str, Any], answer: Answer
) -> None:
    async with open_office() as office:
        await office.run("c1", name, **arguments)
        office.calls.cancel(["c1"], undo=True, reason=REASON)
        await office.settled()
        assert office.phone.answers == [("c1", answer, False, None)]
        assert office.house.coats == []


async def test_what_cannot_be_undone_is_said() -> None:
    async with open_office() as office:
        await office.run("c1", "paint", room="hall", coats=2)
        office.house.coats.clear()
        office.calls.cancel(["c1"], undo=True, reason=REASON)
        await office.settled()
        assert office.phone.answers == [("c1", {"error": REASON, "undone": False}, False, None)]


async def test_of_a_session_that_is_gone_nothing_is_taken_back() -> None:
    async with open_office() as office:
        await office.run("c1", "paint", room="hall")
        office.calls.forget()
        office.calls.cancel(["c1"], undo=True)
        await office.settled()
        assert office.house.coats == ["hall"]


async def test_what_was_done_long_ago_stays() -> None:
    async with open_office() as office:
        for number in range(REMEMBERED + 1):
            await office.run(str(number), "paint", room=str(number))
        office.calls.cancel([str(number) for number in range(REMEMBERED + 1)], undo=True)
        await office.settled()
        assert office.house.coats == ["0"]


async def test_calls_of_one_id_are_answered_and_taken_back_together() -> None:
    async with open_office() as office:
        await office.run("", "paint", room="hall")
        await office.run("", "paint", room="attic")
        assert office.phone.ids == ["", ""]
        office.calls.cancel([""], undo=True)
        await office.settled()
        assert office.house.coats == []


async def test_a_tool_that_will_not_stop_is_undone_when_it_has_and_its_answer_dropped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(calls, "STOP_S", 0.01)
    async with open_office(house=House(stubborn=True)) as office:
        await office.run("c1", "paint", room="hall", coats=2)
        office.calls.cancel(["c1"], undo=True, reason=REASON)
        async with asyncio.timeout(60):
            while not office.phone.answers:  # noqa: ASYNC110 - the deadline of the stop, in real time
                await asyncio.sleep(0.001)
        assert office.house.coats == []
        office.house.dry.set()
        await office.settled()
        assert office.house.coats == []
        assert len(office.phone.answers) == 1
        assert office.events == []
        assert "went on after it was cancelled" in caplog.text


async def test_what_the_model_makes_up_is_not_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with open_office() as office:
        await office.run("c1", "SAID", room="SAID")
        await office.run("c2", "paint", SAID="SAID")
        await office.run("c3", "paint", room="hall")
    assert "an unknown function: refused" in caplog.text
    assert "paint: refused" in caplog.text
    assert "paint: ok" in caplog.text
    assert "SAID" not in caplog.text


async def test_a_call_that_is_not_run_or_stopped_is_told_and_one_that_was_answered_is_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG", "daemon.tools.calls")
    async with open_office() as office:
        office.calls.refuse(ToolCall("c1", "paint"), office.phone, "nobody waits")
        assert caplog.messages[0] == "paint is not run: nobody waits"
        await office.run("c2", "paint", room="hall", coats=2)
        office.calls.cancel(["c2"])
        assert caplog.messages[-1] == "paint is stopped before its answer"
        caplog.clear()
        await office.run("c3", "paint", room="hall")
        office.calls.cancel(["c3"])
    assert caplog.messages == ["paint: ok"]
