"""Messages from outside, such as "dinner is ready": kept until nobody talks, read out once, after a chime."""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from daemon.conversation.commands import Earcon
from daemon.conversation.events import MessageTold, MessageWaiting
from daemon.conversation.witness import Witness
from daemon.errors import PipitError, place_of
from daemon.sound.pcm import REPLY_RATE_HZ, Samples, samples_of_ms, silence
from daemon.speech.earcons import earcon
from daemon.speech.message_text import MessageRefused, message_text

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from daemon.conversation.commands import Command
    from daemon.conversation.events import Event
    from daemon.conversation.situation import Situation

MOST: Final = 20
"""That wait. One more, and the oldest is dropped."""
LONGEST_WAIT_S: Final = 86_400.0
EXPIRES_S: Final = 3_600.0
REMEMBERED: Final = 100
"""Messages of which it is known what became of them; nothing else of them is."""
BREATH_MS: Final = 150
"""Between the chime and the words."""
TAIL_MS: Final = 50
"""Some voices end without any silence, and then the last sound clicks."""

log = logging.getLogger(__name__)


def _nothing() -> None:
    """What most who post something do when it has ended."""


class Fate(Enum):
    """What became of a message."""

    WAITING = "waiting"
    TELLING = "telling"
    TOLD = "told"
    EXPIRED = "expired"
    DROPPED = "dropped"
    FORGOTTEN = "forgotten"  # so many came after it that nobody knows


@dataclass(eq=False)
class _Bulletin:
    number: int
    text: str
    expires_at: float
    held: bool
    ended: Callable[[], None]
    sound: Samples | None = None
    """None while it is not spoken yet."""


class Bulletins(Witness):
    """The messages that wait, in their order. The loop's thread only.

    A witness, too, that sees when one was heard to its end or was cut short; none is begun again.
    """

    def __init__(
        self,
        speak: Callable[[str], Awaitable[Samples]],
        quiet: Callable[[], bool],
        now: Callable[[], float],
        *,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        """`speak` gives 24 kHz, `now` is a clock that is never set, in seconds; `start` makes a task of a group.

        While it is `quiet`, what may be held is held.
        """
        self._speak = speak
        self._quiet = quiet
        self._now = now
        self._start = start
        self._report: Callable[[Event], None] = lambda _: None
        self._waiting: deque[_Bulletin] = deque()
        self._fates: OrderedDict[int, Fate] = OrderedDict()
        self._telling: _Bulletin | None = None
        self._count = 0
        self._speaking = False

    def reports_to(self, report: Callable[[Event], None]) -> None:
        """Whom to tell when one may be heard from now on: once of each, for who is told remembers it."""
        self._report = report

    @property
    def waiting(self) -> int:
        """How many wait, held or not."""
        self._expire()
        return len(self._waiting)

    def post(
        self, text: str, *, expires_s: float = EXPIRES_S, held: bool = True, ended: Callable[[], None] = _nothing
    ) -> int:
        """Have `text` read out when nobody talks, within `expires_s`; its number, to ask for its `fate`.

        `held` ones wait for the end of quiet hours. `ended` is called when it was told, has expired or was dropped.
        Raises MessageRefused.
        """
        words = message_text(text)
        if not 0 < expires_s <= LONGEST_WAIT_S:
            what = f"a message waits for more than 0 and at most {LONGEST_WAIT_S:.0f} seconds, not {expires_s:g}"
            raise MessageRefused(what, fix="let it expire within a day")
        self._expire()
        if len(self._waiting) == MOST:
            self._drop_the_oldest()
        self._count += 1
        self._waiting.append(_Bulletin(self._count, words, self._now() + expires_s, held, ended))
        self._fated(self._count, Fate.WAITING)
        if held and self._quiet():
            log.debug("message %d is held: it is quiet", self._count)
        if not self._speaking:
            self._speaking = True
            self._start(self._have_them_spoken())
        return self._count

    def next(self) -> Samples | None:
        """The oldest that may be heard now, 24 kHz, with its chime; None if there is none. Ask again for the next."""
        self._expire()
        self._told()
        for bulletin in self._waiting:
            if self._is_ready(bulletin):
                self._waiting.remove(bulletin)
                self._telling = bulletin
                self._fated(bulletin.number, Fate.TELLING)
                return bulletin.sound
        return None

    def happened(self, event: Event, commands: Sequence[Command], situation: Situation) -> None:  # noqa: ARG002
        if isinstance(event, MessageTold):
            self._told()

    def flushed(self, heard_samples: int) -> None:  # noqa: ARG002
        self._told()

    def quiet_changed(self) -> None:
        """Reports what was held, if the quiet has ended."""
        self._report_if_ready()

    def fate(self, number: int) -> Fate:
        self._expire()
        return self._fates.get(number, Fate.FORGOTTEN)

    async def _have_them_spoken(self) -> None:
        """One after the other: a synthesiser takes a processor for itself."""
        try:
            while bulletin := next((each for each in self._waiting if each.sound is None), None):
                bulletin.sound = await self._sound_of(bulletin)
                self._report_if_ready()
        finally:
            self._speaking = False

    async def _sound_of(self, bulletin: _Bulletin) -> Samples:
        chime = earcon(Earcon.MESSAGE, REPLY_RATE_HZ)
        try:
            words = await self._speak(bulletin.text)
        except PipitError as error:
            log.warning("message %d is a chime alone: %s", bulletin.number, error)
            return chime
        except Exception as error:  # noqa: BLE001 - what somebody sends must not end the appliance, whatever a voice makes of it
            what = type(error).__name__
            log.error("message %d is a chime alone: %s at %s", bulletin.number, what, place_of(error))  # noqa: TRY400
            return chime
        breath, tail = (silence(samples_of_ms(ms, REPLY_RATE_HZ)) for ms in (BREATH_MS, TAIL_MS))
        return np.concatenate([chime, breath, words, tail])

    def _is_ready(self, bulletin: _Bulletin) -> bool:
        return bulletin.sound is not None and not (bulletin.held and self._quiet())

    def _report_if_ready(self) -> None:
        self._expire()
        if any(map(self._is_ready, self._waiting)):
            self._report(MessageWaiting())

    def _told(self) -> None:
        if self._telling is None:
            return
        told, self._telling = self._telling, None
        self._fated(told.number, Fate.TOLD)
        told.ended()

    def _expire(self) -> None:
        now = self._now()
        for bulletin in [each for each in self._waiting if each.expires_at <= now]:
            self._waiting.remove(bulletin)
            self._fated(bulletin.number, Fate.EXPIRED)
            bulletin.ended()
            log.info("message %d has expired unheard", bulletin.number)

    def _drop_the_oldest(self) -> None:
        dropped = self._waiting.popleft()
        self._fated(dropped.number, Fate.DROPPED)
        dropped.ended()
        log.warning("message %d is dropped unheard: %d wait already", dropped.number, MOST)

    def _fated(self, number: int, fate: Fate) -> None:
        self._fates[number] = fate
        while len(self._fates) > REMEMBERED:
            self._fates.popitem(last=False)
