"""The unmodified @google/genai for JavaScript as a client of the offline server, in Node.js, with TLS and without."""

import asyncio
import base64
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from daemon.offline.rehearsal.scenario import Call, Hear, Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain, tone
from daemon.offline.server import LiveServer
from tests.daemon.home_server.home import KEY, home, service_options
from tests.system.conformance.conftest import DEADLINE_S, run_client
from tests.system.conformance.js_sdk import NODE, SOURCES, installed_modules

MODELS = ["gemini-live-2.5-flash-preview", "gemini-2.5-flash-native-audio-latest"]
"""Those of `turns.mjs`."""

CONVERSATION = Scenario(
    [
        [Say("Hello from Pipit.")],
        [Hear("turn on the lamp"), Call("set_device", {"device": "lamp"}, {"on": True}), Say("The lamp is on.", 0.5)],
    ]
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`turns.mjs`, beside the modules it imports."""
    folder = tmp_path_factory.mktemp("js")
    (folder / "node_modules").symlink_to(installed_modules())
    return Path(shutil.copy(SOURCES / "turns.mjs", folder))


async def converse(program: Path, server: LiveServer, url: str, ca_file: Path, key: str) -> Any:
    """What the program says happened at `url`, once its sessions with `server` have ended."""
    environment = {"GOOGLE_GEMINI_BASE_URL": url, "NODE_EXTRA_CA_CERTS": str(ca_file), "GOOGLE_API_KEY": key}
    finished = await run_client([NODE, program], program.parent, environment)
    assert finished.status == 0, finished.output + finished.errors
    async with asyncio.timeout(60):
        for session in server.sessions:
            await session.until(lambda ending: not ending.open)
    return json.loads(finished.output)


def check(said: Any, brain: ScriptedBrain, server: LiveServer) -> None:
    """Both turns went as scripted, to the last sample."""
    assert said["written"]["text"] == "Hello from Pipit."
    assert said["spoken"]["heard"] == "turn on the lamp"
    assert said["spoken"]["calls"] == [{"name": "set_device", "args": {"device": "lamp"}}]
    assert said["spoken"]["spoken"] == "The lamp is on."
    assert base64.b64decode(said["spoken"]["audio"]) == tone(0.5).tobytes()
    assert said["spoken"]["tokens"] > 0
    assert brain.turns[0].text == "hello"
    sent = b"".join(bytes([i]) * 640 for i in range(50))
    assert server.sessions[1].windows[0].samples.tobytes() == sent
    assert not brain.complaints


@pytest.mark.parametrize("transport", ["wss", "ws"])
async def test_a_written_and_a_spoken_turn(program: Path, certificate_dir: Path, transport: str) -> None:
    brain = ScriptedBrain(CONVERSATION)
    async with LiveServer(brain, certificate_dir=certificate_dir, plain_port=0, record=True) as server:
        url = server.url if transport == "wss" else server.plain_url
        check(await converse(program, server, url, server.ca_file, "any"), brain, server)
    assert server.sessions[0].path.startswith("//ws/")


async def test_a_written_and_a_spoken_turn_through_a_home_server(
    program: Path, certificate_dir: Path, tmp_path: Path
) -> None:
    brain = ScriptedBrain(CONVERSATION)
    service = LiveServer(brain, certificate_dir=certificate_dir, keys={KEY}, record=True)
    async with service, home(tmp_path, service_options(service), models=MODELS, deadline_s=DEADLINE_S) as house:
        check(await converse(program, service, house.url, house.files.ca_file, house.secret), brain, service)


@pytest.mark.parametrize("transport", ["wss", "ws"])
async def test_an_ephemeral_token(program: Path, certificate_dir: Path, transport: str) -> None:
    tokens = Path(shutil.copy(SOURCES / "tokens.mjs", program.parent))
    brain = ScriptedBrain(Scenario([[Say("Hello from Pipit.")]]))
    async with LiveServer(brain, certificate_dir=certificate_dir, plain_port=0, keys={"right"}) as server:
        environment = {
            "GOOGLE_GEMINI_BASE_URL": server.url if transport == "wss" else server.plain_url,
            "NODE_EXTRA_CA_CERTS": str(server.ca_file),
        }
        finished = await run_client([NODE, tokens], tokens.parent, environment)
        assert finished.status == 0, finished.output + finished.errors
        setup = server.sessions[0].setup
    said = json.loads(finished.output)
    assert said == {"first": "Hello from Pipit.", "second": "1011 Token has been used too many times"}
    assert setup is not None
    assert (setup.model, setup.system_instruction) == ("gemini-3.8-live", "Be kind.")
