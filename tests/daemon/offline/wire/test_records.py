"""What tests can ask of a session's record."""

import asyncio

import numpy as np
import pytest

from daemon.offline.wire.client_messages import ActivityEnd, ActivityStart, AudioChunk, ClientMessage, RealtimeText
from daemon.offline.wire.records import Received, SessionRecord


def record(*messages: ClientMessage) -> SessionRecord:
    """A record of these messages, one a second."""
    return SessionRecord(1, "/", received=[Received(float(at), message) for at, message in enumerate(messages)])


def test_audio_is_sorted_by_where_it_belongs() -> None:
    session = record(
        AudioChunk(b"\1\0"),
        ActivityStart(),
        AudioChunk(b"\2\0\3"),
        AudioChunk(b"\0"),
        ActivityEnd(),
        AudioChunk(b"\4\0"),
        ActivityEnd(),
        ActivityStart(),
    )
    first, second = session.windows
    assert (first.started_at_s, first.ended_at_s, first.samples.tolist()) == (1, 4, [2, 3])
    assert (second.started_at_s, second.ended_at_s, second.samples.tolist()) == (7, None, [])
    assert session.stray_audio == b"\1\0\4\0"
    np.testing.assert_array_equal(session.audio, [1, 2, 3, 4])


def test_a_second_start_opens_another_window() -> None:
    session = record(ActivityStart(), AudioChunk(b"\1\0"), ActivityStart(), AudioChunk(b"\2\0"), ActivityEnd())
    assert [(window.samples.tolist(), window.ended_at_s) for window in session.windows] == [([1], None), ([2], 4)]


def test_nothing_received() -> None:
    session = record()
    assert (session.windows, session.stray_audio, len(session.audio)) == ([], b"", 0)
    assert session.open


def test_messages_by_type() -> None:
    session = record(ActivityStart(), RealtimeText("a"), ActivityEnd())
    assert session.messages(RealtimeText, ActivityEnd) == [RealtimeText("a"), ActivityEnd()]
    assert len(session.messages()) == 3


async def test_waiting_for_a_condition() -> None:
    session = record()
    async with asyncio.TaskGroup() as tasks:
        waiting = [
            tasks.create_task(session.until(lambda changed: len(changed.received) == 1)),
            tasks.create_task(session.until(lambda changed: len(changed.received) == 2)),
        ]
        for _ in range(2):
            await asyncio.sleep(0)
            session.received.append(Received(0, ActivityStart()))
            session.touch()
            await asyncio.sleep(0)
    assert all(task.done() for task in waiting)


async def test_waiting_in_vain() -> None:
    with pytest.raises(TimeoutError):
        await record().until(lambda changed: not changed.open, timeout_s=0)
