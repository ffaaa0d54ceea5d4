"""A brain that does not think: it plays a scenario, whatever the user says."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np

from daemon.brain.brain import CallTool, Heard, Spoken, UserTurn
from daemon.offline.rehearsal.scenario import Call, Hear, Line, Say, Scenario, Turn, acts
from daemon.offline.service.faults import BackgroundCall, CloseSocket, Fault, Piece
from daemon.offline.wire.mapping import INTERNAL_ERROR
from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ, Samples
from daemon.sound.resample import resample
from daemon.sound.wav import read_audio

TONE_HZ: Final = 440.0
TONE_LEVEL: Final = 0.2
"""Of full scale: clearly heard, and far from clipping when something is mixed in."""

WORD_S: Final = 0.3
"""How long a word takes, where no length is given: 200 words a minute."""

MISMATCH: Final = INTERNAL_ERROR
"""A scenario that does not come true ends the connection as a failure of the service does."""


class ScriptedBrain:
    """Plays the turns of a scenario, one for each turn of the user, across all sessions; a `Stage` for `LiveServer`."""

    def __init__(self, scenario: Scenario) -> None:
        self.turns: list[UserTurn] = []
        """What the user said, turn by turn."""
        self.complaints: list[str] = []
        """Where the client did not answer as the scenario expects."""
        self._scenario = scenario

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Piece]:
        """The next turn of the scenario; nothing if there is none left."""
        self.turns.append(turn)
        number = len(self.turns)
        steps = self._scenario.turns[number - 1] if number <= len(self._scenario.turns) else ()
        async for piece in _Play(number, steps, call_tool, self.complaints).opening():
            yield piece


class _Play:
    """One turn of a scenario."""

    def __init__(self, number: int, steps: Turn, call_tool: CallTool, complaints: list[str]) -> None:
        self._number = number
        self._positions = {id(step): position for position, step in enumerate(steps, start=1)}
        self._opening, self._acts = acts(steps)
        self._call_tool = call_tool
        self._complaints = complaints

    def opening(self) -> AsyncIterator[Piece]:
        """What is said at once."""
        return self._play(self._opening)

    async def _play(self, lines: Sequence[Line]) -> AsyncIterator[Piece]:
        for step, *others in _groups(lines):
            match step:
                case Call(blocking=True):
                    calls = [step, *(call for call in others if isinstance(call, Call))]
                    if await self._call(calls):
                        yield self._end()
                        return
                case Call():
                    yield BackgroundCall(step.call, step.args, partial(self._answered, step))
                case _:
                    yield _piece(step)

    async def _call(self, calls: Sequence[Call]) -> bool:
        """Make these calls at once, and wait for their answers; whether one is wrong."""
        async with asyncio.TaskGroup() as tasks:
            waiting = [tasks.create_task(self._ask(call)) for call in calls]
        wrong = [self._is_wrong(call, task.result()) for call, task in zip(calls, waiting, strict=True)]
        return any(wrong)

    async def _ask(self, call: Call) -> Mapping[str, Any]:
        return await self._call_tool(call.call, call.args)

    def _answered(self, call: Call, answer: Mapping[str, Any]) -> AsyncIterator[Piece]:
        """What is said once a call has its answer; a wrong one is noted even if the client wants nothing said."""
        wrong = self._is_wrong(call, answer)
        return self._fail() if wrong else self._play(self._acts.get(call.call, ()))

    async def _fail(self) -> AsyncIterator[Piece]:
        yield self._end()

    def _is_wrong(self, call: Call, answer: Mapping[str, Any]) -> bool:
        """Whether the answer is not as expected; then it is a complaint."""
        wrong = _difference(call, answer)
        if wrong:
            position = self._positions[id(call)]
            self._complaints.append(f"turn {self._number}, step {position}: {call.call} answered {wrong}")
        return bool(wrong)

    def _end(self) -> CloseSocket:
        return CloseSocket(MISMATCH, f"scenario: {self._complaints[-1]}")


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Each step alone, but for calls that are together with the call before."""
    groups: list[list[Line]] = []
    for line in lines:
        together = isinstance(line, Call) and line.together and groups and isinstance(groups[-1][0], Call)
        if together:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def tone(seconds: float, frequency_hz: float = TONE_HZ) -> Samples:
    """A sine at the reply's rate, beginning at zero."""
    phase = 2 * np.pi * frequency_hz * np.arange(round(seconds * REPLY_RATE_HZ)) / REPLY_RATE_HZ
    return np.round(np.sin(phase) * TONE_LEVEL * 32767).astype(np.int16)


def _piece(step: Hear | Say | Fault | Heard | Spoken) -> Heard | Spoken | Fault:
    match step:
        case Hear(text):
            return Heard(text)
        case Say():
            return Spoken(step.say, _sound(step))
        case _:
            return step


def _sound(step: Say) -> Samples:
    """The sound of a step, 24 kHz; raises AudioFileError for a file that is none."""
    if step.wav:
        return resample(read_audio(step.wav), CAPTURE_RATE_HZ, REPLY_RATE_HZ)
    return tone(WORD_S * len(step.say.split()) if step.tone_s is None else step.tone_s)


def _difference(call: Call, answer: Mapping[str, Any]) -> str:
    """What of the answer is not as expected; empty if nothing."""
    wrong = {key: answer.get(key) for key, value in call.expect.items() if answer.get(key) != value}
    return f"{wrong} instead of { {key: call.expect[key] for key in wrong} }" if wrong else ""
