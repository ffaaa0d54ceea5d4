"""What the whole daemon takes from second to second, on its own ALSA drivers over cards that keep time.

Wake-ups are counts and have a bound of their own. CPU has one against an older checkout with its environment, which
`PIPIT_BASELINE` names, by turns in one run; without it the figures are printed.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, samples_of_ms
from daemon.sound.wav import write_wav
from daemon.speech.synthesis import Flite
from tests.system.home import quiet

if TYPE_CHECKING:
    from tests.benchmarks.figures import Figures

ROOT = Path(__file__).parents[2]
SECONDS = 27
"""Three turns."""
WAKE_UPS = 30
RATIOS = {"quiet": 0.25, "television": 0.5, "talking": 0.6}
"""Of the CPU of c6e6149."""
TURN_S = 9
NEWS = (
    "good evening. here is the news of the day, and there is a lot of it, from all over the country. ",
    "the weather will be fine tomorrow in the north, and rain is expected in the south during the afternoon. ",
    "the council has decided to build a new bridge over the river, which many people had asked for.",
)
SETTINGS = """
[wake]
models_dir = "{models}"
[listening]
follow_up_s = 0
[live]
endpoint = "{server.url}"
ca_file = "{server.ca_file}"
"""


async def room(name: str) -> Samples:
    """What is heard over and over: whole periods."""
    if name == "quiet":
        return quiet(40)
    if name == "television":
        speech = (await Flite().speak("".join(NEWS), CAPTURE_RATE_HZ)).astype(np.float32)
        loud = (speech / speech.std() * 900).clip(-32_768, 32_767).astype(np.int16)
        return loud[: len(loud) // 1_280 * 1_280]
    request = await Flite().speak("hey jarvis, turn on the lamp", CAPTURE_RATE_HZ)
    return np.concatenate((quiet(1), request, quiet(TURN_S)))[: samples_of_ms(1000 * TURN_S)]


async def lives(checkout: Path, heard: Path, models: Path, folder: Path, *, pauses: bool = False) -> dict[str, Any]:
    """What the daemon of this checkout reports, with a service that answers each request for two seconds.

    `pauses`: its speaker may stop, as few do.
    """
    brain = ScriptedBrain(Scenario(turns=[[Say("Done, the lamp is on now.", tone_s=2.0)]] * 100))
    async with LiveServer(brain, certificate_dir=folder) as server:
        settings = folder / "pipit.toml"
        settings.write_text(SETTINGS.format(models=models, server=server))
        process = await asyncio.create_subprocess_exec(
            *(str(checkout / ".venv/bin/python"), str(Path(__file__).with_name("paced_household.py"))),
            *(str(settings), str(heard), str(SECONDS)),
            cwd=checkout,
            env={**os.environ, "GEMINI_API_KEY": "test-key", "PYTHONPATH": str(checkout)}
            | ({"PIPIT_SPEAKER_PAUSES": "1"} if pauses else {}),
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate()
    report: dict[str, Any] = json.loads(said.splitlines()[-1])
    return report


@pytest.mark.parametrize("name", RATIOS)
async def test_the_whole_daemon_on_cards_that_keep_time(
    name: str, models: Path, tmp_path: Path, figures: Figures
) -> None:
    totals, wakes = await by_turns(name, models, tmp_path)
    if name == "quiet":
        figures.at_most(WAKE_UPS, "a second", "wake-ups of the daemon at rest", wakes)
    bound = RATIOS[name] * totals[0] if len(totals) > 1 else 1000
    figures.at_most(bound, "ms of CPU a second", f"the whole daemon, {name}", totals[-1])


async def test_the_same_with_a_speaker_that_may_pause(models: Path, tmp_path: Path, figures: Figures) -> None:
    totals, wakes = await by_turns("quiet", models, tmp_path, pauses=True)
    figures.at_most(WAKE_UPS, "a second", "wake-ups of the daemon at rest, its speaker paused", wakes)
    bound = RATIOS["quiet"] * totals[0] if len(totals) > 1 else 1000
    figures.at_most(bound, "ms of CPU a second", "the whole daemon, quiet, its speaker paused", totals[-1])


async def by_turns(name: str, models: Path, folder: Path, *, pauses: bool = False) -> tuple[list[float], float]:
    """CPU of the older checkout, if there is one, and of this one; and how often this one wakes up."""
    heard = folder / "room.wav"
    write_wav(heard, await room(name), CAPTURE_RATE_HZ)
    older = os.environ.get("PIPIT_BASELINE")
    totals, wakes = [], 0.0
    for checkout in (*([Path(older)] if older else []), ROOT):
        report = await lives(checkout, heard, models, folder, pauses=pauses)
        totals.append(sum(report["cpu_ms"].values()))
        wakes = sum(report["wakes"].values())
        print(f"\n{name}, {checkout}: {totals[-1]:.1f} ms of CPU a second {report['cpu_ms']}; ", end="")
        print(
            f"{wakes:.1f} wake-ups a second {report['wakes']}; {report['polls']:.1f} looks of the event loop; "
            f"{report['underruns']} underruns"
        )
    return totals, wakes
