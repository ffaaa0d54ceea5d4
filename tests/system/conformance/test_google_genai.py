"""The live tests that Google ships inside the google-genai wheel, unmodified, against the offline server."""

from pathlib import Path

from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.system.conformance.googles_own import WHAT_THEY_ASK, pass_against


async def test_googles_own_live_tests_pass(tmp_path: Path, certificate_dir: Path) -> None:
    brain = ScriptedBrain(WHAT_THEY_ASK)
    async with LiveServer(brain, certificate_dir=certificate_dir, record=True) as server:
        await pass_against(server.url, server.ca_file, "any", brain, tmp_path)
