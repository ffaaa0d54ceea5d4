"""Sessions are opened one after another, never too soon and never beside one that still says goodbye."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from daemon.appliance.dialling import FAREWELL_S, Dialling
from daemon.conversation.causes import Cause
from daemon.conversation.events import ReplyStarted, SessionEnding, SessionLost
from daemon.conversation.no_session import KeyMissing
from daemon.live.redial import BUDGET, Redial
from daemon.live.uplink import ActivityStart, Uplink
from daemon.sound.preroll import AudioRing
from tests.daemon.doctor.virtual_time import run_in_virtual_time
from tests.daemon.live.line import attempt

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from daemon.conversation.messages import SessionMessage


class SlowlyLeaving:
    """A session that takes a while to say goodbye. Implements what `Dialling` asks of `Session`."""

    def __init__(self, goodbye_s: float) -> None:
        self.began_s: float | None = None
        self.left = False
        self._goodbye_s = goodbye_s
        self._closed = asyncio.Event()

    async def run(self) -> None:
        self.began_s = asyncio.get_running_loop().time()
        await self._closed.wait()
        await asyncio.sleep(self._goodbye_s)
        self.left = True

    def close(self) -> None:
        self._closed.set()

    def leave(self) -> None:
        self.close()


class Exchange:
    """A telephone exchange: what was made, and what was lost."""

    def __init__(self, group: asyncio.TaskGroup, *, goodbye_s: float = 0.0, error: Exception | None = None) -> None:
        self.made: list[SlowlyLeaving] = []
        self.lost: list[SessionLost] = []
        self._goodbye_s, self.error = goodbye_s, error
        loop = asyncio.get_running_loop()
        self.uplink = Uplink(AudioRing(100))
        self.dialling = Dialling(
            self._make,
            self.uplink,
            on_message=lambda _: None,
            start=group.create_task,
            lost=self.lost.append,
            redial=Redial(loop.time, lambda: 1.0),
            make_at_home=self._make_at_home,
        )

    def _make_at_home(self, _uplink: Uplink, _on_message: Callable[[SessionMessage], None]) -> Any:
        self.made.append(SlowlyLeaving(self._goodbye_s))
        return self.made[-1]

    def _make(self, _uplink: Uplink, _on_message: Callable[[SessionMessage], None]) -> Any:
        if self.error:
            raise self.error
        self.made.append(SlowlyLeaving(self._goodbye_s))
        return self.made[-1]


def exchanged(work: Callable[[Exchange], Awaitable[None]], **given: Any) -> Exchange:
    """What became of an exchange after `work`, in simulated time."""

    async def whole() -> Exchange:
        async with asyncio.TaskGroup() as group:
            exchange = Exchange(group, **given)
            await work(exchange)
            exchange.dialling.close()
        return exchange

    return run_in_virtual_time(whole())


async def opened_again(exchange: Exchange) -> None:
    exchange.dialling.open()
    await asyncio.sleep(1)
    exchange.dialling.close()
    exchange.dialling.open()
    await asyncio.sleep(60)


def test_the_next_session_waits_until_the_one_before_has_said_goodbye() -> None:
    first, second = exchanged(opened_again, goodbye_s=1.5).made
    assert (first.began_s, second.began_s) == (0.0, 2.5)


def test_a_session_that_does_not_leave_holds_up_the_next_one_no_longer_than_a_farewell_may_take() -> None:
    _, second = exchanged(opened_again, goodbye_s=30).made
    assert second.began_s == 1 + FAREWELL_S


@pytest.mark.parametrize(("goodbye_s", "left"), [(1.0, True), (30.0, False)])
def test_a_stop_waits_for_the_goodbye_but_not_for_long(goodbye_s: float, left: bool) -> None:
    seen: list[tuple[float, bool]] = []

    async def stopped(exchange: Exchange) -> None:
        exchange.dialling.open()
        await asyncio.sleep(0)
        exchange.dialling.close()
        await exchange.dialling.farewell()
        seen.append((asyncio.get_running_loop().time(), exchange.made[0].left))

    exchanged(stopped, goodbye_s=goodbye_s)
    assert seen == [(min(goodbye_s, FAREWELL_S), left)]


@pytest.mark.parametrize(
    ("error", "cause", "detail"),
    [
        (KeyMissing("no key", fix="write one"), Cause.KEY_MISSING, "no key"),
        (UnicodeError("what was SAID"), Cause.LOST, "it cannot be made (UnicodeError at test_dialling.py:"),
    ],
)
def test_a_session_that_cannot_be_made_is_lost_with_its_cause_and_without_what_was_said(
    error: Exception, cause: Cause, detail: str
) -> None:
    async def once(exchange: Exchange) -> None:
        exchange.dialling.open()

    exchange = exchanged(once, error=error)
    assert [lost.cause for lost in exchange.lost] == [cause]
    assert exchange.lost[0].detail.startswith(detail)
    assert "SAID" not in exchange.lost[0].detail
    assert exchange.dialling.session is None


async def _fail_in_a_row(exchange: Exchange, between: SessionMessage | None = None) -> None:
    for _ in range(BUDGET + 1):
        exchange.dialling.open()
        if between:
            exchange.dialling.heard(between)
        exchange.dialling.heard(SessionLost(Cause.LOST))
        exchange.dialling.close()


def test_too_many_sessions_in_vain_are_as_a_service_that_has_trouble() -> None:
    exchange = exchanged(_fail_in_a_row)
    assert len(exchange.made) == BUDGET + 1  # the last one was made, and is not run
    assert [lost.cause for lost in exchange.lost] == [Cause.OVERLOADED]


def test_a_service_that_answers_is_not_in_vain() -> None:
    assert exchanged(lambda exchange: _fail_in_a_row(exchange, ReplyStarted(1))).lost == []


@pytest.mark.parametrize(
    ("messages", "began_s"),
    [
        ([], 0.0),
        ([SessionLost(Cause.LOST)], 1.0),
        ([SessionEnding(1.0)], 0.0),
        ([SessionEnding(1.0), SessionEnding(1.0)], 1.0),
        ([SessionLost(Cause.LOST), ReplyStarted(1)], 0.0),
    ],
)
def test_what_sessions_say_decides_how_soon_the_next_one_begins(messages: list[SessionMessage], began_s: float) -> None:
    async def work(exchange: Exchange) -> None:
        for message in messages:
            exchange.dialling.heard(message)
        exchange.dialling.open()
        await asyncio.sleep(60)

    assert [session.began_s for session in exchanged(work).made] == [began_s]


def test_a_session_at_home_waits_for_nobodys_goodbye_and_gets_what_was_said() -> None:
    async def handed_over(exchange: Exchange) -> None:
        exchange.dialling.open()
        await asyncio.sleep(1)
        exchange.uplink.start(1, 0)
        exchange.dialling.leave()
        exchange.dialling.open(at_home=True)
        await asyncio.sleep(0)
        assert attempt(exchange.uplink) == ActivityStart(1)
        exchange.dialling.close()
        exchange.uplink.rewind()
        assert attempt(exchange.uplink) is None

    first, second = exchanged(handed_over, goodbye_s=1.5).made
    assert (first.began_s, second.began_s) == (0.0, 1.0)


def test_how_often_it_is_opened_at_home_and_how_that_goes_is_nothing_to_the_service() -> None:
    async def often(exchange: Exchange) -> None:
        for _ in range(3 * BUDGET):
            exchange.dialling.open(at_home=True)
            assert not exchange.dialling.heard(SessionLost(Cause.HOME))
            assert not exchange.dialling.heard(ReplyStarted(1))
            exchange.dialling.close()
        exchange.dialling.open()
        await asyncio.sleep(0)
        assert exchange.dialling.heard(ReplyStarted(1))

    assert exchanged(often).lost == []
