"""The installation in an arm64 system under emulation: tests/arm64 does it and says what it found."""

from __future__ import annotations

import subprocess

import pytest

from tests.vm.installation import PROJECT

RUN = PROJECT / "tests/arm64/run"


@pytest.mark.skipif(not RUN.exists(), reason="tests/arm64 is not part of this checkout")
def test_it_installs_and_every_native_package_works_on_arm64() -> None:
    print()
    subprocess.run([str(RUN)], check=True)
