"""The people of a simulated day: they say the lines of the plan, and notice whether they are answered."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.conversation import events as on
from daemon.conversation.exchange import RESTS, State
from tests.system.day.cards import PERIOD_MS
from tests.system.day.speech import numbers_said, put_together, room, wake_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from daemon.appliance.appliance import Appliance
    from daemon.conversation.causes import Cause, Notice
    from daemon.offline.service.faults import SocketEnd
    from daemon.offline.wire.records import ActivityWindow
    from daemon.sound.pcm import Samples
    from tests.system.day.brain import DayBrain
    from tests.system.day.cards import Cards
    from tests.system.day.overseer import Overseer
    from tests.system.day.plan import Ask, Line, Scene
    from tests.system.day.service import Service

PATIENCE_S: Final = 240.0
"""Longer than any turn may take."""
PROMPT_S: Final = 1.0
"""For a reply that nothing holds up."""
TAP_MS: Final = 80.0


class People:
    """One for each start of the appliance."""

    def __init__(
        self,
        appliance: Appliance,
        cards: Cards,
        overseer: Overseer,
        service: Service,
        brain: DayBrain,
        complain: Callable[[str], None],
    ) -> None:
        self.appliance = appliance
        self.overseer = overseer
        self._cards = cards
        self._service = service
        self._brain = brain
        self._complain = complain
        self._random = np.random.default_rng(0)
        self._loop = asyncio.get_running_loop()
        self._cut: SocketEnd | None = None

    @property
    def told(self) -> Sequence[Cause | Notice]:
        """What was announced in the present conversation."""
        return self.overseer.minutes.announced

    @property
    def _state(self) -> State:
        return self.appliance.conversation.state

    async def live(self, scene: Scene) -> None:
        """Hold the conversation, wait until it is over, and see what became of it."""
        self._service.prepare(scene.trouble)
        self._cut = scene.trouble.cut
        self.overseer.begin()
        open_already = self._service.connections > 0
        self._cards.speaker.heard()
        asked = []
        for ask in scene.turns:
            if await self._begin(ask):
                asked.append(ask)
                await self._await_the_end_of(ask)
            elif scene.strict:
                self._complain(f"{scene}: no chance for a {ask.by}")
        await self.overseer.until(lambda: self._state in RESTS, "at rest", PATIENCE_S)
        await asyncio.sleep(3)
        self._look_back(scene, asked)
        if open_already and scene.plain and any(pause_s > PROMPT_S for pause_s in self.overseer.minutes.pauses_s):
            self._complain(f"{scene}: replies began after {self.overseer.minutes.pauses_s} s")

    # Saying it

    async def _begin(self, ask: Ask) -> bool:
        """Say it, if the conversation is where that can be said."""
        if ask.by in {"wake", "tap", "hold"}:
            await self.overseer.until(lambda: self._state in RESTS, "at rest", PATIENCE_S)
        await asyncio.sleep(ask.pause_s)
        before, events = self.appliance.conversation.turn, len(self.overseer.minutes.happened)
        match ask.by:
            case "follow_up" if self._state is not State.LISTENING:
                return False
            case "barge_in" if self._state in RESTS:
                return False
            case "wake" | "barge_in":
                self._say(room(0.2, self._random), wake_word())
            case "tap" | "hold":
                self._cards.button.press()
                if ask.by == "tap":
                    self._cards.button.release(TAP_MS)
        self._speak(ask)
        if ask.by == "hold":
            await self._let_go()
        await self.overseer.until(lambda: self._was_woken(events), "awake", 5)
        if ask.by in {"follow_up", "barge_in"}:
            await self.overseer.until(lambda: self.appliance.conversation.turn > before, "heard", PATIENCE_S)
        return True

    def _was_woken(self, since: int) -> bool:
        """It may have gone back to sleep at once."""
        woken = on.WakeWordDetected | on.ButtonPressed
        happened = self.overseer.minutes.happened[since:]
        return self._state not in RESTS or any(isinstance(event, woken) for event in happened)

    def _speak(self, ask: Ask) -> None:
        if ask.line:
            gap_s = 0.0 if ask.by == "follow_up" else ask.line.gap_s
            self._say(room(gap_s + self._random.uniform(0, PERIOD_MS / 1000), self._random))
            self._cut_in(ask.line)
            self._say(ask.line.samples)
        self._say(room(0.4, self._random))

    def _cut_in(self, line: Line) -> None:
        """If the connection is to be cut, some part into the line, which is about to be said."""
        if self._cut:
            tenths = line.number % 10
            delay_s = self._cards.microphone.to_say_s + line.seconds * tenths / 10
            self._loop.call_later(delay_s, self._service.cut, self._cut)

    def _say(self, *parts: Samples) -> None:
        self._cards.microphone.say(*parts)

    async def _let_go(self) -> None:
        """Of the button, when all is said."""
        begin = self._loop.time()
        await self._cards.microphone.all_said()
        self._cards.button.release(1000 * (self._loop.time() - begin))

    # Waiting for the answer

    async def _await_the_end_of(self, ask: Ask) -> None:
        if not ask.cut_short:
            await self.overseer.until(self._drained_or_at_rest, "answered or at rest", PATIENCE_S)
            return
        await self.overseer.until(lambda: self._state in {ask.cut_in, *RESTS}, f"{ask.cut_in.value}", PATIENCE_S)
        if ask.cut_short == "barge_in" or self._state in RESTS:
            return
        await asyncio.sleep(0.7)
        if ask.cut_short == "stop":
            self._cards.button.press()
            self._cards.button.release(TAP_MS)
        elif self._state not in RESTS:
            await self._mute_for_a_while()

    def _drained_or_at_rest(self) -> bool:
        turn = self.appliance.conversation.turn
        drained = [e for e in self.overseer.minutes.happened if isinstance(e, on.PlayoutDrained) and e.turn == turn]
        return self._state in RESTS or bool(drained)

    async def _mute_for_a_while(self) -> None:
        self.appliance.mute(muted=True)
        self._cards.microphone.hush()
        await asyncio.sleep(5)
        if self._service.connections:
            self._complain("a session is open while muted")
        self.appliance.mute(muted=False)

    # Looking back

    def _look_back(self, scene: Scene, asked: Sequence[Ask]) -> None:
        windows = self._service.audit()
        self.overseer.compare(windows)
        if wrongly := [cause for cause in self.told if cause not in scene.trouble.may_fail]:
            self._complain(f"{scene}: told {wrongly}")
        heard = self._cards.speaker.heard().tobytes()
        for ask in asked:
            if ask.line and ask.cut_short != "mute":
                self._check(scene, ask, windows, heard, told=bool(self.told))
            if ask.line and ask.cut_short and ask.cut_in is State.SPEAKING:
                self._check_silence(scene, ask.line, heard)

    def _check_silence(self, scene: Scene, line: Line, heard: bytes) -> None:
        """After it was cut short, no more of the reply is heard; its last part had not been reached."""
        parts = self._brain.said.get(line.number, [])
        if len(parts) > 1 and parts[-1].tobytes() in heard:
            self._complain(f"{scene}: the reply to {line.number} went on after it was cut short")

    def _check(self, scene: Scene, ask: Ask, windows: Sequence[ActivityWindow], heard: bytes, *, told: bool) -> None:
        """That the line reached the model, and its reply the household; or that it was told."""
        line = ask.line
        assert line is not None
        if not any(_holds(samples, line) for samples in _heard(windows)) and not told:
            self._complain(f"{scene}: utterance {line.number} did not reach the model")
        if ask.cut_short or told:
            return
        parts = self._brain.said.get(line.number, [])
        asked = self._brain.asked[line.number]
        if not parts or not asked:
            self._complain(f"{scene}: utterance {line.number} was not answered")
        elif asked > 1 and scene.trouble.name == "none":
            self._complain(f"{scene}: the model was asked utterance {line.number} {asked} times")
        elif missing := [number for number, part in enumerate(parts) if part.tobytes() not in heard]:
            self._complain(f"{scene}: parts {missing} of the reply to {line.number} were not heard")


def _heard(windows: Sequence[ActivityWindow]) -> Iterator[Samples]:
    """What arrived in each window that was closed, and in two that may be one utterance."""
    ended = [window.samples for window in windows if window.ended_at_s is not None]
    yield from ended
    yield from (put_together(before, after) for before, after in pairwise(ended))


def _holds(samples: Samples, line: Line) -> bool:
    """Whether the line arrived, from its first sample to its last."""
    return line.number in numbers_said(samples) and line.samples.tobytes() in samples.tobytes()
