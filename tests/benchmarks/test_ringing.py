"""How soon what is due is heard, in real time; and what many timers cost at rest, in looks at the clock."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np

from daemon.conversation.events import RingDue
from daemon.conversation.tool_call import ToolCall
from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.benchmarks.test_appliance_latency import PERIOD_MS, lateness_ms
from tests.daemon.abilities.timers.time_machine import House
from tests.system.home import PATIENCE_S, home

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.figures import Figures

RINGS = 20
A_DAY_S = 86_400.0


async def test_from_due_to_the_first_sample_of_the_ring_at_the_speaker(
    models: Path, tmp_path: Path, figures: Figures
) -> None:
    """At most one period, in which the speaker asks again, and 10 ms (p99)."""
    server = LiveServer(ScriptedBrain(Scenario(turns=[])), certificate_dir=tmp_path, record=False)
    async with server, home(server, models, speed=1) as here:
        loop = asyncio.get_running_loop()
        delays_ms = []
        for ring in range(1, RINGS + 1):
            set_at = loop.time()
            await here.appliance._parts.toolbox.call(ToolCall("1", "set_timer", {"seconds": 1}))
            await here.diary.until_happened(RingDue, times=ring)
            due = set_at + 1
            async with asyncio.timeout(PATIENCE_S):
                while not any(onset >= due for onset in here.speaker.onsets_s):  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
            delays_ms.append(1000 * (min(onset for onset in here.speaker.onsets_s if onset >= due) - due))
            here.button.press()
            here.button.release(held_ms=100)
            await asyncio.sleep(0.5)
        allowed = PERIOD_MS + 10 + await lateness_ms()
    print(f"\ndue to first sample of the ring: median {np.median(delays_ms):.1f} ms of {RINGS}")
    figures.at_most(allowed, "ms", "due to first sample of the ring, p99", float(np.percentile(delays_ms, 99)))


async def test_fifty_timers_wake_no_oftener_than_one(figures: Figures) -> None:
    figures.at_most(1.0, "times", "looks in a day with 50 timers to those with one", await looks(50) / await looks(1))


async def looks(timers: int) -> int:
    """How often the keeper looks at the clocks within a day in which nothing comes due."""
    house = House()
    for _ in range(timers):
        await house.call("set_timer", seconds=2 * int(A_DAY_S))
    count, until = 0, house.clocks.boot_s + A_DAY_S
    while house.clocks.boot_s < until:
        house.clocks.passes(await house.keeper.look() or A_DAY_S)
        count += 1
    return count
