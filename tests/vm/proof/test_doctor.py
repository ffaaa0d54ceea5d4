"""What the doctor does beyond looking: figures, a bundle for support, speaker and microphone tried on each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.vm.appliance import PIPIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.vm.appliance import Appliance


def test_the_bench_measures_this_machine(appliance: Appliance) -> None:
    figures = appliance.guest.sh(f"{PIPIT} doctor --bench", timeout_s=180)
    print(f"\n{figures}")
    assert "wake" in figures


def test_a_support_bundle_holds_no_secret(appliance: Appliance) -> None:
    appliance.guest.sh(f"rm -rf /run/bundle && mkdir /run/bundle && {PIPIT} support-bundle --output /run/b.tar.gz")
    listed = appliance.guest.sh("tar -C /run/bundle -xzvf /run/b.tar.gz")
    print(f"\n{listed}")
    assert listed
    assert appliance.guest.run("grep -rl any-text-is-a-key /run/bundle").output == ""
    assert appliance.guest.run("find /run/bundle -iname '*.wav' -o -iname '*.raw' | grep .").status != 0


@pytest.fixture
def air(appliance: Appliance) -> Iterator[None]:
    """What the speaker plays, the microphone hears."""
    form = "-f S16_LE -c 1 -r 16000"
    command = f"arecord -q -D plughw:Speaker,1,0 {form} -t raw | aplay -q -D plughw:Mic,0,0 {form} -t raw"
    appliance.guest.sh(f"systemd-run --quiet --collect --unit=air bash -c '{command}'")
    yield
    appliance.guest.sh("systemctl stop air; systemctl restart pipit.service")


@pytest.mark.usefixtures("air")
def test_hands_on_the_microphone_hears_the_speaker_and_the_devices_work(appliance: Appliance) -> None:
    result = appliance.guest.run(f"yes | {PIPIT} doctor --hands-on --no-check-key --json 2>/run/told", timeout_s=300)
    print(f"\n{appliance.guest.sh('cat /run/told')}")
    findings = {finding["name"]: finding for finding in json.loads(result.output)["findings"]}
    # A warning at most: through two programs sound takes longer than through the air.
    assert findings["speaker-heard"]["verdict"] in {"ok", "warning"}
    assert "is heard" in findings["speaker-heard"]["sentence"]
    assert findings["devices"]["verdict"] == findings["light"]["verdict"] == "ok"
    assert findings["microphone-level"]["verdict"] == "fault", "nobody spoke: what the loopback gives is zeros"
    assert appliance.shown("ActiveState") == "active", "the service was not started again"
