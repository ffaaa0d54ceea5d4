"""One daemon in a process of its own on cards that keep time, which prints what it takes: for `test_rest`.

`PYTHONPATH=CHECKOUT CHECKOUT/.venv/bin/python paced_household.py SETTINGS ROOM.wav SECONDS`: the service of a checkout,
which may be an older one, on its own ALSA drivers, hearing the room over and over. Prints a line of JSON: CPU in ms for
each second and wake-ups a second, both by thread, and how often a second the event loop asked the kernel for news.
Cards and meter are those of this checkout, which take the standard library alone.
"""

import asyncio
import importlib.util
import json
import logging
import os
import selectors
import sys
from functools import partial
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "daemon/doctor/bench"))

from paced_cards import PacedCapture, PacedPlayback
from thread_costs import ThreadMeter

WARM_UP_S = 8.0
"""Until the models have settled; google.genai is loaded and what may be said is spoken before anything is counted."""


class Woken(logging.Handler):
    """When a wake word was decided: so many ms after the room began to be heard anew."""

    def __init__(self, capture: PacedCapture) -> None:
        super().__init__()
        self._capture = capture
        self.at_ms: list[float] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("wake word "):
            self.at_ms.append(round(self._capture.heard_s() * 1000, 1))


class CountingSelector(selectors.DefaultSelector):
    polls = 0

    def select(self, timeout=None):
        self.polls += 1
        return super().select(timeout)


def service(settings_path: Path, capture: PacedCapture, playback: PacedPlayback):
    """The whole service of the checkout, as a coroutine."""
    try:
        from daemon.hearing.making import microphone_format
        from daemon.house.equipment import Drivers
        from daemon.house.file import load_settings
        from daemon.house.running import run
        from daemon.house.supervision import Supervisor
        from daemon.speech.making import speaker_format
        from hardware.sound.alsa import AlsaMicrophone, AlsaSpeaker
    except ImportError:
        return _before_the_rooms(settings_path, capture, playback)
    settings = load_settings(settings_path)
    microphone = AlsaMicrophone("paced", microphone_format(settings.microphone), open_pcm=capture)
    pausing = {"pauses": lambda: True} if os.environ.get("PIPIT_SPEAKER_PAUSES") else {}
    make = partial(AlsaSpeaker, "paced", speaker_format(settings.speaker), open_pcm=playback, **pausing)
    drivers = Drivers(microphone=lambda _: microphone, speaker=lambda _: make)
    return run(settings, Supervisor(environ={}), drivers)


def _before_the_rooms(settings_path: Path, capture: PacedCapture, playback: PacedPlayback):
    """… of a checkout in which all files lay in one folder (up to c6e6149)."""
    from daemon.assembly import microphone_format, speaker_format
    from daemon.settings_file import load_settings
    from daemon.supervision import Supervisor
    from hardware.alsa import AlsaMicrophone, AlsaSpeaker

    from daemon import app

    settings = load_settings(settings_path)
    microphone = AlsaMicrophone("paced", microphone_format(settings.microphone), open_pcm=capture)
    make = partial(AlsaSpeaker, "paced", speaker_format(settings.speaker), open_pcm=playback)
    return app.run(settings, Supervisor(environ={}), microphone, make)


async def main(selector: CountingSelector) -> None:
    sys.modules["PIL"] = None  # type: ignore[assignment]  # google.genai imports it; a device without a camera has none
    from daemon.sound.wav import read_audio

    settings_path, room, seconds = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    strides = importlib.util.find_spec("hardware.sound") and importlib.util.find_spec("hardware.sound.strides")
    playback, capture = PacedPlayback(8 if strides else 4), PacedCapture(read_audio(room).tobytes())
    woken = Woken(capture)
    logging.getLogger("daemon").addHandler(woken)
    logging.getLogger("daemon").setLevel("INFO")
    running = asyncio.create_task(service(settings_path, capture, playback))
    await asyncio.wait([running], timeout=WARM_UP_S)
    while any(task.get_coro().__name__ == "_get_ready" for task in asyncio.all_tasks()):
        await asyncio.wait([running], timeout=1)
    polls, meter = selector.polls, ThreadMeter()
    await asyncio.wait([running], timeout=seconds)
    if running.done():
        await running
    report = meter.read()._asdict() | {
        "polls": round((selector.polls - polls) / meter.seconds, 2),
        "underruns": playback.underruns,
        "woken_ms": woken.at_ms,
    }
    print(json.dumps(report), flush=True)
    os._exit(0)


if __name__ == "__main__":
    counting = CountingSelector()
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(counting)) as runner:
        runner.run(main(counting))
