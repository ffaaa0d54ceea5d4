"""Installations that are refused, cut off, killed, on a machine that has never seen Pipit; then one that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.vm.appliance import CHECKOUT, Appliance
from tests.vm.guest import NETWORK_DOWN, NETWORK_UP
from tests.vm.installation import ETC_LISTING, INSTALL, NAMED_PIPIT, bring_checkout, new_guest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.vm.guest import Completed

OUTPUT = "/root/install.out"
MACHINE = f"{ETC_LISTING}; dpkg-query --show; {NAMED_PIPIT} | sort"
"""What a refused installation must leave as it was."""


OTHER_RELEASE = """\
PRETTY_NAME="Debian GNU/Linux 11 (bullseye)"
NAME="Debian GNU/Linux"
VERSION_ID="11"
VERSION="11 (bullseye)"
VERSION_CODENAME=bullseye
ID=debian"""


@pytest.fixture(scope="module")
def bare(suite: str, cache: Path, share: Path) -> Iterator[Appliance]:
    """A guest with the checkout and nothing else."""
    guest = new_guest(cache, suite, share)
    try:
        bring_checkout(guest)
        yield Appliance(guest, share)
    finally:
        guest.discard()


def assert_one_sentence(result: Completed) -> None:
    """The last line says what and how to fix it; no line is a stack trace of ours."""
    assert result.status not in {0, 10}, result.output
    assert result.last_line.startswith("install.sh: "), result.output
    assert result.last_line.count(" — fix: ") == 1
    assert "report this line as a bug" not in result.last_line


def test_a_dry_run_says_what_it_would_do_and_does_nothing(bare: Appliance) -> None:
    before = bare.guest.sh(MACHINE)
    result = bare.installer(f"{INSTALL} --dry-run")
    assert result.status == 0, result.output
    assert "would " in result.output
    assert bare.guest.sh(MACHINE) == before


@pytest.fixture
def other_release(bare: Appliance) -> Iterator[None]:
    """A release of Debian that Pipit was never tested on."""
    bare.guest.sh(f"echo '{OTHER_RELEASE}' > /run/os-release && mount --bind /run/os-release /etc/os-release")
    yield
    bare.guest.sh("umount /etc/os-release")


@pytest.mark.usefixtures("other_release")
def test_an_unknown_release_is_refused(bare: Appliance) -> None:
    before = bare.guest.sh(MACHINE)
    result = bare.installer(INSTALL)
    assert_one_sentence(result)
    assert "bullseye" in result.last_line or "11" in result.last_line
    assert bare.guest.sh(MACHINE) == before


@pytest.fixture(params=["/opt/pipit", "/etc/pipit", "/usr/local/bin/pipit", "/etc/systemd/system/pipit.service"])
def foreign_file(request: pytest.FixtureRequest, bare: Appliance) -> Iterator[str]:
    """Someone else's file where Pipit wants to be."""
    path = str(request.param)
    bare.guest.sh(f"mkdir -p $(dirname {path}) && echo mine > {path}")
    yield path
    bare.guest.sh(f"rm -f {path}")


def test_a_foreign_file_in_the_way_is_named_and_left_alone(bare: Appliance, foreign_file: str) -> None:
    before = bare.guest.sh(MACHINE)
    result = bare.installer(INSTALL)
    assert_one_sentence(result)
    assert foreign_file in result.last_line
    assert bare.guest.sh(f"cat {foreign_file}") == "mine"
    assert bare.guest.sh(MACHINE) == before


def test_without_a_network_nothing_is_begun(bare: Appliance) -> None:
    before = bare.guest.sh(MACHINE)
    bare.guest.sh(NETWORK_DOWN)
    try:
        result = bare.installer(INSTALL, timeout_s=600)
    finally:
        bare.guest.sh(NETWORK_UP)
    assert_one_sentence(result)
    assert "network" in result.last_line or "connection" in result.last_line
    assert bare.guest.sh(MACHINE) == before


def begin_installation(appliance: Appliance, until: str) -> None:
    """In the background, until its output holds this text."""
    command = f"cd {CHECKOUT} && exec ./install.sh {INSTALL}"
    appliance.guest.sh(
        f"rm -f {OUTPUT}; systemctl reset-failed installing 2>/dev/null; systemd-run --quiet --unit=installing "
        f"-p StandardOutput=file:{OUTPUT} -p StandardError=file:{OUTPUT} bash -c '{command}'"
    )
    appliance.guest.until(f"grep -q '{until}' {OUTPUT} || ! systemctl is-active --quiet installing", 600)
    assert until in appliance.guest.sh(f"cat {OUTPUT}")


def assert_nothing_half_done(appliance: Appliance) -> None:
    """No release is current, no service runs or will run."""
    assert appliance.guest.run("test -e /opt/pipit/current").status != 0
    assert appliance.guest.run("systemctl is-active pipit.service || systemctl is-enabled pipit.service").status != 0


def test_a_network_cut_in_the_middle_ends_it_in_one_sentence(bare: Appliance) -> None:
    begin_installation(bare, until="requirements/run.txt")
    bare.guest.sh(NETWORK_DOWN)
    try:
        bare.guest.until("! systemctl is-active --quiet installing", 600)
    finally:
        bare.guest.sh(NETWORK_UP)
    result = bare.guest.run(f"cat {OUTPUT}; exit $(systemctl show -p ExecMainStatus --value installing)")
    assert_one_sentence(result)
    assert "connection" in result.last_line or "network" in result.last_line
    assert_nothing_half_done(bare)


def test_killed_in_the_middle_it_leaves_nothing_half_done(bare: Appliance) -> None:
    begin_installation(bare, until="requirements/run.txt")
    bare.guest.sh("systemctl kill --signal=KILL installing")
    bare.guest.until("! systemctl is-active --quiet installing")
    assert_nothing_half_done(bare)


def test_a_power_cut_in_the_middle_leaves_nothing_half_done(bare: Appliance) -> None:
    begin_installation(bare, until="requirements/wake.txt")
    bare.guest.cut_power()
    bare.guest.boot()
    assert_nothing_half_done(bare)


def test_after_all_that_it_installs(bare: Appliance) -> None:
    result = bare.installer(INSTALL)
    assert result.status == 0, result.output
    bare.until_ready()
    assert bare.shown("ActiveState") == "active"
