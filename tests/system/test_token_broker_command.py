"""`pipit token-broker` and `pipit chat` as people run them: processes, files, and nothing secret where others look."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from daemon.broker.device import BrokerTokens, NoToken
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.daemon.processes import run_module

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ROOT = Path(__file__).parents[2]
KEY = "the-key-of-the-broker-alone"
PATIENCE_S = 60.0


@dataclass
class Broker:
    """A broker that runs as a process of its own."""

    url: str
    secret: str
    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)

    def seen_by_others(self) -> str:
        """What any user of its machine can read of a process, and what its own user can."""
        folder = Path(f"/proc/{self.process.pid}")
        return "".join(folder.joinpath(name).read_bytes().decode() for name in ("cmdline", "environ"))


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "GEMINI_API_KEY"}


@asynccontextmanager
async def running(folder: Path, service: LiveServer) -> AsyncIterator[Broker]:
    (folder / "key").write_text(KEY)
    (folder / "key").chmod(0o600)
    (folder / "broker.toml").write_text(
        f'[live]\nendpoint = "{service.url}"\nca_file = "{service.ca_file}"\n[live.credential]\nfile = "{folder}/key"\n'
    )
    added = await asyncio.to_thread(
        run_module, "daemon", "token-broker", "--state", str(folder / "state"), "add-device", "kitchen"
    )
    assert added.returncode == 0, added.stderr
    command = [sys.executable, "-m", "daemon", "token-broker", "--settings", str(folder / "broker.toml")]
    process = await asyncio.create_subprocess_exec(
        *command,
        *("--state", str(folder / "state"), "--port", "0"),
        cwd=ROOT,
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    assert process.stderr
    try:
        async with asyncio.timeout(PATIENCE_S):
            lines = [(await process.stdout.readline()).decode() for _ in range(4)]
        url = re.search(r"https://127\.0\.0\.1:\d+", lines[0])
        assert url, lines
        broker = Broker(url[0], added.stdout.strip(), process)
        yield broker
    finally:
        process.terminate()
        async with asyncio.timeout(PATIENCE_S):
            rest, errors = await process.communicate()
    broker.said += [*lines, rest.decode(), errors.decode()]
    assert process.returncode == 0, broker.said


async def chat(folder: Path, broker: Broker, service: LiveServer, secret: str) -> tuple[int, str]:
    """One line typed to `pipit chat` on the device; its status and all it printed."""
    (folder / "secret").write_text(secret)
    (folder / "secret").chmod(0o600)
    (folder / "device.toml").write_text(
        f'[live]\nendpoint = "{service.url}"\nca_file = "{service.ca_file}"\n'
        f'[live.credential]\nbroker = "{broker.url}"\nbroker_ca_file = "{folder}/state/ca.pem"\n'
        f'secret_file = "{folder}/secret"\n'
    )
    words = ("-v", "chat", "--silent", "--settings", str(folder / "device.toml"))
    done = await asyncio.to_thread(run_module, "daemon", *words, typed="hello\n")
    return done.returncode, done.stdout + done.stderr


async def test_a_broker_and_a_chat_as_processes_and_no_secret_in_sight(tmp_path: Path) -> None:
    brain = ScriptedBrain(Scenario(turns=[[Say("Good day.")]]))
    async with LiveServer(brain, certificate_dir=tmp_path / "service", keys={KEY}) as service:
        async with running(tmp_path, service) as broker:
            status, told = await chat(tmp_path, broker, service, broker.secret)
            assert (status, "Good day." in told) == (0, True), told
            stranger = BrokerTokens(broker.url, f"{tmp_path}/state/ca.pem", lambda: "kitchen:guess", "gemini-3.8-live")
            with pytest.raises(NoToken, match="does not know this device's secret"):
                await stranger.token(resuming=False)
            seen = broker.seen_by_others()
        journal = "".join(broker.said)
        assert "a token for kitchen" in journal
        assert "unauthorised" in journal
        for text in (journal, told, seen):
            for secret in (KEY, broker.secret.partition(":")[2], "kitchen:guess", "auth_tokens/"):
                assert secret not in text


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["add-device", "Kit chen"], os.EX_CONFIG, "is no name of a device"),
        (["remove-device", "hall"], os.EX_CONFIG, 'there is no device "hall"'),
        (["--settings", "/nowhere.toml"], os.EX_CONFIG, "does not exist"),
        (["--host", "a..b"], os.EX_USAGE, "--host: a..b is no name of a host"),
        (["--host", "x" * 70], os.EX_USAGE, "is no name of a host"),
        (["--port", "70000"], 2, 'must be 0 to 65535, not "70000"'),
    ],
)
def test_what_cannot_be_done(tmp_path: Path, arguments: list[str], status: int, said: str) -> None:
    done = run_module("daemon", "token-broker", "--state", str(tmp_path), *arguments)
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
