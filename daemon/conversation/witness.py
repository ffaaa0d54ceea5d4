"""Someone who looks on: the status line, the demo's time line, the history, the meter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from daemon.conversation.commands import Command
    from daemon.conversation.events import Event
    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.situation import Situation
    from daemon.conversation.tool_call import ToolCall
    from daemon.sound.pcm import Samples


class Witness:
    """Is told everything, in the loop's thread; must not block, and must not interfere. By default it does nothing."""

    def happened(self, event: Event, commands: Sequence[Command], situation: Situation) -> None:
        """`event` was dealt with, by `commands`; `situation` is how things stand since."""

    def received(self, message: SessionMessage) -> None:
        """The session said something; what of it is an event will happen next."""

    def captured(self, samples: Samples) -> None:
        """A period arrived."""

    def flushed(self, heard_samples: int) -> None:
        """The speaker fell silent in mid-reply; so many 24 kHz samples of the reply had been heard."""

    def answered(self, call: ToolCall, response: Mapping[str, Any]) -> None:
        """`call` was answered so, to the session that made it or in vain; again, with `cancelled`, if it was undone."""
