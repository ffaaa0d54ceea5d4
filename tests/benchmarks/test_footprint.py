"""What the whole daemon takes: memory at rest and in conversation, and the time until it hears.

Bounds are those of an x86-64 machine with Python 3.11; the bare interpreter of the same run is printed beside them.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.offline.scenario import Call, Say, Scenario
from daemon.offline.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.voice import Flite
from daemon.sound.pcm import CAPTURE_RATE_HZ
from daemon.sound.wav import write_wav

if TYPE_CHECKING:
    from asyncio.subprocess import Process

ROOT = Path(__file__).parents[2]
IDLE_MB = 90
CONVERSATION_MB = 130
READY_S = 2.0
PATIENCE_S = 60

SETTINGS = """
[wake]
models_dir = "{models}"
[listening]
follow_up_s = 0
[live]
endpoint = "{server.url}"
ca_file = "{server.ca_file}"
[gpio]
factory = "mock"
[button]
pin = 5
[[device]]
name = "lamp"
kind = "led"
pin = 17
"""


def bare_interpreter_mb() -> float:
    script = "print(next(line.split()[1] for line in open('/proc/self/status') if 'VmRSS' in line))"
    return int(subprocess.check_output([sys.executable, "-c", script], text=True)) / 1024


async def test_memory_and_start_of_the_whole_daemon(models: Path, tmp_path: Path) -> None:
    speech = tmp_path / "speech.wav"
    write_wav(speech, await Flite().speak("hey jarvis, turn on the lamp", CAPTURE_RATE_HZ), CAPTURE_RATE_HZ)
    turn = [Call("set_device", {"device": "lamp", "state": "on"}), Say("The lamp is on.", tone_s=1)]
    async with LiveServer(ScriptedBrain(Scenario(turns=[turn])), certificate_dir=tmp_path) as server:
        settings = tmp_path / "pipit.toml"
        settings.write_text(SETTINGS.format(models=models, server=server))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.benchmarks.resident", str(settings), str(speech)),
            cwd=ROOT,
            env={**os.environ, "GEMINI_API_KEY": "test-key"},
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            reports = await one_conversation(process)
        finally:
            process.kill()
            await process.wait()
    ready, after = reports["ready"], reports["idle"]
    print(f"\nstart to READY {ready['s']:.2f} s; resident then {ready['mb']:.0f} MB, ", end="")
    print(f"a bare Python {bare_interpreter_mb():.0f} MB;")
    print(f"after a conversation {after['mb']:.0f} MB, at most {after['peak_mb']:.0f} MB")
    assert ready["mb"] <= IDLE_MB
    assert after["peak_mb"] <= CONVERSATION_MB
    assert ready["s"] <= READY_S


async def one_conversation(process: Process) -> dict[str, dict[str, float]]:
    """The reports until the reply was heard."""
    assert process.stdout
    reports: dict[str, dict[str, float]] = {}
    async with asyncio.timeout(PATIENCE_S):
        while "speaking" not in reports or "idle" not in reports:
            line = json.loads(await process.stdout.readline())
            if line["at"] != "idle" or "speaking" in reports:
                reports[line["at"]] = line
    return reports
