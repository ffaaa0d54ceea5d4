"""What a session tells: what is secret or large is in no log that shows a message."""

from __future__ import annotations

from daemon.conversation.messages import NO_TOKENS, HandleIssued, ReplyAudio, Tokens


def test_neither_a_handle_nor_sound_is_shown() -> None:
    assert repr(HandleIssued("my-secret-handle")) == "HandleIssued()"
    assert repr(ReplyAudio(3, b"\x01\x02" * 1_000)) == "ReplyAudio(turn=3, rate_hz=24000)"


def test_what_is_detailed_may_be_more_or_less_than_the_count() -> None:
    assert Tokens(9, text=5).detailed == 5
    assert Tokens(1, text=1, audio=2, image=3, video=4, document=5).detailed == 15
    assert NO_TOKENS.detailed == NO_TOKENS.count == 0
