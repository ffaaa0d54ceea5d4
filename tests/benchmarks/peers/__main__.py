"""`python -m tests.benchmarks.peers`: Pipit beside others, in one run; prints one table. See docs/benchmarks.md."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.sound.pcm import CAPTURE_RATE_HZ
from tests.benchmarks.paced import HOP_S, Cost
from tests.benchmarks.peers.client_run import ROOT, Run, run_beside_server
from tests.benchmarks.peers.recording import QUIET_S, Recording, recording, room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.offline.server import LiveServer
    from daemon.sound.pcm import Samples

MODELS: Final = Path(os.environ.get("PIPIT_MODELS", ROOT / "models"))

SETTINGS: Final = """
[wake]
models_dir = "{models}"
[listening]
follow_up_s = 0
[live]
endpoint = "{server.url}"
ca_file = "{server.ca_file}"
[gpio]
factory = "mock"
"""


def environment(name: str) -> Path:
    """The Python that has what `requirements/peers/NAME.txt` pins, apart from Pipit's."""
    python = ROOT / f".venv-peers-{name}/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", python.parents[1]], check=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "--requirement", ROOT / f"requirements/peers/{name}.txt"], check=True)
    return python


# Wake engines


def wake_engines(python: Path, speech: Samples, folder: Path) -> None:
    """All at the same time over the same sound; then all over a quiet room."""
    print("\nwake engines, one word, a hop every 80 ms: ms of CPU a second of sound, of the stock package's, MB")
    for what, samples in (("speech", speech), ("quiet room", room(len(speech) / 16_000))):
        sound = folder / "sound.pcm"
        samples.tofile(sound)
        ours = [sys.executable, "-m", "tests.benchmarks.paced"]
        others = [str(python), str(Path(__file__).with_name("engine_others.py"))]
        commands = {
            "openwakeword": [*ours, "stock", str(MODELS), str(sound)],
            "pyopen-wakeword": [*others, "pyopen", str(sound)],
            "pymicro-wakeword": [*others, "pymicro", str(sound)],
            "Pipit, no first stage": [*ours, "exact", str(MODELS), str(sound)],
            "Pipit": [*ours, "staged", str(MODELS), str(sound)],
        }
        children = {}
        for name, command in commands.items():
            children[name] = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
            time.sleep(HOP_S / len(commands))
        costs = {name: Cost(*json.loads(child.communicate()[0])) for name, child in children.items()}
        for name, cost in costs.items():
            share = costs["openwakeword"].ms_per_s / cost.ms_per_s
            print(f"  {what:11} {name:22} {cost.ms_per_s:7.1f}   1/{share:<5.1f} {cost.resident_mb:5.0f}")


# Whole clients


def pipit(server: LiveServer, folder: Path) -> list[str]:
    settings = folder / "pipit.toml"
    settings.write_text(SETTINGS.format(models=MODELS, server=server))
    module = "tests.benchmarks.peers.client_pipit"
    return [sys.executable, "-m", module, str(settings), str(folder.parent / "heard.pcm")]


def cookbook(server: LiveServer, folder: Path) -> list[str]:
    module = "tests.benchmarks.peers.client_cookbook"
    return [sys.executable, "-m", module, server.url, str(folder.parent / "heard.pcm")]


def pipecat(server: LiveServer, folder: Path) -> list[str]:
    module = "tests.benchmarks.peers.client_pipecat"
    return [str(environment("pipecat")), "-m", module, server.url, str(folder.parent / "heard.pcm")]


def livekit(server: LiveServer, folder: Path) -> list[str]:
    module = "tests.benchmarks.peers.client_livekit"
    return [str(environment("livekit")), "-m", module, server.url, str(folder.parent / "heard.pcm")]


async def clients(turns: int, folder: Path) -> None:
    heard = await recording(turns)
    heard.samples.tofile(folder / "heard.pcm")
    runs = {}
    for name, maker in (("Pipit", pipit), ("cookbook", cookbook), ("pipecat", pipecat), ("livekit", livekit)):
        await asyncio.to_thread((folder / name).mkdir)
        runs[name] = await run_beside_server(maker, heard, folder / name)
    print(
        f"\nclients of the Live API, one after the other, {turns} requests; times are the median, and the 95th of 100"
    )
    table = {name: rows(run, heard) for name, run in runs.items()}
    print(f"  {'':50} " + " ".join(f"{name:>16}" for name in table))
    for row in table["Pipit"]:
        print(f"  {row:50} " + " ".join(f"{column[row]:>16}" for column in table.values()))


def rows(run: Run, heard: Recording) -> dict[str, str]:
    return {
        "end of speech → activityEnd, ms": median(run.activity_ends_ms(heard.ends_s)),
        "end of speech → the service begins to think, ms": median(run.replies_ms(heard.ends_s)),
        "first message of a reply → its first sample, ms": median(run.sounds_after_ms()),
        "words into a reply begin → it is silent, ms": median(run.silences_after_ms(heard.interrupts_s)),
        "of a request as the session is lost, arrived, %": median([100 * share for share in run.arrived(heard)]),
        "CPU, quiet room, s a minute": f"{run.cpu_s_a_minute(heard.quiet_s):.2f}",
        "CPU, talking, s a minute": f"{run.cpu_s_a_minute(heard.talk_s):.2f}",
        "CPU, television, s a minute": f"{run.cpu_s_a_minute(heard.television_s):.2f}",
        "resident, quiet room, MB": f"{run.resident_mb(heard.quiet_s):.0f}",
        "resident, talking, MB": f"{run.resident_mb(heard.talk_s):.0f}",
        "sound sent of 18 s of television, s": f"{run.sent_s(heard.television_s):.1f}",
    }


def median(values: Sequence[float]) -> str:
    if not values:
        return "none"
    return f"{np.median(values):.0f}, {np.percentile(values, 95):.0f} ({len(values)})"


def main() -> None:
    words = argparse.ArgumentParser(prog="./install.sh bench --peers", description=__doc__)
    words.add_argument("--turns", type=int, default=20, help="requests to each client; 20 take 3 minutes each")
    turns = words.parse_args().turns
    with tempfile.TemporaryDirectory() as folder:
        speech = asyncio.run(recording(0)).samples[round(QUIET_S * CAPTURE_RATE_HZ) :]
        wake_engines(environment("wake"), np.resize(speech, 26 * CAPTURE_RATE_HZ), Path(folder))
        asyncio.run(clients(turns, Path(folder)))


if __name__ == "__main__":
    main()
