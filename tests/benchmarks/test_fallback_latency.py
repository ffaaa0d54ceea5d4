"""The network dies while somebody speaks: how soon after the end of speech the brain at home answers.

The service lives in a network namespace of its own, whose link is taken down in mid-sentence, so that the kernel on our
side is answered by nobody. Everything is real and at life's pace, but for the cards: the SDK over TLS, the sockets, the
process of the brain at home, which is loaded, as it is where there is 1 GB of memory. Needs root for the namespace.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from daemon.at_home.home_brain import starter
from daemon.conversation.commands import EndActivity, RunTool, StartActivity
from daemon.conversation.events import PlayoutDrained, SessionOpened
from daemon.conversation.exchange import State
from daemon.conversation.messages import ReplyAudio
from daemon.web.certificate import LOOPBACK, ensure_certificate
from tests.system.home import PATIENCE_S, home
from tests.system.voices import Voice, synthetic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from daemon.at_home.making import AtHome
    from tests.benchmarks.figures import Figures
    from tests.system.home import Home

NAMESPACE: Final = "pipit-service"
INSIDE: Final = ("ip", "netns", "exec", NAMESPACE)
THERE, HERE = "10.97.3.1", "10.97.3.2"
TIMES: Final = 3
POINTS_S: Final = {
    "before the wake word": None,
    "at the first word": 0.05,
    "in mid-sentence": 0.3,
    "at the last word": 0.8,
}
BOUND_S: Final = 1.2
READING_S: Final = 0.15
"""What the recogniser takes for the sentence on a machine that has nothing else to do; more is the machine's part."""
SERVICE: Final = """
import asyncio, sys
from pathlib import Path
from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.service.faults import Wait

async def main():
    brain = ScriptedBrain(Scenario(turns=[[Wait(600_000)]] * 99))
    async with LiveServer(brain, certificate_dir=Path(sys.argv[1]), host=sys.argv[2], port=8443):
        print("ready", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def run(*command: str, check: bool = True) -> None:
    subprocess.run(command, check=check, capture_output=True)


@dataclass
class Far:
    """The service, behind a link that can be cut."""

    folder: Path

    url = f"https://{THERE}:8443"

    def cut(self) -> None:
        run(*INSIDE, "ip", "link", "set", "pipit-far", "down")

    def mend(self) -> None:
        run(*INSIDE, "ip", "link", "set", "pipit-far", "up")

    @property
    def ca_file(self) -> Path:
        return self.folder / "ca.pem"


@pytest.fixture(scope="module")
def voice() -> Voice:
    return synthetic()


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    if os.geteuid() != 0:
        pytest.skip("a network namespace wants root")
    folder = tmp_path_factory.mktemp("far")
    ensure_certificate(folder, names=(*LOOPBACK, THERE))
    run("ip", "netns", "del", NAMESPACE, check=False)
    run("ip", "link", "del", "pipit-near", check=False)
    try:
        run("ip", "netns", "add", NAMESPACE)
        run("ip", "link", "add", "pipit-near", "type", "veth", "peer", "name", "pipit-far", "netns", NAMESPACE)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine makes no network namespace")
    run("ip", "addr", "add", f"{HERE}/24", "dev", "pipit-near")
    run("ip", "link", "set", "pipit-near", "up")
    run(*INSIDE, "ip", "addr", "add", f"{THERE}/24", "dev", "pipit-far")
    run(*INSIDE, "ip", "link", "set", "pipit-far", "up")
    command = [*INSIDE, sys.executable, "-c", SERVICE, str(folder), THERE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        try:
            assert service.stdout
            assert service.stdout.readline().strip() == "ready"
            yield Far(folder)
        finally:
            service.kill()
            run("ip", "netns", "del", NAMESPACE, check=False)


class Stopwatch:
    """Dates what the appliance is told and does. A `Witness` like the diary."""

    def __init__(self, here: Home) -> None:
        self.reply_s = self.end_s = 0.0
        self._received, self._happened = here.diary.received, here.diary.happened
        here.diary.received = self.received  # type: ignore[method-assign]
        here.diary.happened = self.happened  # type: ignore[method-assign]

    def received(self, message: Any) -> None:
        if isinstance(message, ReplyAudio) and not self.reply_s:
            self.reply_s = asyncio.get_running_loop().time()
        self._received(message)

    def happened(self, event: Any, commands: Any, situation: Any) -> None:
        if any(isinstance(command, EndActivity) for command in commands):
            self.end_s = asyncio.get_running_loop().time()
        self._happened(event, commands, situation)


async def one_outage(here: Home, far: Far, voice: Voice, after_s: float | None) -> tuple[float, float]:
    """Seconds from the last sample of speech, and from where its end was found, to the first sample of the reply."""
    diary, begun = here.diary, len([c for c in here.diary.commands if isinstance(c, StartActivity)])
    replies = len(diary.all(PlayoutDrained))
    stopwatch = Stopwatch(here)
    if after_s is None:
        far.cut()
    here.say(voice.wake_word, voice.request)
    said = asyncio.create_task(here.microphone.all_said())
    if after_s is not None:
        await diary.until(lambda: len([c for c in diary.commands if isinstance(c, StartActivity)]) > begun)
        await diary.until(lambda: bool(diary.all(SessionOpened)))
        await asyncio.sleep(after_s)
        far.cut()
    await said
    spoken_s = asyncio.get_running_loop().time()
    await diary.until(lambda: len(diary.all(PlayoutDrained)) > replies)
    onsets = [onset for onset in here.speaker.onsets_s if onset >= stopwatch.reply_s]
    assert onsets
    return onsets[0] - spoken_s, onsets[0] - stopwatch.end_s


def _at_home(here: Home) -> AtHome:
    if here.house.at_home is None:
        raise RuntimeError("the house has no brain of its own")
    return here.house.at_home


@pytest.mark.parametrize("when", POINTS_S)
async def test_from_the_end_of_speech_to_the_first_sample_of_the_brain_at_home(
    models: Path, far: Far, voice: Voice, figures: Figures, when: str
) -> None:
    took, reading, calls = [], [], []
    for _ in range(TIMES):
        far.mend()
        brain = starter(models, 400, os.environ)
        async with home(far, models, speed=1, brain=brain, offline={"ready": "always"}) as here:  # type: ignore[arg-type]
            at_home = _at_home(here)
            await at_home.load()
            began = asyncio.get_running_loop().time()
            await at_home.sure(voice.request)
            reading.append(asyncio.get_running_loop().time() - began)
            async with asyncio.timeout(PATIENCE_S):
                took.append(await one_outage(here, far, voice, POINTS_S[when]))
            calls.append(len([c for c in here.diary.commands if isinstance(c, RunTool)]))
            await here.until_state(State.IDLE)
    spoken, found = (1000 * np.array(column) for column in zip(*took, strict=True))
    print(f"\n{when}: after the last sample of speech {np.sort(spoken).round()} ms")
    print(f"{when}: after its end was found {np.sort(found).round()} ms")
    busy_s = max(0.0, float(np.median(reading)) - READING_S)
    print(f"{when}: reading alone {np.sort(reading).round(2)} s, of which this machine is allowed {busy_s:.2f} s")
    figures.at_most(1, "calls", f"outage {when}: done for one request, at most", max(calls))
    what = f"outage {when}: last sample of speech to the first of the reply, median"
    figures.at_most(1000 * (BOUND_S + busy_s), "ms", what, float(np.median(spoken)))
