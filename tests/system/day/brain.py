"""The model of a simulated day: it knows every utterance by its mark, and answers each with sound of its own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from daemon.brain.brain import Heard, Spoken
from daemon.offline.rehearsal.scenario import Call
from daemon.offline.service.faults import GoAway, Wait
from tests.system.day.speech import numbers_said, put_together, reply_sound
from tests.system.day.troubles import Sound

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from daemon.brain.brain import CallTool, UserTurn
    from daemon.offline.service.faults import Fault
    from daemon.sound.pcm import Samples
    from tests.system.day.plan import Line


class DayBrain:
    """A `Stage` for `LiveServer`."""

    def __init__(
        self,
        lines: Mapping[int, Line],
        tally: Counter[str],
        complain: Callable[[str], None],
        *,
        in_parts: bool = False,
    ) -> None:
        """`in_parts`: an utterance may come as one turn and the rest of it as the next."""
        self.asked: Counter[int] = Counter()
        """How often each utterance arrived as a turn, and whole."""
        self.said: dict[int, list[Samples]] = {}
        """The parts of the newest reply to each, as far as it came."""
        self.on_told_to_go: Callable[[], None] = lambda: None
        """Called after a goAway."""
        self._lines = lines
        self._tally = tally
        self._complain = complain
        self._in_parts = in_parts
        self._part: tuple[int, Samples] | None = None

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken | Fault]:
        """What the plan has for the newest utterance of the turn; nothing, if nothing was said."""
        audio = self._put_together(turn.audio)
        numbers = list(numbers_said(audio))
        if not numbers:
            return
        number = numbers[-1]
        for said in numbers:
            if self._lines[said].samples.tobytes() not in audio.tobytes():
                if self._in_parts and said == number:
                    self._part = number, audio
                    self._tally["requests taken back"] += 1
                    yield Spoken("half an answer", reply_sound(number, 0, 0, 1.0))
                    return
                self._complain(f"the model was asked utterance {said} in part")
            self.asked[said] += 1
        yield Heard(f"utterance {number}")
        async for piece in self._perform(number, call_tool):
            yield piece

    def _put_together(self, audio: Samples) -> Samples:
        """With the part of an utterance that came before."""
        part, self._part = self._part, None
        if part is None or any(numbers_said(audio)):
            return audio
        return put_together(part[1], audio)

    async def _perform(self, number: int, call_tool: CallTool) -> AsyncIterator[Spoken | Fault]:
        attempts = self._lines[number].attempts
        attempt = min(self.asked[number], len(attempts)) - 1
        self.said[number] = []
        for step in attempts[attempt]:
            match step:
                case Sound(seconds):
                    sound = reply_sound(number, self.asked[number], len(self.said[number]), seconds)
                    self.said[number].append(sound)
                    yield Spoken(f"reply {number}", sound)
                case Call(name, arguments):
                    self._tally["tool calls"] += 1
                    await call_tool(name, arguments)
                case Wait():
                    yield step
                case GoAway():
                    self._tally["goAways"] += 1
                    yield step
                    self.on_told_to_go()
                case _:
                    self._tally["faults"] += 1
                    yield step
