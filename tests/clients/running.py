"""Runs one case: `pipit live-server` in a process, and the client's driver in another."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.clients.cases import QUESTION
from tests.clients.catalogue import NO_HANDLE, NOT_DONE, RESUMING, ROOT, Client
from tests.clients.table import Row

PIPIT: Final = Path(sys.executable).with_name("pipit")

START_S: Final = 60.0
"""For the server to listen; with a scenario it takes half a second."""

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

    @property
    def question(self) -> Path:
        """A spoken question, for the local brain."""
        return self.folder / "question.pcm"

    def log(self, client: Client, case: str) -> Path:
        """Where the driver's and the server's output goes."""
        return self.folder / f"{client.name}-{case}.log"

    def environment(self, url: str, authority: str) -> dict[str, str]:
        """What a driver finds in its environment: no proxy, no key of the user's, no way to fetch models."""
        kept = {name: value for name, value in os.environ.items() if not PRIVATE.search(name)}
        return kept | {
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "GOOGLE_GEMINI_BASE_URL": url,
            "GOOGLE_API_KEY": "any",
            "SSL_CERT_FILE": authority,
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
            async with _server(client.scenario(case), workplace, file.fileno()) as (url, authority):
                command: list[Path | str] = [python, "-m", client.driver, case]
                ended = await _drive(command, workplace.environment(url, authority), file.fileno())
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
async def _server(scenario: Path | None, workplace: Workplace, log: int) -> AsyncIterator[tuple[str, str]]:
    """The command as a user has it, on a free port: its URL, and its authority's certificate.

    Raises ChildProcessError if it does not listen.
    """
    command: list[Path | str] = [workplace.pipit, "--verbose", "live-server", "--port", "0"]
    command += ["--certificates", workplace.folder / "certificate"]
    command += ["--scenario", scenario] if scenario else []
    process = await asyncio.create_subprocess_exec(
        *map(str, command), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=log
    )
    assert process.stdout
    said: dict[str, str] = {}
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(START_S):
                said = dict([await _announced(process.stdout), await _announced(process.stdout)])
        if not {"live server", "authority"} <= said.keys():
            raise ChildProcessError("the server did not start")
        yield said["live server"], said["authority"]
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _announced(output: asyncio.StreamReader) -> tuple[str, str]:
    """A line such as `live server  https://127.0.0.1:8443`."""
    what, _, value = (await output.readline()).decode().strip().partition("  ")
    return what, value.strip()


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
