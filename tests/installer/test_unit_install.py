"""installer/unit.sh: the unit with its drop-ins, user and rules is installed once, completely, and removed exactly."""

import shutil
from typing import Final

import pytest

from tests.installer.parts import CHECKOUT, Parts, parts
from tests.repetition import THOROUGH

__all__ = ["parts"]

UNIT: Final = "etc/systemd/system/pipit.service"
ALWAYS: Final = {UNIT, "etc/sysusers.d/pipit.conf", "etc/udev/rules.d/60-pipit.rules", "etc/pipit/made-by-install"}

USERADD: Final = r"""#!/bin/bash
# Stands in for systemd-sysusers: obeys the lines u, g and m of the files it is given.
echo "systemd-sysusers $*" >>"$RECORD"
root=${1#--root=}; shift
for name; do
    while read -r kind who group _; do
        case $kind in
            u) echo "$who:x:999:999::/:/bin/false" >>"$root/etc/passwd" ;;
            g) grep -q "^$who:" "$root/etc/group" || echo "$who:x:99:" >>"$root/etc/group" ;;
            m) sed -i "s/^$group:\(.*[^:]\)\$/&,$who/; s/^$group:\(.*\):\$/&$who/" "$root/etc/group" ;;
        esac
    done <"$root/etc/sysusers.d/$name"
done
"""


@pytest.fixture
def machine(parts: Parts) -> Parts:
    parts.stand_in("systemd-sysusers", USERADD)
    return parts


def bus_files(bus: str) -> set[str]:
    return {
        f"etc/systemd/system/pipit.service.d/20-{bus}.conf",
        f"etc/sysusers.d/pipit-{bus}.conf",
        f"etc/udev/rules.d/60-pipit-{bus}.rules",
    }


def below_the_stamp(text: str) -> str:
    return text.split("\n", 1)[1]


def test_everything_is_installed_as_it_is_in_the_checkout(machine: Parts) -> None:
    before = machine.files()
    machine.ran("install_unit")
    assert machine.files() - before == ALWAYS
    assert below_the_stamp(machine.read(UNIT)) == (CHECKOUT / "systemd/pipit.service").read_text()


def test_the_user_is_in_the_groups_of_its_devices(machine: Parts) -> None:
    machine.ran("install_unit spi")
    groups = dict(line.split(":", 1) for line in machine.read("etc/group").splitlines())
    assert [name for name in groups if "pipit" in groups[name]] == ["audio", "gpio", "spi"]


SOME_BUSES: Final = [[], ["i2c"], ["spi", "i2c", "video", "usb", "input"]]


@pytest.mark.parametrize("buses", [*SOME_BUSES, *([["spi"], ["spi", "i2c"], ["video"], ["usb"]] if THOROUGH else [])])
def test_only_the_buses_that_are_asked_for_are_opened(machine: Parts, buses: list[str]) -> None:
    before = machine.files()
    said = machine.ran(f"install_unit {' '.join(buses)} >/dev/null; installed_buses")
    assert machine.files() - before == ALWAYS.union(*map(bus_files, buses))
    assert said.split() == buses


def test_a_bus_that_is_no_longer_asked_for_is_closed(machine: Parts) -> None:
    machine.ran("install_unit")
    without = machine.files()
    machine.ran("install_unit spi i2c; install_unit i2c")
    assert machine.files() - without == bus_files("i2c")
    machine.ran("install_unit")
    assert machine.files() == without


def test_a_second_run_changes_nothing(machine: Parts) -> None:
    machine.boot()
    machine.ran("install_unit spi")
    assert machine.ran("install_unit spi; say $CHANGES") == "0\n"
    assert machine.record == []


def test_systemd_reads_the_units_once_and_only_if_one_changed(machine: Parts) -> None:
    machine.boot()
    machine.ran("install_unit spi i2c")
    reloads = [line for line in machine.record if "daemon-reload" in line]
    assert reloads == [f"systemctl --root={machine.root} daemon-reload"]


def test_a_user_who_is_there_is_not_made_again(machine: Parts) -> None:
    machine.ran("install_unit")
    machine.ran("install_unit i2c")
    calls = [line for line in machine.record if line.startswith("systemd-sysusers")]
    assert calls == [f"systemd-sysusers --root={machine.root}/ pipit.conf pipit-i2c.conf"]


def test_removed_it_leaves_what_was_there(machine: Parts) -> None:
    machine.write("etc/systemd/system/pipit.service.d/mine.conf", "[Service]\nNice=1\n")
    machine.write("etc/udev/rules.d/99-other.rules", "")
    before = machine.files()
    machine.ran("install_unit spi i2c; remove_unit")
    assert machine.files() - before == {"etc/pipit/made-by-install"}
    assert machine.ran("remove_unit; say $CHANGES") == "0\n"


def test_removed_it_leaves_no_folder_of_its_own(machine: Parts) -> None:
    machine.ran("install_unit spi")
    machine.ran("remove_unit")
    assert not (machine.root / "etc/systemd/system/pipit.service.d").exists()
    assert not (machine.root / "etc/sysusers.d").exists()


def test_accounts_that_it_made_go_and_no_others(machine: Parts) -> None:
    machine.write("etc/group", "root:x:0:\naudio:x:29:\ngpio:x:997:pi\n")
    machine.ran("install_unit spi; remove_accounts")
    removed = [line for line in machine.record if line.startswith(("userdel", "groupdel"))]
    assert removed == [
        f"userdel --prefix {machine.root} pipit",
        f"groupdel --prefix {machine.root} spi",
    ]


def test_a_unit_that_the_owner_edited_is_kept_beside(machine: Parts) -> None:
    machine.ran("install_unit")
    path = machine.root / UNIT
    path.write_text(path.read_text().replace("RestartSec=500ms", "RestartSec=9s"))
    machine.ran("install_unit")
    assert "RestartSec=500ms" in machine.read(UNIT)
    kept = [place for place in machine.files() if place.startswith(f"{UNIT}.yours-")]
    assert len(kept) == 1
    assert "RestartSec=9s" in machine.read(kept[0])


def test_a_unit_of_somebody_else_is_not_lost(machine: Parts) -> None:
    machine.write(UNIT, "[Service]\nExecStart=/bin/true\n")
    machine.ran("install_unit; remove_unit")
    kept = [place for place in machine.files() if place.startswith(f"{UNIT}.yours-")]
    assert [machine.read(place) for place in kept] == ["[Service]\nExecStart=/bin/true\n"]


def test_a_dry_run_only_says_it(machine: Parts) -> None:
    before = machine.files()
    said = machine.ran("DRY_RUN=yes; install_unit spi; remove_unit")
    assert "would write" in said
    assert "would make the user pipit and its groups" in said
    assert machine.files() == before
    assert machine.record == []


@pytest.mark.skipif(shutil.which("systemd-sysusers") is None, reason="systemd-sysusers is not installed")
def test_the_real_systemd_sysusers_makes_the_accounts(parts: Parts) -> None:
    (parts.programs / "systemd-sysusers").unlink()
    parts.ran("install_unit spi i2c")
    assert parts.ran("accounts_are_complete spi i2c && say complete") == "complete\n"
    assert parts.ran("install_unit spi i2c; say $CHANGES") == "0\n"
