"""What `tests/arm64/run` judges by: it must notice a package that does not work and a score that is another."""

import subprocess
from pathlib import Path

import pytest

from daemon.doctor.order import CHECKS
from tests.arm64.doctor import ASKED, judge
from tests.arm64.imports import NATIVE, attempt
from tests.arm64.scores import compare
from tests.requirement_files import pins

HERE = Path(__file__).parent


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(HERE / "run"), *arguments], capture_output=True, text=True, timeout=30, check=False, cwd="/"
    )


@pytest.mark.parametrize(
    ("module", "expression", "failure"),
    [
        ("json", "dumps({})", ""),
        ("json", "nothing", "AttributeError: module 'json' has no attribute 'nothing'"),
        ("nothing_at_all", "x", "ModuleNotFoundError: No module named 'nothing_at_all'"),
        ("os", "abort()", "ended by signal 6"),
    ],
)
def test_an_import_is_judged_by_how_its_process_ends(module: str, expression: str, failure: str) -> None:
    assert attempt(module, expression) == failure


def test_every_package_that_is_built_on_the_device_is_tried() -> None:
    names = {
        requirement.name
        for file in ("run", "pins")
        for requirement, _ in pins(HERE.parents[1] / f"requirements/{file}.txt")
    }
    assert {"pyalsaaudio", "systemd-python", "lgpio"} <= names
    assert {"alsaaudio", "systemd.daemon", "lgpio"} <= set(NATIVE)


@pytest.mark.parametrize(
    ("there", "status"),
    [
        ([[0.0, 0.0], [0.9, 0.1]], 0),
        ([[0.0, 0.0], [0.9009, 0.1]], 0),
        ([[0.0, 0.0], [0.902, 0.1]], 1),
        ([[0.0, 0.0], [0.9, 0.2]], 1),
    ],
)
def test_scores_are_equal_or_the_comparison_fails(there: list[list[float]], status: int) -> None:
    assert compare([[0.0, 0.0], [0.9, 0.1]], there) == status


def test_two_processors_that_hear_nothing_do_not_agree() -> None:
    assert compare([[0.1, 0.0]], [[0.1, 0.0]]) == 1


def test_the_doctor_must_be_content_with_what_an_emulated_system_can_have() -> None:
    findings = [{"name": name, "verdict": "ok", "sentence": ""} for name in ASKED]
    away = {"name": "sound-cards", "verdict": "fault", "sentence": ""}
    assert judge({"findings": [*findings, away]}) == 0
    assert judge({"findings": findings[1:]}) == 1
    assert judge({"findings": [{**findings[0], "verdict": "fault"}, *findings[1:]]}) == 1
    assert set(ASKED) <= {check.name for check in CHECKS}


def test_help_says_what_it_takes() -> None:
    answer = run("--help")
    assert answer.returncode == 0
    for word in ("min", "MB", "--suite", "--bundle", "root"):
        assert word in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--suite", "sid"), "there is no root for 'sid' — fix: --suite trixie or --suite bookworm"),
        (("--suite",), "an option lacks its value — fix: tests/arm64/run --help"),
        (("--bundle", "/nowhere/at/all"), "/nowhere/at/all is no folder — fix: name one that exists"),
        (("--what",), "unknown option '--what' — fix: tests/arm64/run --help"),
    ],
)
def test_what_it_does_not_know_is_one_sentence(arguments: tuple[str, ...], message: str) -> None:
    answer = run(*arguments)
    assert answer.returncode == 1
    assert answer.stderr == f"test-vm: {message}\n"
