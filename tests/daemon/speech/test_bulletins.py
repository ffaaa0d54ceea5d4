"""Messages that wait: each is heard once, in its order, or not at all, and never begun again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.conversation.commands import Earcon
from daemon.conversation.events import Event, MessageTold, MessageWaiting
from daemon.conversation.situation import Situation
from daemon.errors import ModelFileError
from daemon.sound.pcm import REPLY_RATE_HZ, Samples
from daemon.speech.bulletins import LONGEST_WAIT_S, MOST, REMEMBERED, Bulletins, Fate
from daemon.speech.earcons import earcon
from daemon.speech.message_text import MessageRefused

if TYPE_CHECKING:
    from collections.abc import Coroutine

CHIME = earcon(Earcon.MESSAGE, REPLY_RATE_HZ)


class Kitchen:
    """Bulletins with a clock, a quiet and a voice that are set by hand. The voice says a number: what was posted."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.is_quiet = False
        self.fault: Exception | None = None
        self.at_once = 0
        self.most_at_once = 0
        self.events: list[Event] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.bulletins = Bulletins(self.speak, lambda: self.is_quiet, lambda: self.now_s, start=self.start)
        self.bulletins.reports_to(self.events.append)

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        self._tasks.append(asyncio.ensure_future(work))
        return self._tasks[-1]

    async def speak(self, text: str) -> Samples:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if self.fault:
            raise self.fault
        return np.full(3, int(text), np.int16)

    async def spoken(self) -> None:
        """Once all that was posted is."""
        await asyncio.gather(*self._tasks)
        self._tasks.clear()

    async def posts(self, *numbers: int, **how: Any) -> list[int]:
        given = [self.bulletins.post(str(number), **how) for number in numbers]
        await self.spoken()
        return given

    def hears(self) -> int | None:
        """What is read out next."""
        if (sound := self.bulletins.next()) is None:
            return None
        assert np.array_equal(sound[: len(CHIME)], CHIME)
        return int(sound[len(CHIME) :].max())

    async def ends(self) -> None:
        """What is read out is heard to its end."""
        self.bulletins.happened(MessageTold(), (), Situation())
        await asyncio.sleep(0)

    def fates(self, numbers: list[int]) -> list[Fate]:
        return [self.bulletins.fate(number) for number in numbers]


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


async def test_a_message_is_reported_once_it_is_spoken_and_heard_after_its_chime(kitchen: Kitchen) -> None:
    number = kitchen.bulletins.post("7")
    assert kitchen.events == []
    assert kitchen.hears() is None
    await kitchen.spoken()
    assert kitchen.events == [MessageWaiting()]
    sound = kitchen.bulletins.next()
    assert sound is not None
    assert sound[-1] == 0, "a voice without silence at its end would click"
    assert kitchen.bulletins.fate(number) is Fate.TELLING
    await kitchen.ends()
    assert kitchen.bulletins.fate(number) is Fate.TOLD
    assert kitchen.hears() is None
    assert kitchen.events == [MessageWaiting()]


async def test_they_are_heard_in_their_order_each_once_and_reported_once(kitchen: Kitchen) -> None:
    await kitchen.posts(1, 2, 3)
    reported = [MessageWaiting()] * 3
    assert kitchen.events == reported
    for number in (1, 2, 3):
        assert kitchen.hears() == number
        await kitchen.ends()
    assert kitchen.events == reported, "who was told remembers it"
    assert kitchen.most_at_once == 1, "a synthesiser takes a processor for itself"


async def test_what_is_posted_while_another_is_spoken_is_spoken_too(kitchen: Kitchen) -> None:
    kitchen.bulletins.post("1")
    await asyncio.sleep(0)
    await kitchen.posts(2)
    assert [kitchen.hears(), kitchen.hears()] == [1, 2]


async def test_one_that_is_cut_short_is_not_begun_again_and_the_next_is_there(kitchen: Kitchen) -> None:
    numbers = await kitchen.posts(1, 2)
    assert kitchen.hears() == 1
    kitchen.bulletins.flushed(0)
    assert kitchen.fates(numbers) == [Fate.TOLD, Fate.WAITING]
    assert kitchen.hears() == 2
    assert kitchen.hears() is None
    assert kitchen.fates(numbers) == [Fate.TOLD, Fate.TOLD]


async def test_a_reply_that_is_cut_short_is_no_message(kitchen: Kitchen) -> None:
    numbers = await kitchen.posts(1)
    kitchen.bulletins.flushed(0)
    await kitchen.ends()
    assert kitchen.fates(numbers) == [Fate.WAITING]
    assert kitchen.events == [MessageWaiting()]


async def test_it_expires_at_its_time_and_not_before(kitchen: Kitchen, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    short, long = (await kitchen.posts(1, expires_s=60))[0], (await kitchen.posts(2))[0]
    kitchen.now_s = 59.9
    assert kitchen.bulletins.waiting == 2
    kitchen.now_s = 60.0
    assert kitchen.fates([short, long]) == [Fate.EXPIRED, Fate.WAITING]
    assert kitchen.hears() == 2
    assert "message 1 has expired unheard" in caplog.messages
    await kitchen.posts(3)
    kitchen.now_s += 3_600
    assert kitchen.hears() is None
    assert kitchen.bulletins.waiting == 0


async def test_what_expires_before_it_is_spoken_is_not_reported(kitchen: Kitchen) -> None:
    kitchen.bulletins.post("1", expires_s=1)
    kitchen.now_s = 2
    await kitchen.spoken()
    assert kitchen.events == []


async def test_quiet_holds_what_may_be_held_and_nothing_else(
    kitchen: Kitchen, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "daemon.speech.bulletins")
    kitchen.is_quiet = True
    await kitchen.posts(1)
    assert kitchen.events == []
    await kitchen.posts(2, held=False)
    assert caplog.messages == ["message 1 is held: it is quiet"]
    assert kitchen.events == [MessageWaiting()]
    assert [kitchen.hears(), kitchen.hears()] == [2, None]
    kitchen.bulletins.quiet_changed()
    await kitchen.ends()
    assert kitchen.events == [MessageWaiting()], "it is quiet still"
    kitchen.is_quiet = False
    kitchen.bulletins.quiet_changed()
    assert kitchen.events == [MessageWaiting()] * 2
    assert kitchen.hears() == 1


async def test_of_too_many_the_oldest_goes_and_the_journal_has_its_number_alone(
    kitchen: Kitchen, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    numbers = await kitchen.posts(*range(7_000, 7_000 + MOST + 2))
    assert kitchen.bulletins.waiting == MOST
    assert kitchen.fates(numbers[:3]) == [Fate.DROPPED, Fate.DROPPED, Fate.WAITING]
    assert [message for message in caplog.messages if "dropped" in message] == [
        "message 1 is dropped unheard: 20 wait already",
        "message 2 is dropped unheard: 20 wait already",
    ]
    assert "700" not in caplog.text
    assert kitchen.hears() == 7_002


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (ModelFileError("cannot run espeak-ng", fix="sudo apt install espeak-ng"), "sudo apt install espeak-ng"),
        (ValueError("secret words"), "ValueError at test_bulletins.py"),
    ],
)
async def test_without_a_voice_the_chime_stands_alone(
    kitchen: Kitchen, fault: Exception, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    kitchen.fault = fault
    await kitchen.posts(1)
    assert np.array_equal(kitchen.bulletins.next(), CHIME)  # type: ignore[arg-type]
    assert "message 1 is a chime alone" in caplog.text
    assert told in caplog.text
    assert "secret words" not in caplog.text
    kitchen.fault = None
    await kitchen.posts(2)
    assert kitchen.hears() == 2


@pytest.mark.parametrize("expires_s", [0.0, -1.0, LONGEST_WAIT_S + 1, float("inf"), float("nan")])
async def test_a_time_that_is_none_is_refused(kitchen: Kitchen, expires_s: float) -> None:
    with pytest.raises(MessageRefused, match="at most 86400 seconds"):
        kitchen.bulletins.post("1", expires_s=expires_s)
    assert kitchen.bulletins.waiting == 0


async def test_a_hundred_thousand_characters_are_refused_and_nothing_is_lost(kitchen: Kitchen) -> None:
    await kitchen.posts(1)
    with pytest.raises(MessageRefused, match="100000 characters"):
        kitchen.bulletins.post("x" * 100_000)
    assert kitchen.hears() == 1


async def test_what_became_of_them_is_remembered_for_a_while(kitchen: Kitchen) -> None:
    numbers = [(await kitchen.posts(number))[0] for number in range(REMEMBERED + 1)]
    assert kitchen.fates(numbers[:2]) == [Fate.FORGOTTEN, Fate.DROPPED]
    assert kitchen.bulletins.fate(10**9) is Fate.FORGOTTEN


async def test_after_an_end_in_the_midst_of_it_the_next_is_spoken(kitchen: Kitchen) -> None:
    kitchen.bulletins.post("1")
    await asyncio.sleep(0)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await kitchen.spoken()
    kitchen._tasks.clear()
    await kitchen.posts(2)
    assert [kitchen.hears(), kitchen.hears()] == [1, 2]


async def test_who_posted_it_hears_once_of_its_end(kitchen: Kitchen) -> None:
    ended: list[str] = []
    await kitchen.posts(1, ended=lambda: ended.append("told"))
    await kitchen.posts(2, expires_s=60, ended=lambda: ended.append("expired"))
    assert kitchen.hears() == 1
    assert ended == [], "it is being told"
    await kitchen.ends()
    kitchen.now_s = 61
    assert kitchen.bulletins.waiting == 0
    assert ended == ["told", "expired"]
