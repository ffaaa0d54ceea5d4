"""Where clients connect to: `pipit live-server` itself, or a home server in front of it, each a process of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

START_S: Final = 60.0
"""For a server to listen; with a scenario it takes half a second."""

HOUSE_KEY: Final = "the-key-of-the-house"
"""Which the home server shows; the offline server minds none."""

DEVICE: Final = "kitchen"

SETTINGS: Final = """
[live]
endpoint = "{endpoint}"
ca_file = "{authority}"

[live.credential]
file = "{key}"

[home_server]
brain = "relay"
fallback = false
models = ["gemini-3.8-live", "gemini-2.5-flash-native-audio-latest"]
"""
"""Of a home server for all cases: without `fallback`, so that nothing but the service can have answered."""


@dataclass(frozen=True)
class Place:
    """What a client is told."""

    url: str
    authority: str
    """The file of the certificate to trust."""
    key: str = "any"
    """Shown as API key."""


@asynccontextmanager
async def service(pipit: Path, scenario: Path | None, certificates: Path, log: int) -> AsyncIterator[Place]:
    """The offline server as a user has it, on a free port. Raises ChildProcessError if it does not listen."""
    arguments: list[Path | str] = ["--port", "0", "--certificates", certificates]
    arguments += ["--scenario", scenario] if scenario else []
    async with _serving(pipit, arguments, "live server", log) as place:
        yield place


@asynccontextmanager
async def house(pipit: Path, behind: Place, folder: Path, log: int) -> AsyncIterator[Place]:
    """A home server that relays to `behind`; what it keeps goes to `folder`. Raises ChildProcessError."""
    settings = await asyncio.to_thread(_furnished, behind, folder)
    secret = await _secret(pipit, folder, log)
    arguments = ["--listen", "127.0.0.1:0", "--state", folder, "--settings", settings]
    async with _serving(pipit, arguments, "home server", log) as place:
        yield Place(place.url, place.authority, secret)


def _furnished(behind: Place, folder: Path) -> Path:
    """The settings of a home server that relays to `behind`."""
    folder.mkdir(parents=True, exist_ok=True)
    key, settings = folder / "key", folder / "pipit.toml"
    key.touch(0o600)
    key.write_text(HOUSE_KEY)
    settings.write_text(SETTINGS.format(endpoint=behind.url, authority=behind.authority, key=key))
    return settings


async def _secret(pipit: Path, state: Path, log: int) -> str:
    """That of a device. Raises ChildProcessError."""
    command = [pipit, "live-server", "--state", state, "add-device", DEVICE]
    process = await asyncio.create_subprocess_exec(*map(str, command), stdout=asyncio.subprocess.PIPE, stderr=log)
    output, _ = await process.communicate()
    if process.returncode:
        raise ChildProcessError("the home server makes no secret")
    return output.decode().strip()


@asynccontextmanager
async def _serving(pipit: Path, arguments: Sequence[Path | str], name: str, log: int) -> AsyncIterator[Place]:
    """`pipit live-server` with these arguments, until the block ends. Raises ChildProcessError."""
    command = [pipit, "--verbose", "live-server", *arguments]
    process = await asyncio.create_subprocess_exec(
        *map(str, command), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=log
    )
    assert process.stdout
    said: dict[str, str] = {}
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(START_S):
                said = dict([await _announced(process.stdout), await _announced(process.stdout)])
        if not {name, "authority"} <= said.keys():
            raise ChildProcessError(f"the {name.removeprefix('live ')} did not start")
        yield Place(said[name], said["authority"])
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _announced(output: asyncio.StreamReader) -> tuple[str, str]:
    """A line such as `live server  https://127.0.0.1:8443`."""
    what, _, value = (await output.readline()).decode().strip().partition("  ")
    return what, value.strip()
