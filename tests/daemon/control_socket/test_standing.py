"""How the appliance stands, of what a looker-on sees."""

import pytest

from daemon.control_socket.standing import Standing
from daemon.conversation.causes import Cause
from daemon.conversation.commands import CloseSession, Command, OpenSession, Pattern
from daemon.conversation.events import (
    ButtonPressed,
    Event,
    MicrophoneLost,
    MicrophoneRestored,
    MuteSwitched,
    SessionLost,
    SessionOpened,
    SoundReturned,
    SoundVanished,
    SpeakerLost,
    SpeakerRestored,
)
from daemon.conversation.exchange import State
from daemon.conversation.situation import Situation

BEFORE: dict[str, tuple[Event, ...]] = {
    "works": (MicrophoneLost(), SpeakerLost()),
    "closed": (SessionOpened(),),
    "lost": (MicrophoneRestored(),),
    "silent": (MicrophoneRestored(),),
    "opening": (SessionOpened(),),
    "open": (SessionLost(Cause.LOST),),
}


@pytest.mark.parametrize(
    ("part", "event", "commands", "how"),
    [
        ("microphone", MicrophoneLost(), (), "lost"),
        ("microphone", MicrophoneRestored(), (), "works"),
        ("microphone", SoundVanished(), (), "silent"),
        ("microphone", SoundReturned(), (), "works"),
        ("speaker", SpeakerLost(), (), "lost"),
        ("speaker", SpeakerRestored(), (), "works"),
        ("session", ButtonPressed(1), (OpenSession(),), "opening"),
        ("session", SessionOpened(), (), "open"),
        ("session", SessionLost(Cause.LOST, "secret"), (), "closed"),
        ("session", SessionLost(Cause.LOST), (OpenSession(),), "opening"),
        ("session", MuteSwitched(muted=True), (CloseSession(),), "closed"),
    ],
)
def test_each_part_is_as_it_was_last_seen(part: str, event: Event, commands: tuple[Command, ...], how: str) -> None:
    standing = Standing()
    for before in BEFORE[how]:
        standing.happened(before, (), Situation())
    assert standing.as_answer()[part] != how
    standing.happened(event, commands, Situation())
    standing.happened(ButtonPressed(2), (), Situation())
    assert standing.as_answer()[part] == how


def test_it_says_what_the_conversation_does_and_whether_the_microphone_is_closed() -> None:
    standing = Standing()
    assert standing.as_answer()["state"] == "idle"
    assert standing.as_answer()["muted"] is False
    standing.happened(MuteSwitched(muted=True), (), Situation(state=State.MUTED, pattern=Pattern.MUTED))
    assert standing.is_muted
    told = standing.as_answer()
    assert (told["state"], told["light"], told["muted"]) == ("muted", "muted", True)
