"""`pipit live-server --listen` and `pipit chat` as people run them: processes, files, and nothing secret in sight."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.daemon.processes import run_module
from tests.system.test_token_broker_command import PATIENCE_S, ROOT, Broker, environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

KEY = "the-key-of-the-house-alone"
QUESTION, ANSWER = "where is the cat", "It is on the roof."


def relaying_to(service: LiveServer, folder: Path) -> str:
    """Settings of a relay, and its key."""
    (folder / "key").write_text(KEY)
    (folder / "key").chmod(0o600)
    return (
        f'[live]\nendpoint = "{service.url}"\nca_file = "{service.ca_file}"\n[live.credential]\nfile = "{folder}/key"\n'
        '[home_server]\nbrain = "relay"\nfallback = false\n'
    )


@asynccontextmanager
async def running(folder: Path, settings: str, *more: str) -> AsyncIterator[Broker]:
    """The home server as a process of its own, and the secret of the device that it knows."""
    (folder / "home.toml").write_text(settings)
    state = ("--state", str(folder / "state"))
    added = await asyncio.to_thread(run_module, "daemon", "live-server", *state, "add-device", "kitchen")
    assert added.returncode == 0, added.stderr
    command = [sys.executable, "-m", "daemon", "live-server", "-v", "--settings", str(folder / "home.toml"), *state]
    process = await asyncio.create_subprocess_exec(
        *command,
        *("--listen", "127.0.0.1:0", *more),
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
        server = Broker(url[0], added.stdout.strip(), process)
        yield server
    finally:
        process.terminate()
        async with asyncio.timeout(PATIENCE_S):
            rest, errors = await process.communicate()
    server.said += [*lines, rest.decode(), errors.decode()]
    assert process.returncode == 0, server.said


async def chat(folder: Path, server: Broker, secret: str, question: str = QUESTION) -> tuple[int, str]:
    """One line typed to `pipit chat` on a device; its status and all it printed."""
    (folder / "secret").write_text(secret)
    (folder / "secret").chmod(0o600)
    (folder / "device.toml").write_text(
        f'[live]\nendpoint = "{server.url}"\nca_file = "{folder}/state/ca.pem"\n'
        f'[live.credential]\nfile = "{folder}/secret"\n'
    )
    words = ("-v", "chat", "--silent", "--settings", str(folder / "device.toml"))
    done = await asyncio.to_thread(run_module, "daemon", *words, typed=f"{question}\n")
    return done.returncode, done.stdout + done.stderr


async def test_a_chat_through_the_home_server_and_neither_secret_nor_word_in_sight(tmp_path: Path) -> None:
    brain = ScriptedBrain(Scenario(turns=[[Say(ANSWER)]]))
    async with LiveServer(brain, certificate_dir=tmp_path / "service", keys={KEY}) as service:
        async with running(tmp_path, relaying_to(service, tmp_path)) as server:
            status, told = await chat(tmp_path, server, server.secret)
            assert (status, ANSWER in told) == (0, True), told
            _, refused = await chat(tmp_path, server, "kitchen:guess")
            assert ANSWER not in refused
            seen = server.seen_by_others()
        assert len(service.sessions) == 1
    journal = "".join(server.said)
    assert "kitchen: a session with gemini-3.8-live begins" in journal
    assert "a secret that is not known here" in journal
    for text in (journal, seen):
        for private in (KEY, server.secret.partition(":")[2], "kitchen:guess", QUESTION, ANSWER):
            assert private not in text
    assert KEY not in told + refused
    usage = await asyncio.to_thread(run_module, "daemon", "usage", "--state", str(tmp_path / "state"), "--json")
    assert usage.returncode == 0, usage.stderr
    assert '"turns": 1' in usage.stdout


async def test_by_itself_the_house_answers_and_needs_no_key(tmp_path: Path, models: Path) -> None:
    async with running(tmp_path, '[home_server]\nbrain = "local"\n', "--models", str(models)) as server:
        status, told = await chat(tmp_path, server, server.secret, "hello")
    assert (status, "Hello" in told) == (0, True), told


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["add-device", "Kit chen"], os.EX_CONFIG, "is no name of a device"),
        (["remove-device", "hall"], os.EX_CONFIG, "`pipit live-server devices` lists them"),
        (["--listen", "--settings", "/nowhere.toml"], os.EX_CONFIG, "does not exist"),
        (["--listen", "a..b:1"], os.EX_USAGE, "--listen: a..b is no name of a host"),
        (["--listen", "8445"], os.EX_USAGE, "--listen: 8445 names no port"),
        (["--listen", "127.0.0.1:70000"], os.EX_USAGE, "names no port"),
        (["--listen", "--scenario", "x.toml"], os.EX_USAGE, "--scenario"),
    ],
)
def test_what_cannot_be_done(tmp_path: Path, arguments: list[str], status: int, said: str) -> None:
    done = run_module("daemon", "live-server", "--state", str(tmp_path), *arguments)
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
