"""What a crowd costs that connects to the token broker and says nothing: no more than those that are let in.

docs/benchmarks.md has the figures.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

    from tests.benchmarks.figures import Figures

ROOT = Path(__file__).parents[2]
CROWD = 800
MORE_MB = 10.0
"""What the rest of the crowd may cost beyond those that are let in; each of these would cost some 300 kB."""
PATIENCE_S = 60


@asynccontextmanager
async def broker(folder: Path) -> AsyncIterator[tuple[Process, int, int]]:
    """The running process, its port and how many it lets in."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.crowded_broker", str(folder)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        port, limit = (await process.stdout.readline()).split()
        yield process, int(port), int(limit)
    finally:
        process.kill()
        await process.wait()


async def asked(process: Process) -> tuple[float, int]:
    """Its resident megabytes, and how many are with it."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(b"?\n")
    mb, present = (await process.stdout.readline()).split()
    return float(mb), int(present)


async def test_a_crowd_that_says_nothing_costs_no_more_than_those_who_are_let_in(
    tmp_path: Path, figures: Figures
) -> None:
    async with broker(tmp_path) as (process, port, limit), asyncio.timeout(PATIENCE_S):
        alone, _ = await asked(process)
        peers = [await asyncio.open_connection("127.0.0.1", port) for _ in range(limit)]
        full, present = await asked(process)
        while present < limit:
            full, present = await asked(process)
        peers += [await asyncio.open_connection("127.0.0.1", port) for _ in range(CROWD - limit)]
        await asyncio.gather(*(reader.read() for reader, _ in peers[limit:]))
        crowded, present = await asked(process)
        print(f"\nalone {alone:.0f} MB, with {limit} silent connections {full:.0f} MB, with {CROWD} {crowded:.0f} MB")
        figures.at_most(limit, "connections", f"let in, of {CROWD}", present)
        figures.at_most(MORE_MB, "MB", f"{CROWD} silent connections, more than {limit}", crowded - full)
        for _, writer in peers:
            writer.transport.abort()
