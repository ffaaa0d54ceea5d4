"""`pipit demo`: a whole conversation on a machine that has nothing, or on whatever of it the caller has.

Without options a voice is synthesised that says the wake word and a request; the appliance hears it through a shipped
microphone, talks with the offline Live server over TLS, switches a lamp on a mock pin and speaks through a recording
speaker. With a sound card (`--alsa`) or a key (`--cloud`) those parts are the real ones.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from daemon.errors import AudioFileError, PipitError
from daemon.hearing.making import microphone_format
from daemon.house.equipment import Drivers
from daemon.house.file import load_settings
from daemon.house.household import Household, household
from daemon.house.settings import Settings
from daemon.live.credentials import find_key
from daemon.live.session import preload
from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ, Samples, from_bytes, samples_of_ms
from daemon.sound.spool import shown
from daemon.sound.wav import read_recording, write_wav
from daemon.speech.making import speaker_format
from daemon.speech.meanings import SessionFailed
from daemon.speech.synthesis import Flite
from daemon.timeline.onlooker import Onlooker
from daemon.timeline.timeline import Timeline
from hardware.fake import RecordingSpeaker, WavMicrophone
from hardware.kernel.played_sensors import play_chip, play_processor, play_thermometer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from daemon.brain.recognition.recogniser import Recogniser
    from daemon.conversation.witness import Witness
    from daemon.hearing.listener import Listener
    from daemon.house.wiring import Wiring
    from daemon.offline.server import LiveServer
    from daemon.speech.settings import SpeakerSettings
    from hardware.base import PlayoutSource, Speaker

REQUEST: Final = "turn on the lamp"
BETWEEN_S: Final = 12.0
"""From one request to the next: the reply to the first has been spoken by then."""
LEAD_S: Final = 2.4
"""The wake engine ignores its first two seconds, in which its features still hold noise."""
ROOM_RMS: Final = 8.0
"""A quiet room through a quiet microphone, in 16-bit steps: digital silence is no room."""
SETTLE_S: Final = 1.0
PATIENCE_S: Final = 25.0
"""After the recording's end: longer than every deadline of the conversation."""

OFFLINE_KEY: Final = "offline"
"""The offline server takes any key; the caller's own goes nowhere but to Google."""

DEMO_DEVICES: Final = [
    {"name": "lamp", "kind": "led", "pin": 17},
    {"name": "desk light", "kind": "pwm", "pin": 13},
    {"name": "fan", "kind": "relay", "pin": 27, "active": "low"},
]


WIRED: Final = {"devices", "groups", "scenes", "inputs"}
"""What is taken of the settings that are to be tried; microphone, model and key are the demo's own."""


@dataclass(frozen=True, kw_only=True)
class DemoOptions:
    """What the command line asked for; paths as given."""

    models: Path
    wav: Path | None = None
    say: tuple[str, ...] = ()
    settings: Path | None = None
    anyway: bool = False
    alsa: bool = False
    cloud: bool = False
    out: Path = Path("demo-output")
    microphone: str = "default"
    speaker: str = "default"


async def demo(options: DemoOptions, recogniser: Recogniser | None = None) -> None:
    """Hold the conversation and write what it leaves. Raises PipitError if it cannot be held.

    `recogniser` hears English, if one is loaded already.
    """
    if options.cloud:
        find_key("", os.environ)  # before anything else is begun
    home = home_of(options)
    speech = None if options.alsa else await _speech(options)  # what cannot be read is told before models are loaded
    async with AsyncExitStack() as stack:
        server = None if options.cloud else await _offline_server(stack, options, recogniser)
        settings = demo_settings(options, server, home)
        root = Path(stack.enter_context(TemporaryDirectory(prefix="pipit-sensors-")))
        play_sensors(settings, root)
        await preload()
        scene = _Scene(options, settings, speech, root)
        house = await stack.enter_async_context(household(settings, scene.drivers, look_on=scene.look_on))
        if options.alsa:
            print("Say “hey jarvis” and go on talking. Ctrl-C ends it.\n", flush=True)
        try:
            await scene.play(house)
        finally:
            scene.leave_behind()
        scene.complain()


def home_of(options: DemoOptions) -> Mapping[str, Any]:
    """What is wired there, by the settings that are to be tried, or else three devices. Raises SettingsError."""
    if options.settings is None:
        return {"device": DEMO_DEVICES}
    named = load_settings(options.settings).model_dump(by_alias=True, exclude_unset=True, include=WIRED)
    return {key: value for key, value in named.items() if value}


def play_sensors(settings: Settings, root: Path) -> None:
    """What the kernel measures in that home, below `root`."""
    for table in settings.inputs:
        if table.kind == "ds18b20":
            play_thermometer(root, table.address)
        elif table.kind == "iio":
            play_chip(root, table.address, table.channel)
        elif table.kind == "cpu":
            play_processor(root)


def demo_settings(options: DemoOptions, server: LiveServer | None, home: Mapping[str, Any] | None = None) -> Settings:
    """A home on mock pins, if nothing else is said with three devices, and the session at the offline server or at
    Google.
    """
    live: dict[str, Any] = {} if server is None else {"endpoint": server.url, "ca_file": str(server.ca_file)}
    return Settings.model_validate(
        {
            "microphone": {"device": options.microphone},
            "speaker": {"device": options.speaker},
            "wake": {"models_dir": str(options.models.absolute())},
            "listening": {"follow_up_s": 6 if options.alsa else 0},
            "live": live,
            "offline": {"use": "never"},  # what answers in its place would be the same brain
            "gpio": {"factory": "mock"},
            **(home or {"device": DEMO_DEVICES}),
        }
    )


async def _offline_server(stack: AsyncExitStack, options: DemoOptions, recogniser: Recogniser | None) -> LiveServer:
    from daemon.brain.local import LocalBrain
    from daemon.brain.nearest import found_nearest
    from daemon.offline.server import LiveServer

    folder = stack.enter_context(TemporaryDirectory(prefix="pipit-"))
    nearest = await asyncio.to_thread(found_nearest, "auto")
    brain = await asyncio.to_thread(lambda: LocalBrain(options.models, nearest=nearest, recogniser=recogniser))
    return await stack.enter_async_context(LiveServer(brain, certificate_dir=Path(folder)))


async def _speech(options: DemoOptions) -> Samples:
    """What the microphone will hear: the caller's recording, or a synthetic voice. 16 kHz."""
    if options.wav:
        recording = await asyncio.to_thread(read_recording, options.wav)
        for remark in recording.remarks:
            print(f"pipit: {remark}", file=sys.stderr)
        return recording.samples if options.anyway else recording.audible()
    said = [await Flite().speak(f"hey jarvis, {text}", CAPTURE_RATE_HZ) for text in options.say or (REQUEST,)]
    pause = _room(BETWEEN_S)
    return np.concatenate([part for speech in said for part in (pause, speech)][1:])


class _Scene:
    """The appliance between its microphone and its speaker, with someone who looks on."""

    def __init__(self, options: DemoOptions, settings: Settings, speech: Samples | None, root: Path) -> None:
        self._speech_s = 0.0 if speech is None else len(speech) / CAPTURE_RATE_HZ
        self._recorder: RecordingSpeaker | None = None
        self.options = options
        self.timeline = Timeline(title="A conversation with Pipit", wake_threshold=settings.wake.threshold)
        self.onlooker = Onlooker(self.timeline, print_line)
        self._recorded = None if speech is None else _recorded_microphone(settings, speech)
        environ = {"GEMINI_API_KEY": OFFLINE_KEY} if settings.live.endpoint else os.environ
        self.drivers = Drivers(environ=environ, root=root)
        if recorded := self._recorded:
            self.drivers = replace(self.drivers, microphone=lambda _: recorded, speaker=self._recording_speaker)

    def look_on(self, wiring: Wiring, listener: Listener) -> list[Witness]:
        self.onlooker.look_at(wiring.outputs, lambda: listener.engine.last_scores)
        return [self.onlooker]

    async def play(self, house: Household) -> None:
        """Until the recording is over and the conversation at rest again, or until cancelled."""
        start_s = asyncio.get_running_loop().time()
        try:
            async with asyncio.TaskGroup() as group:
                living = group.create_task(house.appliance.run())
                if self._recorded:
                    await self._until_over(self._recorded)
                    living.cancel()
        finally:
            self._draw_what_was_heard(start_s)

    async def _until_over(self, microphone: WavMicrophone) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S + self._speech_s):
                await microphone.all_said()
                await asyncio.sleep(SETTLE_S)
                await self.onlooker.resting.wait()
        except TimeoutError:
            raise PipitError("the conversation did not come to its end in time", fix="run the demo again") from None

    def leave_behind(self) -> None:
        """Write reply and time line, and say where they are; nothing if nothing was heard. Raises PipitError."""
        if not self.onlooker.now_ms:
            return
        out = self.options.out
        try:
            self._write(out)
        except OSError as error:
            why = f"cannot write into {shown(out)}: {error.strerror}"
            raise PipitError(why, fix="name a folder with --out that has room and may be written to") from error

    def _write(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self.timeline.write_svg(out / "timeline.svg")
        if self.onlooker.reply:
            write_wav(out / "reply.wav", self.onlooker.reply.samples, REPLY_RATE_HZ)
            print(f"\nreply      {out / 'reply.wav'}")
        print(f"time line  {out / 'timeline.svg'}")

    def complain(self) -> None:
        """Raise the reason if the conversation was not what it should have been."""
        if self.onlooker.lost:
            raise SessionFailed(self.onlooker.lost)
        if self._recorded and not self.onlooker.turns:
            what = str(self.options.wav) if self.options.wav else "the synthetic voice"
            if self.onlooker.woken:
                raise AudioFileError(f"there is no request after the wake word in {what}", fix="say both in one breath")
            raise AudioFileError(
                f"there is no wake word in {what}: the best score was {self.onlooker.best_score:.2f}",
                fix="say “hey jarvis”, then the request, within two metres of the microphone",
            )

    def _recording_speaker(self, settings: SpeakerSettings) -> Callable[[PlayoutSource], Speaker]:
        def make(source: PlayoutSource) -> Speaker:
            self._recorder = RecordingSpeaker(speaker_format(settings), source)
            return self._recorder

        return make

    def _draw_what_was_heard(self, start_s: float) -> None:
        for period in self._recorder.timeline if self._recorder else ():
            if any(period.pcm):
                self.timeline.spoke((period.at_s - start_s) * 1000, from_bytes(period.pcm))


def _recorded_microphone(settings: Settings, speech: Samples) -> WavMicrophone:
    audio = np.concatenate((_room(LEAD_S), speech))
    return WavMicrophone(audio, microphone_format(settings.microphone), then_silence=True, hiss_rms=ROOM_RMS)


def _room(seconds: float) -> Samples:
    return np.random.default_rng(0).normal(0, ROOM_RMS, samples_of_ms(1000 * seconds)).astype(np.int16)


def print_line(at_ms: float, what: str, text: str) -> None:
    print(f"{at_ms:>9,.0f} ms  {what:<11}{text}", flush=True)
