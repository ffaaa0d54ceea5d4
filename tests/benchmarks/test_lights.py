"""What a ring of lights takes while it breathes, beside the daemon at rest, in one run; and while it stands still."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from daemon.lights.films import film_of
from daemon.sound.pcm import CAPTURE_RATE_HZ
from daemon.sound.wav import write_wav
from hardware.lights.apa102 import Apa102
from hardware.lights.projector import Projector
from hardware.lights.spi_port import SpiPort
from tests.benchmarks.test_rest import ROOT, lives, room

if TYPE_CHECKING:
    from pathlib import Path

    from hardware.base import Film
    from tests.benchmarks.figures import Figures

LIGHTS = 12
SECONDS = 20.0
OF_THE_DAEMON = 0.1
OF_A_CORE = 0.002


def cpu_ms_a_second(film: Film) -> float:
    """Of the whole process, whose other threads sleep meanwhile; each frame goes through the kernel."""
    ring = Apa102("/dev/null", LIGHTS, port=SpiPort("/dev/null", 1_000_000, ioctl=lambda *_: None))
    projector = Projector(ring)
    projector.start()
    projector.show(film)
    time.sleep(1)
    before, began = time.process_time(), time.monotonic()
    time.sleep(SECONDS)
    taken = (time.process_time() - before) / (time.monotonic() - began)
    projector.stop()
    return 1000 * taken


async def test_a_ring_that_breathes_takes_a_tenth_of_the_daemon_at_rest_at_most(
    models: Path, tmp_path: Path, figures: Figures
) -> None:
    heard = tmp_path / "room.wav"
    write_wav(heard, await room("quiet"), CAPTURE_RATE_HZ)
    daemon = sum((await lives(ROOT, heard, models, tmp_path))["cpu_ms"].values())
    breathing = cpu_ms_a_second(film_of("speaking", LIGHTS))
    print(f"\nthe daemon at rest {daemon:.2f} ms of CPU a second, a breathing ring of {LIGHTS} {breathing:.3f}")
    figures.at_most(1000 * OF_A_CORE, "ms of CPU a second", "a breathing ring", breathing)
    figures.at_most(OF_THE_DAEMON, "of the daemon", "a breathing ring beside the daemon at rest", breathing / daemon)


@pytest.mark.parametrize("pattern", ["idle", "listening", "muted"])
def test_what_stands_still_takes_nothing(pattern: str, figures: Figures) -> None:
    figures.at_most(
        0.05, "ms of CPU a second", f"a ring that shows {pattern}", cpu_ms_a_second(film_of(pattern, LIGHTS))
    )
