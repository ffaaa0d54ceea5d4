"""Guests: for each suite one installation from nothing, and from its disk a fresh guest for every file of tests."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.vm.appliance import SETTLING_S, Appliance
from tests.vm.installation import Installation, install, installed_before, keep, new_guest, prepare_share

if TYPE_CHECKING:
    from collections.abc import Iterator

# A run that is told to end ends as by Ctrl-C: its guests must not outlive it.
signal.signal(signal.SIGTERM, signal.default_int_handler)

SUITES = os.environ.get("PIPIT_VM_SUITES", "").split()


@pytest.fixture(scope="session")
def cache() -> Path:
    """What `tests/vm/run` has built: kernel and disks."""
    return Path(os.environ["PIPIT_VM_CACHE"])


@pytest.fixture(scope="session")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that guests see as /host."""
    folder = tmp_path_factory.mktemp("share")
    prepare_share(folder)
    return folder


@pytest.fixture(scope="session", params=SUITES)
def suite(request: pytest.FixtureRequest) -> str:
    """The Debian release of the guest."""
    return str(request.param)


@pytest.fixture(scope="session")
def installation(cache: Path, suite: str, share: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The first run of the installer; one of an earlier run of the tests if `--again` asked for it."""
    again = bool(os.environ.get("PIPIT_VM_AGAIN"))
    if again and (kept := installed_before(cache, suite)):
        return kept
    installation = install(cache, suite, share, tmp_path_factory.mktemp(suite) / "installed.cow")
    print(f"\n{suite}: booted in {installation.boot_s:.1f} s, installed in {installation.seconds:.0f} s")
    print(installation.result.output)
    if again:
        keep(cache, installation)
    return installation


@pytest.fixture(scope="module")
def appliance(installation: Installation, cache: Path, share: Path) -> Iterator[Appliance]:
    """A guest on which Pipit is installed, with the offline server, just switched on."""
    if installation.result.status:
        pytest.fail(f"the installation failed: {installation.result.last_line}")
    guest = new_guest(cache, installation.suite, share, installation.disk)
    try:
        appliance = Appliance(guest, share)
        appliance.serve_live()
        appliance.until_ready()
        time.sleep(SETTLING_S)
        yield appliance
    finally:
        guest.discard()
