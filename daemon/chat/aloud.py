"""`--audio`: a conversation by microphone, with Enter as its button, or hands free.

Enter begins to talk, Enter ends; during a reply Enter interrupts it. Hands free, the end of speech is found on this
machine, and nobody listens while a reply is being given. A line that is not empty is a typed question. Nothing leaves
the machine but what is said between the beginning and the end of a turn.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from daemon.chat.talk import Talk
from daemon.conversation.events import SoundReturned, SoundVanished, UtteranceEnded, UtteranceStarted
from daemon.conversation.rules import Rules
from daemon.hearing.ears import Ears
from daemon.sound.pcm import samples_of_ms

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from daemon.chat.talk import Parts
    from daemon.chat.turn_and_reply import Exchange
    from daemon.conversation.events import Event
    from daemon.hearing.listener import Heard
    from daemon.hearing.wake_worker import Hearing
    from daemon.sound.capture import CaptureConverter
    from daemon.sound.pcm import Samples
    from daemon.sound.preroll import AudioRing
    from hardware.base import Microphone

SHORTEST_SAMPLES: Final = samples_of_ms(200)
"""Less between two presses of Enter is no question, but a finger that slipped."""


BY_ENTER: Final = "Enter begins to talk, Enter ends; Enter interrupts a reply; Ctrl-D ends the conversation"
HANDS_FREE: Final = "speak; Enter interrupts a reply; Ctrl-D ends the conversation"


class Untrained:
    """Ears that find nothing by themselves: for a conversation in which Enter says when."""

    watching = False

    def hear(self, samples: Samples, at: int) -> list[Heard]:  # noqa: ARG002
        return []

    def watch(self, from_sample: int, captured: Samples, at: int) -> list[Heard]:  # noqa: ARG002
        return []

    def stop_watching(self) -> None:
        pass

    def listen_for_short(self, *, wanted: bool) -> None:
        pass


class AloudTalk(Talk):
    """`run` once; the microphone is open as long as that."""

    def __init__(
        self,
        parts: Parts,
        microphone: Microphone,
        converter: CaptureConverter,
        ring: AudioRing,
        listener: Hearing | None = None,
        longest_s: float = Rules().longest_utterance_s,
    ) -> None:
        """With a `listener` it is hands free. `longest_s` ends a question that nobody ends."""
        super().__init__(parts)
        self._microphone = microphone
        self._ring = ring
        self._hands_free = listener is not None
        self._longest_s = longest_s
        self._limit: asyncio.TimerHandle | None = None
        self._talking_from: int | None = None
        self._barging_in = False
        microphone.on_lost = lambda: self._screen.note("the microphone is gone; it is waited for")
        microphone.on_restored = lambda: self._screen.note("the microphone is back")
        self._ears = Ears(
            microphone,
            converter,
            ring,
            listener or Untrained(),
            on_captured=lambda _: self._line.uplink.captured(),
            on_heard=self._on_heard,
        )

    @property
    def talking(self) -> bool:
        """Whether a question is being asked."""
        return self._talking_from is not None

    @property
    def _answering(self) -> bool:
        return self._turn is not None and not self._turn.done()

    async def run(self, lines: AsyncIterator[str]) -> None:
        async with self._microphone, asyncio.TaskGroup() as self._group:
            hearing = self._group.create_task(self._ears.run())
            self._screen.note(HANDS_FREE if self._hands_free else BY_ENTER)
            self._listen()
            async for line in lines:
                await self._entered(line.strip())
            if self.talking:
                self._end_talking(self._ring.end)
            if self._turn:
                await asyncio.wait([self._turn])
            hearing.cancel()
            await self._part()

    def interrupt(self) -> bool:
        """Also a question that is being asked."""
        if not self.talking:
            return super().interrupt()
        self._talking_from = None
        if self._limit:
            self._limit.cancel()
        self._line.hang_up()
        self._screen.note("(broken off)")
        self._listen()
        return True

    async def _entered(self, text: str) -> None:
        """Enter was pressed, with or without a text before it."""
        if self.talking:
            self._end_talking(self._ring.end)
            return
        await self._barge_in()
        if text:
            self._ears.stop_watching()
            self._turn = self._group.create_task(self._ask(text))
        elif not self._hands_free:
            self._begin_talking(self._ring.end)

    async def _barge_in(self) -> None:
        """Stop what is being said, but not the session: what comes next tells it."""
        if self._turn and not self._turn.done():
            self._barging_in = not self._hands_free
            self._turn.cancel()
            await asyncio.wait([self._turn])
            self._barging_in = False

    def _hang_up(self) -> None:
        if not self._barging_in:
            super()._hang_up()

    def _begin_talking(self, from_sample: int) -> None:
        self._talking_from = from_sample
        self._line.start_speech(from_sample)
        self._limit = asyncio.get_running_loop().call_later(self._longest_s, self._stop_listening)
        self._screen.note("listening" if self._hands_free else "listening; Enter ends it")

    def _stop_listening(self) -> None:
        self._screen.note(f"{self._longest_s:g} s are the most ([listening] longest_utterance_s)")
        self._end_talking(self._ring.end)

    def _end_talking(self, at_sample: int) -> None:
        from_sample, self._talking_from = self._talking_from or 0, None
        if self._limit:
            self._limit.cancel()
        self._ears.stop_watching()
        if at_sample - from_sample < SHORTEST_SAMPLES:
            self._line.hang_up()
            self._screen.note("too short; press Enter, speak, and press it again")
            return
        self._line.end_speech(at_sample)
        self._turn = self._group.create_task(self._answer_aloud())

    async def _answer_aloud(self) -> None:
        self._expect(self._line.exchange.turn)
        await self._take_turn(self._line.reply())

    async def _take_turn(self, asked: Coroutine[None, None, Exchange]) -> None:
        try:
            await super()._take_turn(asked)
        finally:
            self._listen()  # … unless something else begins at once

    # Hands free

    def _listen(self) -> None:
        """Look for speech from here on, once the room has settled."""
        if self._hands_free:
            self._ears.watch(self._ring.end + Rules().settle_samples)

    def _on_heard(self, event: Event) -> None:
        match event:
            case SoundVanished():
                self._screen.note("the microphone delivers nothing but zeros; is it muted?")
            case SoundReturned():
                self._screen.note("the microphone delivers sound again")
            case UtteranceStarted(at) if not self.talking and not self._answering:  # one may have been on its way
                self._begin_talking(at)
            case UtteranceEnded(at) if self.talking:
                self._end_talking(at)
