"""Whether somebody has agreed: by a yes of theirs, as the service wrote it down, or by the button; never by the model.

A yes counts for what was asked before it in the same conversation, for a while, and once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.conversation.events import ButtonPressed
from daemon.conversation.exchange import State
from daemon.conversation.messages import Transcribed
from daemon.conversation.witness import Witness
from daemon.names import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daemon.conversation.commands import Command
    from daemon.conversation.events import Event
    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.situation import Situation

WINDOW_S: Final = 60.0
"""How long after it was asked for something may be agreed to, and done."""
LONGEST_WORDS: Final = 6
"""Who says more than that says something else."""
LONGEST_TEXT: Final = 200

YES: Final = frozenset(
    (
        *("yes", "yeah", "yep", "yup", "sure", "ok", "okay", "please do", "do it", "go ahead", "of course"),
        *("ja", "jawohl", "jep", "klar", "gerne", "natürlich", "mach das", "mach es"),
        *("oui", "d'accord", "bien sûr", "vas-y", "sí", "vale", "claro", "sì", "certo", "va bene", "sim"),
        *("tak", "ano", "igen", "evet", "да", "так", "ναι", "はい", "是", "是的", "好", "好的", "네"),
    )
)
NO: Final = frozenset(
    (
        *("no", "nope", "not", "don't", "dont", "never", "stop", "wait", "cancel", "nein", "nicht", "halt", "lieber"),
        *(
            "non",
            "pas",
            "jamais",
            "nunca",
            "não",
            "nie",
            "ne",
            "nem",
            "hayır",
            "нет",
            "ні",
            "όχι",
            "いいえ",
            "不",
            "아니요",
        ),
    )
)

_log = logging.getLogger(__name__)


def agrees(text: str) -> bool:
    """Whether somebody who says this means yes, and nothing else."""
    words = [word.strip(".,!?;:…。！？、\"'«»") for word in folded(text.replace("’", "'")).split()]
    if not words or len(words) > LONGEST_WORDS or any(word in _NO for word in words):
        return False
    spoken = f" {' '.join(words)} "
    return any(f" {yes} " in spoken for yes in _YES)


_YES: Final = frozenset(map(folded, YES))
_NO: Final = frozenset(map(folded, NO))


@dataclass(slots=True)
class _Wish:
    at: float
    turn: int
    pressed: bool = False


class Consents(Witness):
    """Who looks on at the conversation, and tells the gate what was agreed to."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` is a monotonic clock in seconds."""
        self._now = now
        self._turn = 0
        self._said: dict[int, str] = {}
        self._wishes: dict[tuple[str, str], _Wish] = {}

    def given(self, device: str, mode: str) -> bool:
        """Whether that was agreed to, once; if not, it is asked for from now on."""
        now, key = self._now(), (device, mode)
        self._wishes = {name: wish for name, wish in self._wishes.items() if now - wish.at < WINDOW_S}
        wish = self._wishes.setdefault(key, _Wish(now, self._turn))
        if not (wish.pressed or any(turn > wish.turn and agrees(text) for turn, text in self._said.items())):
            return False
        del self._wishes[key]
        return True

    def happened(self, event: Event, _commands: Sequence[Command], situation: Situation) -> None:
        """A press agrees to all that was asked for; the end of the conversation to nothing any more."""
        self._turn = situation.turn
        if isinstance(event, ButtonPressed):
            for wish in self._wishes.values():
                wish.pressed = True
        elif situation.state is State.IDLE:
            self._wishes.clear()
            self._said.clear()

    def received(self, message: SessionMessage) -> None:
        """Of what the user says the last turn counts alone; where nobody tells of turns, it tells of them too."""
        if isinstance(message, Transcribed) and message.speaker == "user":
            self._turn = max(self._turn, message.turn)
            before = self._said.get(message.turn, "")
            self._said = {message.turn: (before + message.text)[:LONGEST_TEXT]}
