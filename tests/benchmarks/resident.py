"""One daemon in a process of its own, which prints what it takes: for `test_footprint`.

`python -m tests.benchmarks.resident SETTINGS SPEECH.wav [--echo | --rest]` runs the service around a recorded
microphone and speaker in real time, until its first reply was heard to the end. A line of JSON each for READY, for when
google.genai is loaded and for the end of the conversation. With `--echo` it takes the echo of that speaker out, though
there is none. With `--rest` nobody speaks, and it reports when it has rested for some time, google.genai loaded and its
failures spoken.
"""

# ruff: noqa: E402  what comes after `prefer_lean` is imported as `pipit run` does

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from daemon.house.lean_imports import prefer_lean

prefer_lean()  # as `pipit run` does, where anything was compiled

import numpy as np

from daemon.hearing.making import microphone_format
from daemon.house.equipment import Drivers, real_echo, without_echo
from daemon.house.file import load_settings
from daemon.house.running import run
from daemon.house.supervision import Supervisor
from daemon.sound.pcm import CAPTURE_RATE_HZ
from daemon.sound.wav import read_audio
from daemon.speech.making import speaker_format
from hardware.fake import RecordingSpeaker, WavMicrophone

if TYPE_CHECKING:
    from daemon.hearing.settings import MicrophoneSettings
    from daemon.sound.echo.echo_path import EchoPath
    from daemon.speech.settings import SpeakerSettings

RESTED_S = 20

paths: list[EchoPath] = []
"""Whose frames are counted."""


def cancelling(microphone: MicrophoneSettings, speaker: SpeakerSettings) -> EchoPath:
    paths.append(real_echo(microphone, speaker))
    return paths[0]


def report(what: str) -> None:
    """Seconds since this process was started, and its resident megabytes."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    started = ticks / os.sysconf("SC_CLK_TCK")
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    resident_mb, own_mb, peak_mb = (int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon", "VmHWM"))
    seconds = time.clock_gettime(time.CLOCK_BOOTTIME) - started
    figures = {"s": seconds, "mb": resident_mb, "own_mb": own_mb, "peak_mb": peak_mb}
    print(json.dumps({"at": what, **figures, "cancelled": sum(path.counters.frames for path in paths)}), flush=True)


class Reporter(Supervisor):
    """Reports when it is told of READY and of the end of a reply."""

    def ready(self, status: str) -> None:
        report("ready")
        if "--rest" in sys.argv:
            asyncio.get_running_loop().call_later(RESTED_S, report, "rest")
        super().ready(status)

    def status(self, text: str) -> None:
        report(text)
        super().status(text)


async def main() -> None:
    sys.modules["PIL"] = None  # type: ignore[assignment]  # google.genai imports it; a device without a camera has none
    settings = load_settings(Path(sys.argv[1]))
    drawn = Random(0).randbytes(8 * CAPTURE_RATE_HZ)  # noqa: S311  no secret, and numpy.random would count
    lead = np.frombuffer(drawn, np.int16) // 2_340  # 8 RMS
    speech = lead if "--rest" in sys.argv else np.concatenate((lead, read_audio(Path(sys.argv[2]))))
    format_ = microphone_format(settings.microphone)
    microphone = WavMicrophone(speech, format_, then_silence=True, hiss_rms=8)
    drivers = Drivers(
        microphone=lambda _: microphone,
        speaker=lambda speaker: lambda source: RecordingSpeaker(speaker_format(speaker), source),
        echo=cancelling if "--echo" in sys.argv else without_echo,
    )
    await run(settings, Reporter(environ={}), drivers)


if __name__ == "__main__":
    asyncio.run(main())
