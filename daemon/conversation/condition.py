"""What works, what is switched on, and what the light shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from daemon.conversation import commands as do
from daemon.conversation.causes import Cause
from daemon.conversation.commands import Command, Pattern
from daemon.conversation.exchange import State

PATTERNS: Final[Mapping[State, Pattern]] = {state: Pattern(state.value) for state in State}
"""What the light shows where nothing else is the matter."""


@dataclass(slots=True)
class Condition:
    failure: Cause | None = None
    microphone_lost: bool = False
    speaker_lost: bool = False
    camera_on: bool = False
    shown: Pattern = Pattern.IDLE

    def pattern(self, state: State, *, rings: bool = False, at_home: bool = False) -> Pattern:
        """What the light shows, derived from the whole state; muted outranks all else, and the camera what remains.

        Both are promises. What rings outranks a failure: it passes, the failure is shown after it, and without a
        speaker the light is all there is of it.
        """
        if state is State.MUTED:
            return Pattern.MUTED
        if self.camera_on:
            return Pattern.WATCHING
        if rings:
            return Pattern.RINGING
        unheard = self.failure or self.speaker_lost
        if self.microphone_lost or (unheard and state is State.IDLE):
            return Pattern.FAILED
        if state is State.SPEAKING and self.speaker_lost:
            return Pattern.FAILED
        return Pattern.HOME if at_home and state is State.THINKING else PATTERNS[state]

    def show(self, state: State, *, rings: bool = False, at_home: bool = False) -> list[Command]:
        """Have the light show another pattern, if it has to."""
        pattern = self.pattern(state, rings=rings, at_home=at_home)
        if pattern is self.shown:
            return []
        self.shown = pattern
        return [do.ShowIndicator(pattern)]
