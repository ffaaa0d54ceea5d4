"""What of a session's messages may be dropped, and what may not."""

import pytest

from daemon.conversation.tool_call import ToolCall
from daemon.live.outbox import (
    CONTROL_LIMIT,
    PARTS_LIMIT,
    REFUSALS_LIMIT,
    Answer,
    Frame,
    FrameDue,
    Outbox,
    Refusals,
    Text,
)

CALL = ToolCall("fc_1", "set_device")


async def test_what_is_put_in_comes_out_in_order() -> None:
    outbox = Outbox()
    outbox.put(Text(1, "one"))
    outbox.put_answer(Answer(CALL, {"ok": True}, more=False, scheduling=None))
    outbox.put_answer(Refusals([(CALL, "why")]))
    assert await outbox.next() == Text(1, "one")
    assert await outbox.next() == Answer(CALL, {"ok": True}, more=False, scheduling=None)
    assert await outbox.next() == Refusals([(CALL, "why")])


async def test_texts_beyond_the_limit_are_dropped_and_answers_are_not(caplog: pytest.LogCaptureFixture) -> None:
    outbox = Outbox()
    for turn in range(CONTROL_LIMIT + 5):
        outbox.put(Text(turn, "x"))
    for _ in range(REFUSALS_LIMIT - CONTROL_LIMIT):
        assert outbox.takes_refusals
        outbox.put_answer(Answer(CALL, {}, more=False, scheduling=None))
    assert not outbox.takes_refusals
    assert caplog.text.count("dropped a message") == 5
    out = [await outbox.next() for _ in range(REFUSALS_LIMIT)]
    assert sum(isinstance(message, Text) for message in out) == CONTROL_LIMIT


def test_parts_leave_room_for_texts() -> None:
    outbox = Outbox()
    for turn in range(PARTS_LIMIT):
        assert outbox.takes_parts
        outbox.put(Text(turn, "x"))
    assert not outbox.takes_parts
    assert not outbox.is_full


async def test_of_pictures_the_newest_waits(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "daemon.live.outbox")
    outbox = Outbox()
    outbox.put_frame(Frame(b"1", lambda: True), open_=False)
    assert outbox.take_frame() is None
    outbox.put_frame(Frame(b"2", lambda: True), open_=True)
    outbox.put_frame(Frame(b"3", lambda: True), open_=True)
    assert isinstance(await outbox.next(), FrameDue)
    frame = outbox.take_frame()
    assert frame is not None
    assert frame.jpeg == b"3"
    outbox.put_frame(Frame(b"4", lambda: False), open_=True)
    assert outbox.take_frame() is None
    assert outbox.frames_dropped == 3
    assert caplog.messages == [
        "a picture is not sent: no session is open",
        "a picture is not sent: a newer one takes its place",
        "a picture is not sent: nobody wants it any more",
    ]


def test_a_picture_that_finds_the_queue_full_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "daemon.live.outbox")
    outbox = Outbox()
    for turn in range(CONTROL_LIMIT):
        outbox.put(Text(turn, "x"))
    outbox.put_frame(Frame(b"1", lambda: True), open_=True)
    assert caplog.messages == ["a picture is not sent: 32 messages wait"]
