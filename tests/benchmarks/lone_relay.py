"""A home server that relays, in a process of its own: for `test_relay_cost`.

`python -m tests.benchmarks.lone_relay FOLDER ENDPOINT CA_FILE` prints its address, its authority and a secret; then for
each line on its standard input the CPU it has used, in seconds, and its resident megabytes.
"""

import asyncio
import sys
import time
from pathlib import Path

from tests.benchmarks.crowded_broker import resident_mb
from tests.daemon.home_server.home import KEY, home
from tests.daemon.live.telling import options_with

MOST: dict[str, int] = {"sessions": 64, "device_sessions": 20, "connections": 64, "device_per_minute": 600}


async def main() -> None:
    folder, endpoint, ca_file = sys.argv[1:]
    options = options_with(api_key=KEY, endpoint=endpoint, ca_file=ca_file)
    async with home(Path(folder), options, per_minute=6_000, deadline_s=600, **MOST) as house:
        print(house.url, house.files.ca_file, house.secret, flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(time.process_time(), resident_mb(), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
