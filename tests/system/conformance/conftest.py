"""What the conformance tests share: running a client in a process of its own while the server runs in this one."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

DEADLINE_S = 120
"""For one client program; a slow machine needs a tenth of it."""


@dataclass(frozen=True)
class Finished:
    """How a client program ended, and what it printed."""

    status: int
    output: str
    errors: str


async def run_client(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> Finished:
    """Run `command` in `folder` without proxies; TimeoutError, and its end, if it takes too long."""
    inherited = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        cwd=folder,
        env=inherited | dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            output, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Finished(process.returncode or 0, output.decode(), errors.decode())


@pytest.fixture(scope="session")
def certificate_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One certificate for all clients."""
    return tmp_path_factory.mktemp("certificate")
