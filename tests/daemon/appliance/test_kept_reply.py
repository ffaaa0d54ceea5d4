"""What came of a reply before it was sure that it is wanted."""

from __future__ import annotations

from daemon.appliance.kept_reply import KeptReply
from daemon.conversation.messages import ReplyAudio


class Played(list[tuple[int, bytes, int]]):
    def play(self, turn: int, data: bytes, rate_hz: int = 24_000) -> None:
        self.append((turn, data, rate_hz))


def kept(*pieces: ReplyAudio) -> tuple[KeptReply, Played]:
    played = Played()
    reply = KeptReply(played)
    for piece in pieces:
        reply.keep(piece)
    return reply, played


def test_nothing_is_played_before_it_is_released_and_then_all_of_it_once_and_in_order() -> None:
    reply, played = kept(ReplyAudio(1, b"a"), ReplyAudio(1, b"b", 16_000))
    assert played == []
    reply.release(1)
    reply.release(1)
    assert played == [(1, b"a", 24_000), (1, b"b", 16_000)]


def test_what_is_dropped_or_of_another_turn_is_never_played() -> None:
    reply, played = kept(ReplyAudio(1, b"a"))
    reply.clear()
    reply.release(1)
    reply.keep(ReplyAudio(1, b"a"))
    reply.keep(ReplyAudio(2, b"b"))
    reply.release(1)
    assert played == []
