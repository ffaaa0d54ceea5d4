from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.sound_server import SOUND_SERVER
from tests.daemon.doctor.cards import USB, add_cards, run
from tests.daemon.doctor.machine import BAD, GOOD, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine


def test_none_is_there(machine: Machine) -> None:
    add_cards(machine, USB)
    run(machine, "bash")
    assert_finding(machine.finding(SOUND_SERVER), GOOD, "no sound server")


def test_pipewire_of_a_desktop(machine: Machine) -> None:
    add_cards(machine, USB)
    run(machine, "wireplumber", process=900)
    run(machine, "pipewire", process=812)
    finding = machine.finding(SOUND_SERVER)
    assert_finding(finding, WARNING, "pipewire (process 812), wireplumber (process 900)")
    assert "WirePlumber" in finding.fix


@pytest.mark.parametrize("device", ["pipewire", "pulse", "pulse:sink"])
def test_a_service_cannot_speak_to_a_users_sound_server(machine: Machine, device: str) -> None:
    add_cards(machine, USB)
    machine.settings(f'[speaker]\ndevice = "{device}"\n')
    finding = machine.finding(SOUND_SERVER)
    assert_finding(finding, BAD, f"the speaker is {device!r}", "cannot reach")
    assert "plughw:CARD" in finding.fix


def test_without_sound_there_is_nothing_to_tell(machine: Machine) -> None:
    assert_finding(machine.finding(SOUND_SERVER), SKIPPED, "sound cards")
