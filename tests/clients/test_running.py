"""One case in real processes, with the client that is installed here anyway; and what is made of logs."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.clients.__main__ import main
from tests.clients.cases import CASES
from tests.clients.catalogue import CLIENTS, ROOT, Client, Known
from tests.clients.places import Place
from tests.clients.running import Workplace, last_error, run_case
from tests.clients.sdks import CONFORMANCE, SDKS, rows_of
from tests.repetition import THOROUGH

GENAI = CLIENTS[0]
PYTHON = Path(sys.executable)


def a_client(known: Mapping[str, Known] | None = None) -> Client:
    return Client("google-genai", "google-genai", own_environment=False, known=known or {})


def program(folder: Path, script: str) -> Path:
    """What stands in for a client's Python, and does this whatever driver it is given."""
    file = folder / "python"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    """Where a server is announced that is not there: for drivers that fail by themselves."""
    file = tmp_path / "pipit"
    file.write_text("#!/bin/sh\nprintf 'live server  https://127.0.0.1:1\\nauthority  /ca.pem\\n'\nexec sleep 60\n")
    file.chmod(0o755)
    return Workplace(tmp_path, file)


@pytest.mark.parametrize("through_house", [False, True] if THOROUGH else [False])
async def test_a_case_that_passes(tmp_path: Path, through_house: bool) -> None:
    """Through a home server it takes three times as long, and the conformance tests of the SDKs do it too."""
    workplace = Workplace(tmp_path, through_house=through_house)
    row = await run_case(GENAI, "tool_round", PYTHON, workplace)
    assert (row.client, row.result) == ("google-genai", "pass"), row.note
    assert row.note == "called, answered, and the answer spoken of"
    log = workplace.log(GENAI, "tool_round").read_text()
    assert "session 1 begins" in log
    assert ("serving the house (relay)" in log, "kitchen" in log) == (through_house, through_house)


async def test_a_case_that_fails_says_why_and_where_to_look(tmp_path: Path, workplace: Workplace) -> None:
    python = program(tmp_path, "echo 'Traceback' >&2; echo 'ConnectionError: no' >&2; exit 1")
    row = await run_case(a_client(), "written_turn", python, workplace)
    assert (row.result, row.note) == ("FAIL", f"ConnectionError: no, see {tmp_path}/google-genai-written_turn.log")


async def test_a_server_that_does_not_start_is_a_failure_of_the_case(tmp_path: Path) -> None:
    (tmp_path / "pipit").write_text("#!/bin/sh\necho 'name a scenario file that can be read' >&2; exit 78\n")
    (tmp_path / "pipit").chmod(0o755)
    row = await run_case(a_client(), "no_such_scenario", PYTHON, Workplace(tmp_path, tmp_path / "pipit"))
    log = tmp_path / "google-genai-no_such_scenario.log"
    assert (row.result, row.note) == ("FAIL", f"the server did not start, see {log}")
    assert "name a scenario file that can be read" in log.read_text()


async def test_through_a_home_server_the_client_has_its_address_and_a_secret_of_it(tmp_path: Path) -> None:
    file = tmp_path / "pipit"
    file.write_text(
        '#!/bin/sh\necho "$@" >>"${0%/*}/asked"\ncase "$*" in\n*add-device*) echo the-secret; exit;;\n'
        "*--listen*) printf 'home server  https://127.0.0.1:2\\nauthority  /house.pem\\n';;\n"
        "*) printf 'live server  https://127.0.0.1:1\\nauthority  /ca.pem\\n';;\nesac\nexec sleep 60\n"
    )
    file.chmod(0o755)
    python = program(tmp_path, 'echo "saw: $GOOGLE_API_KEY $GOOGLE_GEMINI_BASE_URL $SSL_CERT_FILE"')
    row = await run_case(a_client(), "written_turn", python, Workplace(tmp_path, file, through_house=True))
    assert (row.result, row.note) == ("pass", "the-secret https://127.0.0.1:2 /house.pem")
    asked = (tmp_path / "asked").read_text().splitlines()
    house = tmp_path / "google-genai-written_turn-house.house"
    assert [line.partition(" --state")[0] for line in asked[1:]] == [
        "live-server",
        "--verbose live-server --listen 127.0.0.1:0",
    ]
    settings = tomllib.loads((house / "pipit.toml").read_text())
    assert settings["live"] == {
        "endpoint": "https://127.0.0.1:1",
        "ca_file": "/ca.pem",
        "credential": {"file": str(house / "key")},
    }


async def test_a_failure_is_known_by_how_it_shows(tmp_path: Path, workplace: Workplace) -> None:
    python = program(tmp_path, "echo 'ConnectionError: no' >&2; exit 1")
    for sign, result, note in (("ConnectionError", "known", "nobody is perfect"), ("TimeoutError", "FAIL", "Conn")):
        client = a_client({"two_turns": Known("nobody is perfect", sign)})
        row = await run_case(client, "two_turns", python, workplace)
        assert row.result == result
        assert row.note.startswith(note)


async def test_a_second_connection_without_its_handle_is_no_resumption(tmp_path: Path, workplace: Workplace) -> None:
    row = await run_case(a_client(), "resumption", program(tmp_path, "echo 'saw: all of it'"), workplace)
    assert row.result == "FAIL"
    assert row.note.startswith("it connected anew without its handle")


async def test_a_home_server_that_does_not_start_is_a_failure_of_the_case(tmp_path: Path) -> None:
    file = tmp_path / "pipit"
    file.write_text(
        '#!/bin/sh\ncase "$*" in\n*add-device*) echo secret;;\n*--listen*) exit 1;;\n'
        "*) printf 'live server  https://127.0.0.1:1\\nauthority  /ca.pem\\n'; exec sleep 60;;\nesac\n"
    )
    file.chmod(0o755)
    row = await run_case(a_client(), "written_turn", PYTHON, Workplace(tmp_path, file, through_house=True))
    log = tmp_path / "google-genai-written_turn-house.log"
    assert (row.result, row.note) == ("FAIL", f"the home server did not start, see {log}")


async def test_what_is_not_offered_is_not_run(tmp_path: Path) -> None:
    row = await run_case(GENAI, "resumption", tmp_path / "no-such-program", Workplace(tmp_path))
    assert (row.result, row.note) == ("not offered", "the SDK leaves reconnecting to the program")


def test_a_driver_gets_no_key_and_no_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "secret")
    monkeypatch.setenv("https_proxy", "somewhere")
    monkeypatch.setenv("HOME", "/root")
    given = Workplace(tmp_path).environment(Place("https://127.0.0.1:1", "/ca.pem", "the secret"))
    assert "secret" not in given.values()
    assert given["GOOGLE_API_KEY"] == "the secret"
    assert not {"GEMINI_API_KEY", "https_proxy"} & given.keys()
    assert (given["HOME"], given["SSL_CERT_FILE"]) == ("/root", "/ca.pem")


def test_the_last_error_of_a_log() -> None:
    log = "ValueError: first\n  File x\npackage.errors.APIError: 1011 None. scenario: no\ndaemon: session 1 ended"
    assert last_error(log) == "package.errors.APIError: 1011 None. scenario: no"
    assert last_error("nothing") == "it ended without a word"


def test_the_rows_of_the_sdks_own_tests() -> None:
    report = """<testsuites><testsuite>
        <testcase classname="tests.system.conformance.test_google_genai" name="test_googles_own_live_tests_pass"/>
        <testcase classname="tests.system.conformance.test_js_sdk" name="test_a_turn[wss]"><failure/></testcase>
        <testcase classname="tests.system.conformance.test_js_sdk" name="test_a_turn[ws]"><skipped/></testcase>
    </testsuite></testsuites>"""
    rows = rows_of(report, Path("the.log"))
    assert [(row.client, row.case, row.result, row.note) for row in rows] == [
        ("google-genai", "googles_own_live_tests_pass", "pass", ""),
        ("@google/genai", "a_turn[wss]", "FAIL", "failure, see the.log"),
        ("@google/genai", "a_turn[ws]", "FAIL", "skipped, see the.log"),
    ]
    assert rows[1].version == "3.1.0"


def test_each_of_the_sdks_own_tests_is_known_by_its_module() -> None:
    assert {file.stem for file in CONFORMANCE.glob("test_*.py")} == SDKS.keys()


def test_the_list_names_every_client_and_what_is_known_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "sdks  google-genai, @google/genai"
    heads = [line for line in lines[1:] if not line.startswith(" ")]
    assert heads == [f"{client.name}  {client.package} {client.version}" for client in CLIENTS]
    assert len(lines) == 1 + len(CLIENTS) * (1 + len(CASES))
    assert "    resumption: known to fail: forgets its handle" in "\n".join(lines)


def test_the_list_of_one_client_and_one_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "--case", "interruption", "livekit"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_client_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["nobody"])
    assert ended.value.code == 2
    assert "there is no client nobody; there are sdks, google-genai, pipecat" in capsys.readouterr().err


def test_the_help_names_every_client_and_case(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    words = capsys.readouterr().out.replace(",", " ").split()
    assert {client.name for client in CLIENTS} | CASES.keys() <= set(words)


def test_the_command_lists_before_anything_is_installed() -> None:
    command = [ROOT / "install.sh", "test-clients", "--list"]
    own = {**os.environ, "PIPIT_PYTHON": sys.executable}  # not the first that is found, each asked in turn
    told = subprocess.run(command, env=own, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stderr
    assert "google-adk" in told.stdout
