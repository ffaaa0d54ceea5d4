"""Promises 1 and 2 at the place where they are kept: nothing outside a window goes up, and nothing inside is lost."""

import asyncio
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.live.uplink import (
    PIECE_SAMPLES,
    WINDOW_LIMIT,
    ActivityEnd,
    ActivityStart,
    AudioGone,
    Outgoing,
    Uplink,
)
from daemon.sound.pcm import Samples
from daemon.sound.preroll import AudioRing
from tests.daemon.live.line import attempt


def sound(start: int, end: int) -> Samples:
    """Samples that tell their position, modulo 2**16."""
    return np.arange(start, end).astype(np.int16)


class Desk:
    """A ring, an uplink over it, and a session that takes what it can get."""

    def __init__(self, capacity_samples: int = 100_000) -> None:
        self.ring = AudioRing(capacity_samples)
        self.may_send = True
        self.uplink = Uplink(self.ring, lambda: self.may_send)
        self.sent: list[Outgoing] = []

    def capture(self, samples: int) -> None:
        self.ring.append(sound(self.ring.end, self.ring.end + samples))
        self.uplink.captured()

    def pull(self, most: int = 1_000_000) -> list[Outgoing]:
        """At most `most` messages, without waiting; also kept in `sent`."""
        got: list[Outgoing] = []
        while len(got) < most and (message := attempt(self.uplink)) is not None:
            got.append(message)
        self.sent += got
        return got

    def open(self) -> None:
        """A new session: what the last one got does not count."""
        self.uplink.rewind()
        self.sent = []


def audio(messages: list[Outgoing]) -> bytes:
    return b"".join(m for m in messages if isinstance(m, bytes))


def marks(messages: list[Outgoing]) -> list[Outgoing]:
    return [m for m in messages if not isinstance(m, bytes)]


@pytest.fixture
async def desk() -> Desk:
    return Desk()


class TestWindow:
    async def test_is_sent_with_the_pre_roll_and_not_a_sample_more(self, desk: Desk) -> None:
        desk.capture(5_000)
        desk.uplink.start(1, 1_234)
        desk.capture(5_000)
        desk.uplink.end(1, 9_001)
        sent = desk.pull()
        assert sent[0] == ActivityStart(1)
        assert sent[-1] == ActivityEnd(1)
        assert len(marks(sent)) == 2
        assert audio(sent) == sound(1_234, 9_001).tobytes()

    async def test_streams_while_the_user_speaks(self, desk: Desk) -> None:
        desk.uplink.start(1, 0)
        desk.pull()
        desk.capture(PIECE_SAMPLES)
        assert desk.pull() == [sound(0, PIECE_SAMPLES).tobytes()]

    async def test_waits_for_a_whole_piece_unless_it_is_the_last(self, desk: Desk) -> None:
        desk.uplink.start(1, 0)
        desk.pull()
        desk.capture(PIECE_SAMPLES - 1)
        assert desk.pull() == []
        desk.uplink.end(1, PIECE_SAMPLES - 1)
        assert desk.pull() == [sound(0, PIECE_SAMPLES - 1).tobytes(), ActivityEnd(1)]

    async def test_backlog_goes_in_whole_pieces(self, desk: Desk) -> None:
        desk.capture(PIECE_SAMPLES * 3 + 1)
        desk.uplink.start(1, 0)
        lengths = [len(m) // 2 for m in desk.pull() if isinstance(m, bytes)]
        assert lengths == [PIECE_SAMPLES] * 3

    async def test_that_ends_in_the_future_waits_for_it(self, desk: Desk) -> None:
        desk.capture(1_000)
        desk.uplink.start(1, 0)
        desk.uplink.end(1, 1_500)
        assert ActivityEnd(1) not in desk.pull()
        desk.capture(499)
        assert ActivityEnd(1) not in desk.pull()
        desk.capture(300)
        desk.pull()
        assert desk.sent[-1] == ActivityEnd(1)
        assert audio(desk.sent) == sound(0, 1_500).tobytes()

    async def test_that_ends_in_what_was_sent_ends_at_once(self, desk: Desk) -> None:
        desk.uplink.start(1, 0)
        desk.capture(6_400)
        desk.pull()
        desk.uplink.end(1, 3_200)
        assert desk.pull() == [ActivityEnd(1)]

    async def test_may_be_empty(self, desk: Desk) -> None:
        desk.capture(1_000)
        desk.uplink.start(1, 1_000)
        desk.uplink.end(1, 1_000)
        assert desk.pull() == [ActivityStart(1), ActivityEnd(1)]

    async def test_ends_once(self, desk: Desk) -> None:
        desk.capture(1_000)
        desk.uplink.start(1, 0)
        desk.uplink.end(1, 500)
        desk.uplink.end(1, 900)
        desk.uplink.end(7, 900)
        desk.pull()
        assert audio(desk.sent) == sound(0, 500).tobytes()
        assert marks(desk.sent) == [ActivityStart(1), ActivityEnd(1)]

    async def test_nothing_goes_up_without_one(self, desk: Desk) -> None:
        desk.capture(10_000)
        assert desk.pull() == []


class TestSeveralWindows:
    async def test_go_in_order_even_if_none_was_open_yet(self, desk: Desk) -> None:
        desk.capture(2_000)
        desk.uplink.start(1, 0)
        desk.uplink.end(1, 800)
        desk.uplink.start(2, 1_000)
        desk.uplink.end(2, 2_000)
        sent = desk.pull()
        assert marks(sent) == [ActivityStart(1), ActivityEnd(1), ActivityStart(2), ActivityEnd(2)]
        assert audio(sent) == sound(0, 800).tobytes() + sound(1_000, 2_000).tobytes()

    async def test_beyond_the_limit_the_oldest_goes(self, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
        for turn in range(1, WINDOW_LIMIT + 2):
            desk.uplink.start(turn, 0)
            desk.uplink.end(turn, 0)
        assert desk.pull()[0] == ActivityStart(2)
        assert "turn 1 is given up" in caplog.text

    async def test_that_was_never_ended_is_over_when_the_next_begins(self, desk: Desk) -> None:
        desk.capture(1_000)
        desk.uplink.start(1, 0)
        desk.pull(2)
        desk.uplink.start(2, 900)
        desk.uplink.end(2, 1_000)
        sent = desk.pull()
        assert marks(sent) == [ActivityEnd(1), ActivityStart(2), ActivityEnd(2)]
        assert audio(sent) == sound(900, 1_000).tobytes()


class TestAbandon:
    async def test_nothing_more_is_handed_out(self, desk: Desk) -> None:
        desk.capture(10_000)
        desk.uplink.start(1, 0)
        desk.pull(3)
        desk.uplink.abandon()
        desk.capture(10_000)
        desk.uplink.end(1, 15_000)
        assert desk.pull() == []

    async def test_nor_to_the_next_session(self, desk: Desk) -> None:
        desk.capture(1_000)
        desk.uplink.start(1, 0)
        desk.uplink.end(1, 1_000)
        desk.uplink.abandon()
        desk.open()
        assert desk.pull() == []

    async def test_the_service_learns_of_it_before_the_next_window(self, desk: Desk) -> None:
        desk.uplink.start(1, 0)
        desk.pull()
        desk.uplink.abandon()
        desk.uplink.start(2, 0)
        assert desk.pull() == [ActivityEnd(1), ActivityStart(2)]

    async def test_a_new_session_has_nothing_to_learn(self, desk: Desk) -> None:
        desk.uplink.start(1, 0)
        desk.pull()
        desk.uplink.abandon()
        desk.open()
        desk.uplink.start(2, 0)
        assert desk.pull() == [ActivityStart(2)]


class TestReplay:
    async def test_unanswered_window_is_sent_again_whole(self, desk: Desk) -> None:
        desk.capture(5_000)
        desk.uplink.start(1, 500)
        desk.uplink.end(1, 4_500)
        first = desk.pull()
        desk.open()
        assert desk.pull() == first

    async def test_half_sent_window_begins_again(self, desk: Desk) -> None:
        desk.capture(5_000)
        desk.uplink.start(1, 0)
        desk.pull(3)
        desk.open()
        desk.uplink.end(1, 5_000)
        desk.pull()
        assert marks(desk.sent) == [ActivityStart(1), ActivityEnd(1)]
        assert audio(desk.sent) == sound(0, 5_000).tobytes()

    async def test_answered_window_is_not(self, desk: Desk) -> None:
        desk.capture(1_000)
        for turn in (1, 2):
            desk.uplink.start(turn, 0)
            desk.uplink.end(turn, 1_000)
        desk.pull()
        desk.uplink.answered(1)
        desk.open()
        assert marks(desk.pull()) == [ActivityStart(2), ActivityEnd(2)]

    async def test_answer_does_not_end_what_is_still_being_said(self, desk: Desk) -> None:
        desk.uplink.start(2, 0)
        desk.pull()
        desk.uplink.answered(2)
        desk.uplink.end(2, 0)
        assert desk.pull() == [ActivityEnd(2)]


class TestOverwritten:
    async def test_gap_is_an_error_not_a_gap(self) -> None:
        desk = Desk(capacity_samples=1_000)
        desk.capture(1_000)
        desk.uplink.start(1, 0)
        desk.capture(10)
        assert desk.pull(1) == [ActivityStart(1)]
        with pytest.raises(AudioGone, match="10 samples of turn 1"):
            attempt(desk.uplink)

    async def test_next_session_is_not_told_again(self) -> None:
        desk = Desk(capacity_samples=1_000)
        desk.uplink.start(1, 0)
        desk.capture(2_000)
        with pytest.raises(AudioGone):
            desk.pull()
        desk.open()
        assert desk.pull() == []


class TestWaiting:
    async def test_wakes_for_a_start_and_for_captured_audio(self, desk: Desk) -> None:
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            waiting = group.create_task(desk.uplink.next_message())
            await asyncio.sleep(0)
            desk.uplink.start(1, 0)
            assert await waiting == ActivityStart(1)
            waiting = group.create_task(desk.uplink.next_message())
            await asyncio.sleep(0)
            desk.capture(PIECE_SAMPLES)
            assert len(bytes(await waiting)) == 2 * PIECE_SAMPLES  # type: ignore[arg-type]

    async def test_wakes_for_an_end(self, desk: Desk) -> None:
        desk.uplink.start(1, 0)
        desk.pull()
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            waiting = group.create_task(desk.uplink.next_message())
            await asyncio.sleep(0)
            desk.uplink.end(1, 0)
            assert await waiting == ActivityEnd(1)


async def test_what_goes_on_after_a_pause_is_sent_as_two_and_to_another_session_as_one() -> None:
    desk = Desk()
    desk.uplink.start(1, 0)
    desk.capture(3_000)
    desk.uplink.end(1, 1_000)
    desk.uplink.start(2, 1_000, goes_on=True)
    desk.uplink.end(2, 3_000)
    desk.pull()
    assert [m for m in desk.sent if not isinstance(m, bytes)] == [*pair(1), *pair(2)]
    assert audio(desk.sent) == sound(0, 3_000).tobytes()
    desk.uplink.answered(1)
    desk.open()
    desk.pull()
    assert [m for m in desk.sent if not isinstance(m, bytes)] == pair(2)
    assert audio(desk.sent) == sound(0, 3_000).tobytes()


def pair(turn: int) -> list[Outgoing]:
    return [ActivityStart(turn), ActivityEnd(turn)]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("capture"), st.integers(0, 1_500)),
        st.tuples(st.just("pull"), st.integers(1, 6)),
        st.tuples(st.just("start"), st.integers(0, 2_000)),  # so many samples back
        st.tuples(st.just("end"), st.integers(-1_000, 1_000)),  # relative to what is captured
        st.tuples(st.just("open"), st.just(0)),
    ),
    max_size=40,
)


@dataclass
class Said:
    """A window as it should arrive."""

    turn: int
    begin: int
    at: int = -1  # still open
    reached: int = 0  # what had been sent of it when it ended: that cannot be taken back

    def messages(self) -> list[Outgoing]:
        return [
            ActivityStart(self.turn),
            sound(self.begin, max(self.at, self.reached)).tobytes(),
            ActivityEnd(self.turn),
        ]


class Speaker:
    """Takes the steps, and keeps account of what the last session should have received."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.windows: list[Said] = []

    def take(self, kind: str, number: int) -> None:
        speaking = bool(self.windows) and self.windows[-1].at < 0
        match kind:
            case "capture":
                self.desk.capture(number)
            case "pull":
                self.desk.pull(number)
            case "open":
                self.desk.open()
                for said in self.windows:
                    said.reached = 0
            case "start" if not speaking and len(self.windows) < WINDOW_LIMIT:
                self.windows.append(Said(len(self.windows) + 1, max(0, self.desk.ring.end - number)))
                self.desk.uplink.start(self.windows[-1].turn, self.windows[-1].begin)
            case "end" if speaking:
                self.end(self.windows[-1], number)

    def end(self, said: Said, number: int) -> None:
        said.at = max(said.begin, self.desk.ring.end + number)
        mark = ActivityStart(said.turn)
        had = self.desk.sent[self.desk.sent.index(mark) :] if mark in self.desk.sent else []
        said.reached = said.begin + len(audio(had)) // 2
        self.desk.uplink.end(said.turn, said.at)


async def test_while_nothing_may_be_sent_speech_waits_and_none_is_lost() -> None:
    desk = Desk()
    desk.uplink.start(1, 0)
    desk.capture(1_000)
    desk.may_send = False
    assert desk.pull() == [ActivityStart(1)]
    desk.uplink.end(1, 1_500)
    desk.capture(1_000)
    assert desk.pull() == []
    desk.may_send = True
    assert desk.pull()[-1] == ActivityEnd(1)
    assert audio(desk.sent) == sound(0, 1_500).tobytes()


@given(STEPS)
async def test_every_interleaving_sends_each_window_once_and_whole(steps: list[tuple[str, int]]) -> None:
    """Speech, positions and new sessions in any order: one start, the very samples, one end, turn by turn."""
    speaker = Speaker()
    for kind, number in [*steps, ("end", 0), ("capture", 1_000)]:
        speaker.take(kind, number)
    speaker.desk.pull()
    assert joined(speaker.desk.sent) == joined([m for said in speaker.windows for m in said.messages()])


def joined(messages: list[Outgoing]) -> list[Outgoing]:
    """The same with neighbouring pieces of audio in one."""
    result: list[Outgoing] = []
    for message in messages:
        if message == b"":
            continue
        if isinstance(message, bytes) and result and isinstance(result[-1], bytes):
            result[-1] += message
        else:
            result.append(message)
    return result


async def test_what_was_said_can_be_read_without_taking_it_until_it_was_acted_upon() -> None:
    desk = Desk()
    desk.capture(1_000)
    desk.uplink.start(3, 200)
    assert desk.uplink.said(3).tolist() == sound(200, 1_000).tolist()
    desk.uplink.end(3, 900)
    assert desk.uplink.said(3).tolist() == sound(200, 900).tolist()
    assert not len(desk.uplink.said(2))
    assert audio(desk.pull()) == sound(200, 900).tobytes()
    assert len(desk.uplink.said(3)) == 700
    desk.uplink.answered(3)
    assert not len(desk.uplink.said(3))


def test_what_the_ring_has_forgotten_of_what_was_said_is_not_read() -> None:
    desk = Desk(capacity_samples=500)
    desk.uplink.start(1, 0)
    desk.capture(800)
    assert desk.uplink.said(1).tolist() == sound(300, 800).tolist()
