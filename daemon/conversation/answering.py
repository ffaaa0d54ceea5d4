"""Which brain answers, as a looker-on can tell."""

from collections.abc import Sequence
from enum import Enum

from daemon.conversation import commands as do
from daemon.conversation.commands import Command
from daemon.conversation.events import Event, SessionOpened
from daemon.conversation.situation import Situation
from daemon.conversation.witness import Witness


class BrainAnswering(Enum):
    SERVICE = "service"
    HOME = "home"


class Answering(Witness):
    """The one at home does from when it is asked, the service from when it is there again."""

    def __init__(self) -> None:
        self.brain = BrainAnswering.SERVICE
        self._asked = self.brain

    def happened(self, event: Event, commands: Sequence[Command], situation: Situation) -> None:  # noqa: ARG002
        for command in commands:
            if isinstance(command, do.OpenSession):
                self._asked = BrainAnswering.HOME if command.local else BrainAnswering.SERVICE
        if isinstance(event, SessionOpened) or self._asked is BrainAnswering.HOME:
            self.brain = self._asked
