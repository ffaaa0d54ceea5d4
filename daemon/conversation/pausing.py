"""An end of speech that can be taken back: what is heard of it. Part of `daemon.conversation.events`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UtterancePaused:
    """The user has been silent for so long that this may be all; what belongs to it ends before `at`.

    `UtteranceEnded` confirms it, `UtteranceResumed` takes it back.
    """

    at: int


@dataclass(frozen=True, slots=True)
class UtteranceResumed:
    """… and goes on speaking, from `at` on or a little before."""

    at: int


Pausing = UtterancePaused | UtteranceResumed
