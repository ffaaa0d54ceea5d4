"""What a person sees of a conversation: a line for each thing that happens, and the time line it leaves behind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol

from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.exchange import State
from daemon.conversation.messages import ReplyAudio, SessionMessage, Transcribed
from daemon.conversation.witness import Witness
from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ, Samples, ms_of_samples
from daemon.sound.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from daemon.conversation.commands import Command
    from daemon.conversation.events import Event
    from daemon.conversation.situation import Situation
    from daemon.timeline.timeline import Timeline
    from hardware.base import OutputState

CARDS: Final[dict[type[Event], tuple[str, str]]] = {
    on.MicrophoneLost: ("microphone", "gone; it is waited for"),
    on.MicrophoneRestored: ("microphone", "back"),
    on.SoundVanished: ("microphone", "delivers nothing but zeros; is it muted?"),
    on.SoundReturned: ("microphone", "delivers sound again"),
    on.SpeakerLost: ("speaker", "gone; it is waited for"),
    on.SpeakerRestored: ("speaker", "back"),
}
"""What is said of the sound cards."""


class Watched(Protocol):
    """A device that is looked at."""

    @property
    def name(self) -> str: ...
    def read(self) -> OutputState: ...


class Onlooker(Witness):
    """Tells, in milliseconds of captured audio, and fills a `Timeline`."""

    def __init__(self, timeline: Timeline, tell: Callable[[float, str, str], None]) -> None:
        """`tell(at_ms, what, text)` shows one line."""
        self._timeline = timeline
        self._tell = tell
        self._devices: Sequence[Watched] = ()
        self._scores: Callable[[], Mapping[str, float]] = dict
        self._captured = 0
        self._state: State | None = None
        self._levels: dict[str, float] = {}
        self._words: dict[str, str] = {"user": "", "model": ""}
        self.best_score = 0.0
        self.lost: on.SessionLost | None = None
        self.turns = 0
        self.woken = False
        self.reply = Recording()
        """All replies."""
        self.resting = asyncio.Event()
        self.resting.set()
        self._timeline.entered(0, State.IDLE.value)

    def look_at(self, devices: Sequence[Watched], scores: Callable[[], Mapping[str, float]]) -> None:
        """Also at these devices; `scores` are the wake engine's of the moment."""
        self._devices, self._scores = devices, scores
        self._levels = {device.name: 0.0 for device in devices}
        self._look_at_devices()

    @property
    def now_ms(self) -> float:
        return ms_of_samples(self._captured)

    def captured(self, samples: Samples) -> None:
        self._timeline.heard(self.now_ms, samples)
        self._captured += len(samples)
        score = max(self._scores().values(), default=0.0)
        self.best_score = max(self.best_score, score)
        self._timeline.scored(self.now_ms, score)

    def received(self, message: SessionMessage) -> None:
        if isinstance(message, Transcribed):
            self._words[message.speaker] += message.text
        elif isinstance(message, ReplyAudio):
            self.reply.add(message.data, message.rate_hz)

    def happened(self, event: Event, commands: Sequence[Command], situation: Situation) -> None:
        if isinstance(event, on.ReplyStarted | on.ReplyComplete):
            self._tell_words()
        self._look_at_devices()
        self._tell_event(event)
        for command in commands:
            self._tell_command(command)
        if situation.state is not self._state:
            self._state = situation.state
            (self.resting.set if self._state is State.IDLE else self.resting.clear)()
            self._timeline.entered(self.now_ms, self._state.value)
            self._say("state", self._state.value)

    def _tell_event(self, event: Event) -> None:
        if told := CARDS.get(type(event)):
            self._say(*told)
        match event:
            case on.WakeWordDetected(model):
                self.woken = True
                self._mark("wake word", f"{model.replace('_', ' ')} (score {self.best_score:.2f})")
            case on.ButtonPressed():
                self._mark("button", "pressed")
            case on.SessionOpened():
                self._mark("session", "open")
            case on.SessionLost(cause, detail):
                self.lost = event
                self._mark("session", f"lost: {cause.value.replace('_', ' ')} {detail}".rstrip())
            case on.ToolRequested(call):
                arguments = ", ".join(f"{name}={value}" for name, value in call.arguments.items())
                self._mark("tool", f"{call.name}({arguments})")
            case on.ReplyStarted():
                self._timeline.happened(self.now_ms, "reply")
                self._say("reply", "first sound")
            case on.PlayoutDrained(heard_samples=heard):
                self._say("reply", f"heard to its end, {ms_of_samples(heard, REPLY_RATE_HZ) / 1000:.1f} s")

    def _tell_command(self, command: Command) -> None:
        match command:
            case do.OpenSession():
                self._say("session", "connecting")
            case do.StartActivity(from_sample=sample):
                self._timeline.activity_started(ms_of_samples(sample))
                self._say("uplink", f"activityStart, with what was said from {ms_of_samples(sample):,.0f} ms on")
            case do.EndActivity(at_sample=sample):
                self.turns += 1
                self._timeline.activity_ended(ms_of_samples(sample))
                self._say("uplink", f"activityEnd, at {sample / CAPTURE_RATE_HZ * 1000:,.0f} ms")

    def _tell_words(self) -> None:
        for speaker, title in (("user", "you said"), ("model", "Pipit says")):
            if words := " ".join(self._words[speaker].split()):
                self._say(title, f"“{words}”")
                self._words[speaker] = ""

    def _look_at_devices(self) -> None:
        for device in self._devices:
            state = device.read()
            level = (1.0 if state.level is None else state.level) if state.on else 0.0
            if level != self._levels[device.name]:
                self._levels[device.name] = level
                shown = f"{level:.0%}" if state.level is not None and level else "ON" if level else "off"
                self._say("device", f"{device.name} is {shown}")
            self._timeline.switched(self.now_ms, device.name, level)

    def _mark(self, what: str, text: str) -> None:
        self._timeline.happened(self.now_ms, f"{what}: {text}")
        self._say(what, text)

    def _say(self, what: str, text: str) -> None:
        self._tell(self.now_ms, what, text)
