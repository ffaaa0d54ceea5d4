"""The live tests that Google ships inside the google-genai wheel, run unmodified against some server."""

import sys
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from google import genai

from daemon.offline.rehearsal.scenario import Call, Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from tests.system.conformance.conftest import run_client

ROOT: Final = Path(__file__).parents[3]
LIVE_TESTS: Final = Path(genai.__file__).parent / "tests" / "live_api"

WHAT_THEY_ASK: Final = Scenario(
    [
        [Say("Hello.")],  # test_text_input
        [Say("I will remember 42.")],  # test_multi_turn
        [Say("The number is 42.")],
        [Call("turn_on_the_lights", {}, {"result": "ok"}), Say("The lights are on.")],  # test_function_calling
    ]
)


async def pass_against(url: str, ca_file: Path, key: str, brain: ScriptedBrain, folder: Path) -> None:
    """Asserts that all of them pass, and that `brain`, which `WHAT_THEY_ASK` scripts, was asked what they say."""
    settings, report = folder / "pytest.ini", folder / "report.xml"
    settings.write_text("[pytest]\nconsider_namespace_packages = true\n")  # `google` is a namespace package
    environment = {
        "PYTHONPATH": str(ROOT),
        "GOOGLE_GEMINI_BASE_URL": url,
        "SSL_CERT_FILE": str(ca_file),
        "GOOGLE_API_KEY": key,
        "GOOGLE_GENAI_RUN_GEMINI_ONLY_IN_API_MODE": "1",
        "GOOGLE_GENAI_REPLAYS_DIRECTORY": str(folder),
    }
    command = [sys.executable, "-m", "pytest", "-c", settings, "-p", "tests.system.conformance.local_live"]
    command += ["--mode=api", f"--junitxml={report}", "-p", "no:cacheprovider", LIVE_TESTS]
    finished = await run_client(command, folder, environment)
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
