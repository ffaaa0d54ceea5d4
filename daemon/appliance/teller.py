"""Carries out `TellMessage`, and remembers that something waits until there is a rest to tell it in.

Who has the messages says once that one may be heard; when that is offered again is decided here alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from daemon.conversation.events import Event, MessageTold, MessageWaiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.sound.pcm import Samples
    from daemon.sound.playout import Playout


class Telling(Protocol):
    """Those who have messages; see `daemon.speech.bulletins`."""

    def reports_to(self, report: Callable[[Event], None]) -> None:
        """Whom to tell once, by `MessageWaiting`, that one may be heard from now on; in the loop's thread."""
        ...

    def next(self) -> Samples | None:
        """The oldest message, 24 kHz, which is then no longer theirs; None if there is none, or none for now.

        After None it is not asked for again until something was reported.
        """
        ...


class Teller:
    """One message after the other, each once; one that the speaker went away with is told again from its beginning."""

    def __init__(
        self,
        playout: Playout,
        telling: Telling | None,
        *,
        dispatch: Callable[[Event], None],
        soon: Callable[[Callable[[], None]], None],
    ) -> None:
        """`soon` has a function called in the loop's thread."""
        self._playout = playout
        self._telling = telling
        self._dispatch = dispatch
        self._soon = soon
        self._something_waits = False
        self._told: Samples | None = None  # what is being told
        self._number: int | None = None  # … and what the playout calls it

    def reported(self, event: Event) -> None:
        """A message waits, and may do so for long."""
        self._something_waits = True
        self._dispatch(event)

    def offer(self, *, may_tell: bool) -> None:
        """Say again that something waits, if this is a moment to tell it."""
        if may_tell and self._something_waits:
            self._dispatch(MessageWaiting())

    def tell(self) -> None:
        """As `TellMessage` says."""
        message = self._told
        if message is None:
            message = self._told = self._telling.next() if self._telling else None
        if message is None:
            self._something_waits = False
            self._soon(lambda: self._dispatch(MessageTold()))
        else:
            self._number = self._playout.play_message(message)

    def heard(self, number: int) -> None:
        """The playout has told this one."""
        if number == self._number:
            self._told = self._number = None
            self._dispatch(MessageTold())

    def silenced(self, *, unheard: bool) -> None:
        """The playout was flushed: that was all of this message, unless it is `unheard` for want of a speaker."""
        self._number = None
        if not unheard:
            self._told = None
