"""The live tests that Google ships inside the google-genai wheel, unmodified, through a home server to a service."""

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.daemon.home_server.home import KEY, home, service_options
from tests.repetition import THOROUGH
from tests.system.conformance.conftest import run_client
from tests.system.conformance.test_google_genai import LIVE_TESTS, ROOT, WHAT_THEY_ASK

THEIR_MODEL = "gemini-3.1-flash-live-preview"


@pytest.mark.skipif(not THOROUGH, reason="usually they go to the server itself, and the JavaScript SDK through a home")
async def test_googles_own_live_tests_pass_through_a_home_server(tmp_path: Path, certificate_dir: Path) -> None:
    brain = ScriptedBrain(WHAT_THEY_ASK)
    settings, report = tmp_path / "pytest.ini", tmp_path / "report.xml"
    settings.write_text("[pytest]\nconsider_namespace_packages = true\n")  # `google` is a namespace package
    command = [sys.executable, "-m", "pytest", "-c", settings, "-p", "tests.system.conformance.local_live"]
    service = LiveServer(brain, certificate_dir=certificate_dir, keys={KEY}, record=True)
    async with service, home(tmp_path, service_options(service), models=[THEIR_MODEL]) as house:
        environment = {
            "PYTHONPATH": str(ROOT),
            "GOOGLE_GEMINI_BASE_URL": house.url,
            "SSL_CERT_FILE": str(house.files.ca_file),
            "GOOGLE_API_KEY": house.secret,
            "GOOGLE_GENAI_RUN_GEMINI_ONLY_IN_API_MODE": "1",
            "GOOGLE_GENAI_REPLAYS_DIRECTORY": str(tmp_path),
        }
        command += ["--mode=api", f"--junitxml={report}", "-p", "no:cacheprovider", LIVE_TESTS]
        finished = await run_client(command, tmp_path, environment)
    assert finished.status == 0, finished.output + finished.errors
    cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314 (pytest wrote it)
    passed = sorted(case.attrib["name"].partition("[")[0] for case in cases if not list(case))
    assert passed == [
        "test_function_calling",
        "test_multi_turn",
        "test_send_tool_response_without_id_raises",
        "test_text_input",
    ]
    assert [turn.text for turn in brain.turns][0::3] == ["Say hello.", "Please turn on the lights."]
    assert not brain.complaints
