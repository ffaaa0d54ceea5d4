"""Carries out `StartRinging` and `StopRinging`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from daemon.sound.pcm import REPLY_RATE_HZ, Samples, silence
from daemon.sound.resample import resample
from daemon.sound.ring_tone import RingTone

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.conversation.events import Event
    from daemon.sound.playout import Playout


class Ringing(Protocol):
    """Those who ring; see `daemon.abilities.timers`."""

    def reports_to(self, report: Callable[[Event], None]) -> None:
        """Whom to tell of `RingDue` and `RingWithdrawn`, in the loop's thread; what is due by now, at once."""
        ...

    def warns(self, soon: Callable[[float], None]) -> None:
        """Whom to tell that something may ring within so many seconds, before it does; in the loop's thread."""
        ...

    def words(self) -> Samples:
        """What is said between two tunes of all that rings now, 24 kHz; empty if that is not known yet."""
        ...

    def rung(self, ids: tuple[str, ...], *, answered: bool) -> None:
        """As `StopRinging` says; never of those that were withdrawn."""
        ...


class Ringer:
    def __init__(
        self,
        playout: Playout,
        ringing: Ringing | None,
        *,
        drop: Callable[[], None],
        soon: Callable[[Callable[[], None]], None],
    ) -> None:
        """`drop` is the speaker's; `soon` has a function called in the loop's thread, from any other."""
        self._playout = playout
        self._ringing = ringing
        self._drop = drop
        self._soon = soon
        self._tone: RingTone | None = None
        self._said = silence(0)

    def start(self) -> None:
        """Ring from the next period on; its words are asked for before each time that they are said."""
        self._said = silence(0)
        self._tone = RingTone(self._playout.format.rate_hz, lambda: self._soon(self._give_words))
        self._playout.ring(self._tone)

    def stop(self, ids: tuple[str, ...], *, answered: bool) -> None:
        """Be silent within two periods, and tell those who rang."""
        self._tone = None
        if self._playout.ring(None):
            self._drop()
        if self._ringing and ids:
            self._ringing.rung(ids, answered=answered)

    def _give_words(self) -> None:
        """… if they are other ones: it takes some milliseconds to have them at the speaker's rate."""
        if not self._tone or not self._ringing:
            return
        words = self._ringing.words()
        if words is not self._said:
            self._said = words
            self._tone.say(resample(words, REPLY_RATE_HZ, self._playout.format.rate_hz))
