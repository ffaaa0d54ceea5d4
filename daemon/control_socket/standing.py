"""How the appliance stands, as a looker-on can tell: nothing of what was said, by whom or to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.answering import Answering
from daemon.conversation.exchange import State
from daemon.conversation.situation import Situation
from daemon.conversation.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from daemon.conversation.commands import Command
    from daemon.conversation.events import Event


_TELLS: Final[Mapping[type, tuple[str, str]]] = {
    on.MicrophoneLost: ("microphone", "lost"),
    on.SoundVanished: ("microphone", "silent"),
    on.MicrophoneRestored: ("microphone", "works"),
    on.SoundReturned: ("microphone", "works"),
    on.SpeakerLost: ("speaker", "lost"),
    on.SpeakerRestored: ("speaker", "works"),
    do.OpenSession: ("session", "opening"),
    on.SessionOpened: ("session", "open"),
    on.SessionLost: ("session", "closed"),
    do.CloseSession: ("session", "closed"),
    do.LeaveSession: ("session", "closed"),
}
"""Which part an event or a command tells something of, and what."""


class Standing(Witness):
    """A witness that remembers the last that it saw of each part."""

    def __init__(self) -> None:
        self._situation = Situation()
        self._parts = {"microphone": "works", "speaker": "works", "session": "closed"}
        self._answering = Answering()

    @property
    def is_muted(self) -> bool:
        return self._situation.state is State.MUTED

    def happened(self, event: Event, commands: Sequence[Command], situation: Situation) -> None:
        self._situation = situation
        self._answering.happened(event, commands, situation)
        for seen in (event, *commands):
            if told := _TELLS.get(type(seen)):
                part, how = told
                self._parts[part] = how

    def as_answer(self) -> Mapping[str, Any]:
        now = self._situation
        told = {**self._parts, "brain": self._answering.brain.value}
        return {"state": now.state.value, "light": now.pattern.value, "muted": self.is_muted, **told}
