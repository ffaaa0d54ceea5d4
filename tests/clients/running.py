"""Runs one case: `pipit live-server` in a process, or two with a home server, and the client's driver in another."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.clients.cases import QUESTION
from tests.clients.catalogue import NO_HANDLE, NOT_DONE, RESUMING, ROOT, Client
from tests.clients.places import Place, house, service
from tests.clients.table import Row

PIPIT: Final = Path(sys.executable).with_name("pipit")

CASE_S: Final = 60.0
"""For a driver program; most of its time goes into importing the client."""

PRIVATE: Final = re.compile("_proxy$|google|gemini|^python", re.IGNORECASE)
"""Variables that would send a client elsewhere, or hand it a key."""

RESUMED: Final = "resumes a conversation"
"""What the server logs when a handle was presented and known."""


@dataclass(frozen=True)
class Workplace:
    """What all cases share."""

    folder: Path
    """For certificates, logs and the spoken question."""
    pipit: Path = PIPIT
    """The program that serves."""
    through_house: bool = False
    """A home server that relays stands between the clients and the server."""

    @property
    def question(self) -> Path:
        """A spoken question, for the local brain."""
        return self.folder / "question.pcm"

    def log(self, client: Client, case: str) -> Path:
        """Where the driver's and the server's output goes."""
        return self.folder / f"{client.name}-{case}{'-house' if self.through_house else ''}.log"

    def environment(self, place: Place) -> dict[str, str]:
        """What a driver finds in its environment: no proxy, no key of the user's, no way to fetch models."""
        kept = {name: value for name, value in os.environ.items() if not PRIVATE.search(name)}
        return kept | {
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "GOOGLE_GEMINI_BASE_URL": place.url,
            "GOOGLE_API_KEY": place.key,
            "SSL_CERT_FILE": place.authority,
            "HF_HUB_OFFLINE": "1",
            QUESTION: str(self.question),
        }


async def run_case(client: Client, case: str, python: Path, workplace: Workplace) -> Row:
    """The row of one case; whatever goes wrong is in it."""
    if reason := client.not_offered.get(case):
        return Row(client.name, client.version, case, "not offered", reason)
    passed, note = await _perform(client, case, python, workplace)
    known = client.known.get(case)
    if known and not passed and note.startswith(known.sign):
        return Row(client.name, client.version, case, "known", known.reason)
    return Row(client.name, client.version, case, "pass" if passed else "FAIL", note)


async def _perform(client: Client, case: str, python: Path, workplace: Workplace) -> tuple[bool, str]:
    """Whether the driver ended well, and what it saw or failed with."""
    log = workplace.log(client, case)
    with log.open("wb") as file:
        try:
            async with _place(client.scenario(case), workplace, log, file.fileno()) as place:
                command: list[Path | str] = [python, "-m", client.driver, case]
                ended = await _drive(command, workplace.environment(place), file.fileno())
        except ChildProcessError as error:
            return False, f"{error}, see {log}"
    text = log.read_text(errors="replace")
    saw = [line.removeprefix("saw: ") for line in text.splitlines() if line.startswith("saw: ")]
    if ended is None:
        return False, f"{NOT_DONE} {CASE_S:.0f} s, see {log}"
    if ended or not saw:
        return False, f"{last_error(text)}, see {log}"
    if case in RESUMING and RESUMED not in text:
        return False, f"{NO_HANDLE}, see {log}"
    return True, saw[-1]


def last_error(text: str) -> str:
    """The last line of a traceback in a log: the name of an exception, and what it says."""
    lines = [line for line in text.splitlines() if line.split(":")[0].endswith(("Error", "Exception"))]
    return lines[-1] if lines else "it ended without a word"


@asynccontextmanager
async def _place(scenario: Path | None, workplace: Workplace, log: Path, file: int) -> AsyncIterator[Place]:
    """Where the client connects to. Raises ChildProcessError if it does not listen."""
    async with AsyncExitStack() as stack:
        serving = service(workplace.pipit, scenario, workplace.folder / "certificate", file)
        place = await stack.enter_async_context(serving)
        if workplace.through_house:
            place = await stack.enter_async_context(house(workplace.pipit, place, log.with_suffix(".house"), file))
        yield place


async def _drive(command: Sequence[Path | str], environment: Mapping[str, str], log: int) -> int | None:
    """The exit status of a driver program; None if it took too long."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command), env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
    )
    try:
        async with asyncio.timeout(CASE_S):
            return await process.wait()
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
