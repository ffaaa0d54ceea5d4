"""Upgrade, rollback, uninstall and purge: one machine that lives through them in this order."""

import re
from pathlib import Path

import pytest

from tests.installer.machine import Machine, last_line
from tests.repetition import THOROUGH

UNIT = "etc/systemd/system/pipit.service"


class House:
    """A machine on which release after release is installed."""

    def __init__(self, folder: Path) -> None:
        self.machine = Machine(folder)
        self.machine.make_root()
        self.before = self.machine.tree()
        self.version("0.1.0", watchdog_s=30)
        self.machine.installed(board="voicehat", spi="yes", wifi_power_save="off")
        (self.machine.root / "run/pipit-reboot-needed").unlink()

    def version(self, version: str, *, watchdog_s: int) -> None:
        """Make the checkout one of this version, with a unit of its own."""
        self.machine.change("daemon/__init__.py", f'"""Pipit."""\n\n__version__ = "{version}"\n')
        unit = (self.machine.checkout / "systemd/pipit.service").read_text()
        self.machine.change("systemd/pipit.service", re.sub(r"WatchdogSec=\d+s", f"WatchdogSec={watchdog_s}s", unit))

    @property
    def releases(self) -> set[str]:
        return {path.name.partition("-")[0] for path in (self.machine.root / "opt/pipit/releases").iterdir()}

    def linked(self, name: str) -> str:
        return (self.machine.root / "opt/pipit" / name).readlink().name.partition("-")[0]

    def runs(self, version: str, *, watchdog_s: int) -> bool:
        """Whether this version is the one that was started, by its own unit."""
        started = self.machine.read("opt/pipit/started").startswith(f"{version}-")
        return self.linked("current") == version and started and f"WatchdogSec={watchdog_s}s" in self.machine.read(UNIT)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


def test_an_upgrade_is_built_beside_and_switched_to(house: House) -> None:
    house.version("0.2.0", watchdog_s=31)
    run = house.machine.install("upgrade")
    assert run.returncode == 0, run.stdout + run.stderr
    assert house.runs("0.2.0", watchdog_s=31)
    assert (house.releases, house.linked("previous")) == ({"0.1.0", "0.2.0"}, "0.1.0")
    order = [run.stdout.index(step) for step in ("try lgpio", "check ", "the current release", "wait until it hears")]
    assert order == sorted(order)


def test_a_second_upgrade_changes_nothing(house: House) -> None:
    before = house.machine.tree()
    run = house.machine.install("upgrade")
    assert (run.returncode, "Nothing to change" in run.stdout) == (0, True)
    assert house.machine.tree() == before


FAULTS = ["a package that does not run", *(["wrong settings"] if THOROUGH else [])]
"""Those stop an installation in the same place (`tests.installer.test_install`)."""


@pytest.mark.parametrize("fault", FAULTS)
def test_an_upgrade_that_does_not_pass_its_checks_leaves_the_old_release_running(house: House, fault: str) -> None:
    house.version("0.2.1", watchdog_s=32)
    settings = house.machine.read("etc/pipit/pipit.toml")
    if fault == "wrong settings":
        house.machine.write("etc/pipit/pipit.toml", "wrong = 1\n")
    run = house.machine.install("upgrade", FAKE_KILLED="soxr" if fault.startswith("a package") else "")
    house.machine.write("etc/pipit/pipit.toml", settings)
    assert run.returncode == 1
    assert "restart" not in house.machine.record
    assert house.runs("0.2.0", watchdog_s=31)


def test_a_release_that_does_not_become_ready_is_taken_back(house: House) -> None:
    house.version("0.3.0", watchdog_s=33)
    run = house.machine.install("upgrade", FAKE_BROKEN_RELEASE="0.3.0")
    assert run.returncode == 1
    told = r"install.sh: release 0.3.0-\w+ did not become ready and was taken back; 0.2.0-\w+ runs again"
    assert re.fullmatch(rf"{told} — fix: .* \(log: .*\)", last_line(run))
    assert "Job for pipit.service failed." in run.stderr
    assert house.runs("0.2.0", watchdog_s=31)
    assert house.linked("previous") == "0.1.0"
    assert "0.3.0" not in house.releases


def test_one_old_release_is_kept(house: House) -> None:
    house.version("0.4.0", watchdog_s=34)
    assert house.machine.install("upgrade").returncode == 0
    assert house.releases == {"0.2.0", "0.4.0"}


def test_rollback_goes_back_and_forth(house: House) -> None:
    run = house.machine.install("rollback")
    assert run.returncode == 0, run.stderr
    assert "Pipit is back at release 0.2.0" in run.stdout
    assert house.runs("0.2.0", watchdog_s=31)
    assert house.linked("previous") == "0.4.0"
    assert house.machine.install("rollback").returncode == 0
    assert house.runs("0.4.0", watchdog_s=34)


def test_a_python_that_went_with_an_update_of_the_system_is_replaced(house: House) -> None:
    release = house.machine.root / "opt/pipit/current"
    (release.resolve() / "venv/bin/python").unlink()
    run = house.machine.install("upgrade", FAKE_VERSION="3.13")
    assert run.returncode == 0, run.stdout + run.stderr
    assert (release / "complete").read_text() == "Python 3.13.2\n"


def test_a_service_that_was_ready_once_is_not_taken_back(house: House) -> None:
    (house.machine.root.parent / "root.state/pipit.service").unlink()
    run = house.machine.install("upgrade", FAKE_BROKEN_RELEASE="0.4.0")
    assert run.returncode == 1
    assert last_line(run).startswith("install.sh: could not start the service")
    assert house.linked("current") == "0.4.0"
    assert house.machine.install("upgrade").returncode == 0


def test_another_key_is_stored_and_the_service_restarted(house: House) -> None:
    (house.machine.folder / "key").write_text("another-key\n")
    run = house.machine.install("key", "--answers", house.machine.answers())
    assert run.returncode == 0, run.stderr
    assert house.machine.read("etc/pipit/gemini-api-key") == "another-key\n"
    assert "restart pipit.service" in house.machine.record


def test_uninstall_keeps_settings_key_state_and_what_the_household_wrote(house: House) -> None:
    house.machine.write("etc/systemd/system/pipit.service.d/mine.conf", "[Service]\nNice=5\n")
    rehearsal = house.machine.install("uninstall", "--dry-run")
    assert rehearsal.stdout.rstrip().endswith("Nothing was changed.")
    run = house.machine.install("uninstall")
    assert run.returncode == 0, run.stderr
    announced = re.findall(r"^  would (.*)$", rehearsal.stdout, re.M)
    assert announced == re.findall(r"^  (.*) … \d+ s$", run.stdout, re.M)
    tree = house.machine.tree()
    left = {name for name in tree if tree[name] != house.before.get(name)}
    assert {name for name in left if "pipit" not in name} == {"etc/passwd", "etc/group", "opt", "var/log"}
    assert "etc/pipit/pipit.toml" in left
    assert "etc/pipit/gemini-api-key" in left
    assert "etc/systemd/system/pipit.service.d/mine.conf" in left
    assert house.machine.read("boot/firmware/config.txt") == house.before["boot/firmware/config.txt"].partition(" ")[2]
    assert "stop pipit.service" in house.machine.record


def test_a_second_uninstall_changes_nothing(house: House) -> None:
    before = house.machine.tree()
    run = house.machine.install("uninstall")
    assert (run.returncode, run.stdout) == (0, "There is nothing to change.\n")
    assert house.machine.tree() == before


def test_what_is_not_installed_cannot_be_upgraded_or_rolled_back(house: House) -> None:
    for task in ("upgrade", "rollback", "key"):
        run = house.machine.install(task)
        assert run.returncode == 1
        assert last_line(run) == "install.sh: Pipit is not installed here — fix: sudo ./install.sh install"


def test_after_purge_etc_is_as_it_was_before(house: House) -> None:
    (house.machine.root / "etc/systemd/system/pipit.service.d/mine.conf").unlink()
    run = house.machine.install("purge")
    assert run.returncode == 0, run.stderr
    tree = house.machine.tree()
    assert {name: tree[name] for name in tree if name.startswith("etc")} == {
        name: text for name, text in house.before.items() if name.startswith("etc")
    }
    assert tree.keys() - house.before.keys() == {"opt", "var/log"}
    assert not (house.machine.root / "var/log/pipit-install.log").exists()
