"""`python -m daemon.at_home.brain_process SOCKET MODELS MEMORY_MB`: the process of the brain at home.

SOCKET is the number of the socket that it has from the appliance, with which it ends. It runs when nobody else wants
the processor, and is the first to go when memory is short: the appliance itself must go on hearing.
"""

import asyncio
import logging
import os
import resource
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from daemon.at_home.attendant import Attendant
from daemon.at_home.frames import LONGEST_LINE_BYTES, Frame, written
from daemon.errors import PipitError

if TYPE_CHECKING:
    from daemon.brain.local import LocalBrain

NICENESS: Final = 10
FIRST_TO_GO: Final = 500
"""For the kernel that is out of memory (proc(5), `oom_score_adj`): anybody may raise its own."""


def be_modest(memory_mb: int) -> None:
    """Take what is left of the processor, and no more memory than that for data."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_GO))


def _loaded(models: Path) -> "LocalBrain":
    from daemon.brain.local import LocalBrain  # not at the top: so that what is wrong with it can be told
    from daemon.brain.nearest import found_nearest
    from daemon.brain.other_ears import found_ears

    return LocalBrain(models, nearest=found_nearest("auto"), ears=found_ears(models))


async def attend(own: socket.socket, models: Path) -> None:
    """Load the brain, say so, or why not, and answer until the appliance is gone."""
    reader, writer = await asyncio.open_connection(sock=own, limit=LONGEST_LINE_BYTES)
    try:
        brain = await asyncio.to_thread(_loaded, models)
    except (PipitError, ImportError, MemoryError) as error:
        writer.write(written(Frame("failed", {"number": 0, "why": str(error)})))
        await writer.drain()
        return
    await Attendant(brain, reader, writer).run()


def main(arguments: list[str]) -> None:
    number, models, memory_mb = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the appliance, whose end ends this
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", stream=sys.stderr)
    be_modest(int(memory_mb))
    asyncio.run(attend(socket.socket(fileno=int(number)), Path(models)))


if __name__ == "__main__":
    main(sys.argv[1:])
