"""`pipit token-broker` and `pipit chat` as people run them: processes, files, and nothing secret where others look."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from daemon.broker.device import BrokerTokens, NoToken
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.daemon.processes import run_module
from tests.system.house_servers import HouseServer, chat, live_settings, serving

if TYPE_CHECKING:
    from pathlib import Path

KEY = "the-key-of-the-broker-alone"


async def chat_with(broker: HouseServer, folder: Path, service: LiveServer, secret: str) -> tuple[int, str]:
    live = f'[live]\nendpoint = "{service.url}"\nca_file = "{service.ca_file}"\n'
    credential = f'[live.credential]\nbroker = "{broker.url}"\nbroker_ca_file = "{folder}/state/ca.pem"\n'
    return await chat(folder, live + credential + 'secret_file = "{secret}"\n', secret, "hello")


async def test_a_broker_and_a_chat_as_processes_and_no_secret_in_sight(tmp_path: Path) -> None:
    brain = ScriptedBrain(Scenario(turns=[[Say("Good day.")]]))
    async with LiveServer(brain, certificate_dir=tmp_path / "service", keys={KEY}) as service:
        async with serving("token-broker", tmp_path, live_settings(service, KEY, tmp_path), "--port", "0") as broker:
            status, told = await chat_with(broker, tmp_path, service, broker.secret)
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
