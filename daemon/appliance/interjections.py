"""What people say over what is played, but for the wake word: "stop" is heard, and all is softer meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from daemon.conversation.events import StopHeard
from daemon.conversation.exchange import State

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from daemon.conversation.events import Event
    from daemon.conversation.situation import Situation
    from daemon.hearing.short_utterances import ShortUtterance
    from daemon.sound.pcm import Samples


class Stopping(Protocol):
    """The stop word; see `daemon.hearing.stop_word`."""

    def wanted(self, *, ringing: bool, replying: bool) -> bool: ...
    def prepare(self) -> Coroutine[Any, Any, None] | None: ...
    def reads(
        self, said: ShortUtterance, samples: Samples, heard: Callable[[int], None]
    ) -> Coroutine[Any, Any, None] | None: ...


class Interjections:
    """In the loop's thread."""

    def __init__(
        self,
        stop_word: Stopping | None,
        *,
        ducks: bool,
        listen: Callable[[bool], None],
        duck: Callable[[bool], None],
        start: Callable[[Coroutine[Any, Any, None]], object],
        dispatch: Callable[[Event], None],
    ) -> None:
        """`ducks`: play softer while somebody speaks over it. `listen` has `said` and `spoken_over` called, or not."""
        self._stop_word, self._ducks = stop_word, ducks
        self._listen, self._duck, self._start, self._dispatch = listen, duck, start, dispatch
        self._stoppable = self._ducked = False

    def attend(self, situation: Situation) -> None:
        """After each event."""
        ringing = bool(situation.ringing)
        replying = situation.state is State.SPEAKING or situation.telling
        stoppable = self._stop_word is not None and self._stop_word.wanted(ringing=ringing, replying=replying)
        if stoppable and not self._stoppable and self._stop_word and (work := self._stop_word.prepare()):
            self._start(work)
        self._stoppable = stoppable
        plays = self._ducks and (ringing or replying)
        self._listen(stoppable or plays)
        if self._ducked and not plays:
            self._become(ducked=False)

    def said(self, said: ShortUtterance, samples: Samples) -> None:
        """Somebody said something short."""
        if self._stoppable and self._stop_word and (work := self._stop_word.reads(said, samples, self._stop)):
            self._start(work)

    def spoken_over(self, begins: bool) -> None:
        """Somebody begins to speak over it, or has ended."""
        if self._ducks:
            self._become(ducked=begins)

    def _become(self, *, ducked: bool) -> None:
        self._ducked = ducked
        self._duck(ducked)

    def _stop(self, at: int) -> None:
        """It took a moment to read: what was to be stopped may be over."""
        if self._stoppable:
            self._dispatch(StopHeard(at))
