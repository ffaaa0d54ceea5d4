#!/usr/bin/env bash
# A WebSocket server whose close_timeout is one second says goodbye to a client that reads slowly, while a large message to it
# is still being sent: the client takes a break of seven seconds and reads everything then.
#
# The good guess: close() is over after little more than a second; the deadline is there for clients that are slow.
# Seen with websockets 17.4: it takes as long as the client's break. close() puts its frame behind what waits to be sent, and
# waits until the socket takes it; the deadline is set before that, but looked at only afterwards. With nothing on its way the
# deadline holds. So whoever must be gone in time (a service that is told to stop) has to abort the transport himself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet websockets==17.4
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import sys

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.version import version

DEADLINE_S, BREAK_S, LARGE = 1, 7, bytes(50_000_000)


async def goodbye(message):
    """Seconds that close() takes with `message` on its way to a client that takes a break."""
    loop, took = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

    async def handler(connection):
        sending = asyncio.create_task(connection.send(message))
        await asyncio.sleep(0.5)
        began = loop.time()
        await connection.close()
        took.set_result(loop.time() - began)
        await asyncio.gather(sending, return_exceptions=True)

    async with serve(handler, "127.0.0.1", 0, close_timeout=DEADLINE_S, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}", max_size=None, compression=None) as client:
            client.transport.pause_reading()
            loop.call_later(BREAK_S, client.transport.resume_reading)
            return await took


async def main():
    found = {what: await goodbye(message) for what, message in (("nothing", b""), ("a large message", LARGE))}
    print(f"websockets {version}, close_timeout={DEADLINE_S}")
    for what, seconds in found.items():
        print(f"close() with {what} on its way: {seconds:.1f} s")
    if found["nothing"] > 3 or found["a large message"] < BREAK_S - 2:
        sys.exit("this has changed")


asyncio.run(main())
PYTHON
