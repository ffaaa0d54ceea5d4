"""Where a conversation is, and what is remembered of one request and its reply."""

from dataclasses import dataclass
from enum import auto
from typing import Final

from daemon.conversation.choice import Choice


class State(Choice):
    IDLE = "idle"  # waits for the wake word; no audio leaves
    LISTENING = "listening"  # the user's turn, nothing said yet; audio waits in the ring, the session opens meanwhile
    HEARING = "hearing"  # the activity window is open
    THINKING = "thinking"  # the window has closed, no reply yet; tools may run
    SPEAKING = "speaking"  # the reply plays; the wake engine keeps listening
    MUTED = "muted"  # the microphone is closed


RESTS: Final = frozenset({State.IDLE, State.MUTED})
"""The states without a deadline: what the household chose, and the state that all others end in."""

WATCHED: Final = frozenset({State.LISTENING, State.HEARING})
"""The states in which endpointing runs."""

REPLYING: Final = frozenset({State.THINKING, State.SPEAKING})
"""The states in which the user waits for the model, or hears it."""


class Tap(Choice):
    """What it means if the button that is now down comes up again before `hold_ms`."""

    LISTEN = auto()  # it was pressed at rest: go on listening
    CANCEL = auto()  # … while listening: never mind
    FINISH = auto()  # … while hearing: that was all
    STOP = auto()  # … during a reply: be quiet


@dataclass(slots=True)
class Exchange:
    """What is remembered of one request and its reply. The next begins with a new one, so that nothing is left over."""

    anchor: int = 0  # the user's words count from this sample on
    follow_up: bool = False  # it needs no wake word, for it comes after a reply
    streaming: bool = False  # with automatic turn taking: audio goes up since the listening began
    spoken: bool = False  # speech was heard in the activity window
    ended: bool = False  # with automatic turn taking: it has ended, as far as this machine can tell
    paused: bool = False  # the window is closed, and opens again if the user goes on before the pause is long enough
    begun: bool = False  # … a reply has begun meanwhile, and is kept
    replying: bool = False  # more of the reply to the current turn is welcome
    complete: bool = False  # … but no more will come
    starved: bool = False
    goodbye: bool = False  # nothing is listened for after this reply: the user has said goodbye

    def enters(self, state: State) -> None:
        """What one state alone asks for is forgotten with it: so the same may happen wherever it stands the same."""
        if state is not State.LISTENING:
            self.follow_up = False
        if state is not State.HEARING:
            self.spoken = self.ended = False
