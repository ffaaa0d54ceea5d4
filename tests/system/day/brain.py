"""The model of a simulated day: it knows every utterance by its mark, and answers each with sound of its own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from daemon.brain.brain import Heard, Spoken
from daemon.offline.rehearsal.scenario import Call
from daemon.offline.service.faults import GoAway, Wait
from tests.system.day.speech import numbers_said, reply_sound
from tests.system.day.troubles import Sound

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from daemon.brain.brain import CallTool, UserTurn
    from daemon.offline.service.faults import Fault
    from daemon.sound.pcm import Samples
    from tests.system.day.plan import Line


class DayBrain:
    """A `Stage` for `LiveServer`."""

    def __init__(self, lines: Mapping[int, Line], tally: Counter[str], complain: Callable[[str], None]) -> None:
        self.asked: Counter[int] = Counter()
        """How often each utterance arrived as a turn, and whole."""
        self.said: dict[int, list[Samples]] = {}
        """The parts of the newest reply to each, as far as it came."""
        self.on_told_to_go: Callable[[], None] = lambda: None
        """Called after a goAway."""
        self._lines = lines
        self._tally = tally
        self._complain = complain

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken | Fault]:
        """What the plan has for the newest utterance of the turn; nothing, if nothing was said."""
        numbers = list(numbers_said(turn.audio))
        for number in numbers:
            if self._lines[number].samples.tobytes() not in turn.audio.tobytes():
                self._complain(f"the model was asked utterance {number} in part")
            self.asked[number] += 1
        if not numbers:
            return
        number = numbers[-1]
        yield Heard(f"utterance {number}")
        async for piece in self._perform(number, call_tool):
            yield piece

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
