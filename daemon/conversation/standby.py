"""The brain at home as the conversation knows it: whether it takes the request, and what was told of that."""

from dataclasses import dataclass
from enum import auto
from typing import Final

from daemon.conversation import commands as do
from daemon.conversation.causes import Cause
from daemon.conversation.choice import Choice
from daemon.conversation.commands import Command
from daemon.conversation.rules import Offline
from daemon.sound.pcm import ms_of_samples

MOST_LOSSES: Final = 2
"""After so many in a row the service is left alone until it was found again."""


class Reading(Choice):
    """It reads while the service still has time to be there: so none is lost, if it is not."""

    NONE = auto()
    ASKED = auto()
    SURE = auto()  # … and the service still has time
    UNSURE = auto()
    DUE = auto()  # it is asked, and the service's time is over


class Told(Choice):
    """How much the household was told of it since the service answered last."""

    NOTHING = auto()
    SOUND = auto()
    ALL = auto()


@dataclass(slots=True)
class Standby:
    refused: Cause | None = None  # why the service did not take the present request
    failed: bool = False  # nor did the brain at home
    called: bool = False  # something was done for it: nobody else may take it any more
    reading: Reading = Reading.NONE  # what is known of whether the brain at home is sure of what was said
    silent_from: int | None = None  # where a pause was noticed that may be the end of what is said
    waited_s: float = 0.0  # how long ago that was when it was the end
    losses: int = 0  # of the service, in a row
    told: Told = Told.NOTHING

    @property
    def away(self) -> bool:
        """The service is not tried: it is sought in the background."""
        return self.losses >= MOST_LOSSES

    def first(self, offline: Offline) -> bool:
        """Whether a request goes to the brain at home before anybody else is asked."""
        away = offline is Offline.FALLBACK and self.away and not self.failed
        return offline is Offline.ALWAYS or away

    def lost(self, cause: Cause) -> list[Command]:
        """The service was lost, or cannot be had. What it refuses, it answers: only what is out of reach is sought."""
        self.reading = Reading.NONE
        if self.away or not cause.unreachable:
            return []
        self.losses += 1
        return [do.SeekService()] if self.away else []

    def answered(self) -> None:
        """The service did what it is there for."""
        self.losses, self.told = 0, Told.NOTHING

    def returned(self) -> None:
        """It was found again; whether it answers will be seen by one request."""
        self.losses = min(self.losses, MOST_LOSSES - 1)

    def acted(self) -> None:
        """Nobody else may take the request any more, whatever was read of it."""
        self.called, self.reading = True, Reading.NONE

    def gives_up(self) -> None:
        """The brain at home does not take the request, whatever it read of it."""
        self.failed, self.reading = True, Reading.NONE

    def goes_on(self) -> None:
        """What was read so far is not all of it."""
        self.silent_from, self.reading = None, Reading.NONE

    def ends(self, at: int) -> None:
        """The pause was the end: whoever was waited for was so since that was noticed."""
        if self.silent_from is not None:
            self.waited_s = ms_of_samples(at - self.silent_from) / 1000

    def next_request(self) -> None:
        self.refused = self.silent_from = None
        self.failed = self.called = False
        self.reading, self.waited_s = Reading.NONE, 0.0
