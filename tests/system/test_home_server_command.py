"""`pipit live-server --listen` and `pipit chat` as people run them: processes, files, and nothing secret in sight."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.daemon.processes import run_module
from tests.system.house_servers import HouseServer, chat, live_settings, serving

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

KEY = "the-key-of-the-house-alone"
QUESTION, ANSWER = "where is the cat", "It is on the roof."


def relaying_to(service: LiveServer, folder: Path) -> str:
    """Settings of a relay, and its key."""
    return live_settings(service, KEY, folder) + '[home_server]\nbrain = "relay"\nfallback = false\n'


def running(folder: Path, settings: str, *more: str) -> AbstractAsyncContextManager[HouseServer]:
    return serving("live-server", folder, settings, "-v", "--listen", "127.0.0.1:0", *more)


async def chat_with(server: HouseServer, folder: Path, secret: str, question: str = QUESTION) -> tuple[int, str]:
    live = f'[live]\nendpoint = "{server.url}"\nca_file = "{folder}/state/ca.pem"\n'
    return await chat(folder, live + '[live.credential]\nfile = "{secret}"\n', secret, question)


async def test_a_chat_through_the_home_server_and_neither_secret_nor_word_in_sight(tmp_path: Path) -> None:
    brain = ScriptedBrain(Scenario(turns=[[Say(ANSWER)]]))
    async with LiveServer(brain, certificate_dir=tmp_path / "service", keys={KEY}) as service:
        async with running(tmp_path, relaying_to(service, tmp_path)) as server:
            status, told = await chat_with(server, tmp_path, server.secret)
            assert (status, ANSWER in told) == (0, True), told
            _, refused = await chat_with(server, tmp_path, "kitchen:guess")
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
        status, told = await chat_with(server, tmp_path, server.secret, "hello")
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
