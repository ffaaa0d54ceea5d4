"""The live tests that Google ships inside the google-genai wheel, unmodified, through a home server to a service."""

from pathlib import Path

import pytest

from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.daemon.home_server.home import KEY, home, service_options
from tests.repetition import THOROUGH
from tests.system.conformance.googles_own import WHAT_THEY_ASK, pass_against

THEIR_MODEL = "gemini-3.1-flash-live-preview"


@pytest.mark.skipif(not THOROUGH, reason="usually they go to the server itself, and the JavaScript SDK through a home")
async def test_googles_own_live_tests_pass_through_a_home_server(tmp_path: Path, certificate_dir: Path) -> None:
    brain = ScriptedBrain(WHAT_THEY_ASK)
    service = LiveServer(brain, certificate_dir=certificate_dir, keys={KEY}, record=True)
    async with service, home(tmp_path, service_options(service), models=[THEIR_MODEL]) as house:
        await pass_against(house.url, house.files.ca_file, house.secret, brain, tmp_path)
