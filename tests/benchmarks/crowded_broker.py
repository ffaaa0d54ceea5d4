"""A token broker in a process of its own, which says what it takes: for `test_crowd`.

`python -m tests.benchmarks.crowded_broker FOLDER` serves on a port of its own choice, which it prints; for each line on
its standard input it prints a line with its resident megabytes.
"""

import asyncio
import sys
from pathlib import Path

from daemon.broker.sockets import BrokerServer
from daemon.house.settings import Settings
from daemon.web.certificate import ensure_certificate
from daemon.web.http11 import Answer, Request


async def never(_: Request) -> Answer:
    raise AssertionError("nobody asks anything")


def resident_mb() -> float:
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) / 1024


async def main() -> None:
    context = ensure_certificate(Path(sys.argv[1])).server_context()
    limit = Settings().broker.connections
    async with BrokerServer(never, context, host="127.0.0.1", port=0, connections=limit, handshake_s=60) as server:
        print(server.port, limit, flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(resident_mb(), server.guests.present, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
