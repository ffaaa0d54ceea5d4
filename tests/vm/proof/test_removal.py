"""What is left after the removal of the program, and after that of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.vm.installation import ETC_LISTING, NAMED_PIPIT

if TYPE_CHECKING:
    from tests.vm.appliance import Appliance
    from tests.vm.installation import Installation

CACHES = {"./ld.so.cache"}


def names_that_differ(before: str, after: str) -> set[str]:
    """Paths below /etc, as ./path, whose line or hash is in one listing only."""
    lines = set(before.splitlines()) ^ set(after.splitlines())
    return {next(word for word in line.split() if word.startswith("./")) for line in lines}


def not_of_packages(appliance: Appliance, names: set[str]) -> set[str]:
    """Those that no Debian package has brought, nor its scripts, which make links to what it has."""
    paths = {name: "/etc" + name[1:] for name in sorted(names - CACHES)}
    owned = "dpkg-query --search {0} || dpkg-query --search $(readlink -f {0})"
    return {name for name, path in paths.items() if appliance.guest.run(owned.format(path)).status}


def test_uninstall_leaves_settings_key_and_state_alone(appliance: Appliance, installation: Installation) -> None:
    result = appliance.installer("uninstall --unattended")
    assert result.status == 0, result.output
    assert appliance.guest.run("systemctl cat pipit.service").status != 0
    assert appliance.guest.run("test -e /opt/pipit").status != 0
    left = not_of_packages(appliance, names_that_differ(installation.etc_before, appliance.guest.sh(ETC_LISTING)))
    accounts = {"./passwd", "./group", "./shadow", "./gshadow"}
    assert {name for name in left if not name.startswith("./pipit")} <= accounts
    assert "./pipit/pipit.toml" in left
    appliance.guest.sh("test -d /var/lib/pipit/models")


def test_purge_leaves_etc_as_it_was_before(appliance: Appliance, installation: Installation) -> None:
    result = appliance.installer("purge --unattended --yes")
    assert result.status == 0, result.output
    differing = names_that_differ(installation.etc_before, appliance.guest.sh(ETC_LISTING))
    assert not_of_packages(appliance, differing) == set()


def test_after_purge_nothing_bears_its_name(appliance: Appliance) -> None:
    assert appliance.guest.sh(NAMED_PIPIT) == ""
    assert appliance.guest.run("getent passwd pipit").status != 0
    assert appliance.guest.run("systemctl list-unit-files --no-legend 'pipit*'").output == ""
