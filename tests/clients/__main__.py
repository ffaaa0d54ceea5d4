"""`./install.sh test-clients`: clients that nobody here wrote, against `pipit live-server`."""

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.clients.cases import CASES
from tests.clients.catalogue import CLIENTS, WITHOUT_SCENARIO, Client
from tests.clients.environments import FOLDER, environment
from tests.clients.running import Workplace, run_case
from tests.clients.sdks import SDKS, sdk_rows
from tests.clients.table import Row, failed, summary, table

SDK_CLIENTS: Final = "sdks"
"""The name of Google's own SDKs on the command line."""

NAMES: Final = (SDK_CLIENTS, *(client.name for client in CLIENTS))


def parser() -> argparse.ArgumentParser:
    """What the command line offers."""
    words = argparse.ArgumentParser(
        prog="./install.sh test-clients",
        description="Installs clients of the Live API that nobody here wrote, each in an environment of its own in "
        f"{FOLDER.name}, and runs them unmodified against `pipit live-server`. docs/testing.md has what they prove.",
    )
    words.add_argument("clients", nargs="*", metavar="CLIENT", help=f"only these: {', '.join(NAMES)}")
    words.add_argument("--case", choices=CASES, metavar="CASE", help=f"only this case: {', '.join(CASES)}")
    words.add_argument("--list", action="store_true", help="say what would be run, and run nothing")
    words.add_argument(
        "--through-home-server", action="store_true", help="a home server that relays stands in front of the server"
    )
    words.add_argument("--jobs", type=int, default=2, metavar="N", help="cases at a time; default: 2")
    return words


def chosen(options: argparse.Namespace) -> list[Client]:
    """The clients that were asked for; ends the program if there is no such client."""
    unknown = [name for name in options.clients if name not in NAMES]
    if unknown:
        parser().error(f"there is no client {unknown[0]}; there are {', '.join(NAMES)}")
    return [client for client in CLIENTS if not options.clients or client.name in options.clients]


def listing(clients: Sequence[Client], cases: Sequence[str]) -> str:
    """The clients with their cases, and what is expected of each."""
    lines = []
    for client in clients:
        lines.append(f"{client.name}  {client.package} {client.version}")
        lines += [f"    {case.replace('_', ' ')}{_expectation(client, case)}" for case in cases]
    return "\n".join(lines)


def _expectation(client: Client, case: str) -> str:
    """What is known before; empty if a case shall pass."""
    if case in client.not_offered:
        return f": not offered: {client.not_offered[case]}"
    return f": known to fail: {client.known[case].reason}" if case in client.known else ""


async def run_all(clients: Sequence[Client], cases: Sequence[str], workplace: Workplace, jobs: int) -> list[Row]:
    """The rows of all cases, in the order of the catalogue; each is named as it is done."""
    free = asyncio.Semaphore(jobs)

    async def one(client: Client, case: str, python: Path) -> Row:
        async with free:
            row = await run_case(client, case, python, workplace)
        print(f"{row.client}  {row.case.replace('_', ' ')}  {row.result}", flush=True)
        return row

    rows, tasks = [], []
    async with asyncio.TaskGroup() as group:
        for client in clients:
            try:
                python = await asyncio.to_thread(environment, client)
            except subprocess.CalledProcessError:
                rows.append(Row(client.name, client.version, "installation", "FAIL", "see pip's output above"))
            else:
                tasks += [group.create_task(one(client, case, python)) for case in cases]
    return rows + [task.result() for task in tasks]


def ask_in_speech(file: Path) -> None:
    """Have the demo's voice ask the local brain something."""
    from tests.system.voices import spoken

    file.write_bytes(spoken("what time is it").tobytes())


def main(arguments: Sequence[str]) -> int:
    """The exit status: 0 if every case ended as expected."""
    options = parser().parse_args(arguments)
    clients, cases = chosen(options), [options.case] if options.case else list(CASES)
    with_sdks = not options.case and (not options.clients or SDK_CLIENTS in options.clients)
    if options.list:
        google = [f"{SDK_CLIENTS}  {', '.join(dict.fromkeys(SDKS.values()))}"] if with_sdks else []
        print(*google, listing(clients, cases), sep="\n")
        return 0
    workplace = Workplace(FOLDER / "run", through_house=options.through_home_server)
    workplace.folder.mkdir(parents=True, exist_ok=True)
    if WITHOUT_SCENARIO in cases and clients:
        ask_in_speech(workplace.question)
    rows = sdk_rows(workplace.folder) if with_sdks else []
    rows += asyncio.run(run_all(clients, cases, workplace, options.jobs))
    print(f"\n{table(rows)}\n\n{summary(rows)}")
    return int(failed(rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
