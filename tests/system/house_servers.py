"""A token broker or a home server as a process of its own, and the device that asks it."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.daemon.processes import run_module

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from daemon.offline.server import LiveServer

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
NAMED = 4
"""Lines until it serves: where, what else a device has to be told, and that it is there."""


@dataclass
class HouseServer:
    """One that runs, and the secret of the one device that it knows."""

    url: str
    secret: str
    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)

    def seen_by_others(self) -> str:
        """What any user of its machine can read of a process, and what its own user can."""
        folder = Path(f"/proc/{self.process.pid}")
        return "".join(folder.joinpath(name).read_bytes().decode() for name in ("cmdline", "environ"))


def live_settings(service: LiveServer, key: str, folder: Path) -> str:
    """Settings with which it reaches `service`, and the file of `key` that they name."""
    private(folder / "key", key)
    return (
        f'[live]\nendpoint = "{service.url}"\nca_file = "{service.ca_file}"\n[live.credential]\nfile = "{folder}/key"\n'
    )


def private(path: Path, content: str) -> None:
    path.write_text(content)
    path.chmod(0o600)


@asynccontextmanager
async def serving(command: str, folder: Path, settings: str, *options: str) -> AsyncIterator[HouseServer]:
    """`pipit COMMAND` with those settings, and one device, whose state is in `folder`/state."""
    (folder / "server.toml").write_text(settings)
    state = ("--state", str(folder / "state"))
    added = await asyncio.to_thread(run_module, "daemon", command, *state, "add-device", "kitchen")
    assert added.returncode == 0, added.stderr
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "daemon", command, "--settings", str(folder / "server.toml"), *state, *options),
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "GEMINI_API_KEY"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    assert process.stderr
    try:
        async with asyncio.timeout(PATIENCE_S):
            lines = [(await process.stdout.readline()).decode() for _ in range(NAMED)]
        url = re.search(r"https://127\.0\.0\.1:\d+", lines[0])
        assert url, lines
        server = HouseServer(url[0], added.stdout.strip(), process)
        yield server
    finally:
        process.terminate()
        async with asyncio.timeout(PATIENCE_S):
            rest, errors = await process.communicate()
    server.said += [*lines, rest.decode(), errors.decode()]
    assert process.returncode == 0, server.said


async def chat(folder: Path, settings: str, secret: str, question: str) -> tuple[int, str]:
    """One line typed to `pipit chat` on a device that has `secret` in the file that `settings` names by {secret}."""
    private(folder / "secret", secret)
    (folder / "device.toml").write_text(settings.format(secret=folder / "secret"))
    words = ("-v", "chat", "--silent", "--settings", str(folder / "device.toml"))
    done = await asyncio.to_thread(run_module, "daemon", *words, typed=f"{question}\n")
    return done.returncode, done.stdout + done.stderr
