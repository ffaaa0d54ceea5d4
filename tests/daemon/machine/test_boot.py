from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from daemon.machine.boot import BOOT_CONFIG
from tests.daemon.doctor.cards import HDMI, USB, VOICEHAT, add_cards
from tests.daemon.doctor.machine import BAD, GOOD, NOW, PI, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine

STOCK = "dtparam=audio=on\ndtoverlay=vc4-kms-v3d\n[cm5]\ndtoverlay=dwc2,dr_mode=host\n[all]\n"
BLOCK = """\
[all]
# >>> pipit (managed) >>>
dtparam=i2s=on
dtoverlay=googlevoicehat-soundcard
# <<< pipit (managed) <<<
"""


def started(machine: Machine, text: str, *, seconds_ago: float, changed_ago: float = 1_000) -> None:
    file = machine.file("/boot/firmware/config.txt", text)
    os.utime(file, times=(NOW.timestamp() - changed_ago,) * 2)
    machine.file("/proc/uptime", f"{seconds_ago:.2f} 4321.00\n")
    machine.file("/proc/device-tree/model", PI)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_the_card_of_the_overlay_is_there(machine: Machine, ends: str) -> None:
    started(machine, (STOCK + BLOCK).replace("\n", ends), seconds_ago=500)
    add_cards(machine, HDMI, VOICEHAT)
    finding = machine.finding(BOOT_CONFIG)
    assert_finding(finding, GOOD, "in force: dtparam=i2s=on, dtoverlay=googlevoicehat-soundcard")
    assert finding.facts["lines"] == 2


def test_a_restart_is_needed(machine: Machine) -> None:
    started(machine, STOCK + BLOCK, seconds_ago=5_000)
    add_cards(machine, HDMI)
    finding = machine.finding(BOOT_CONFIG)
    assert_finding(finding, WARNING, "changed since the start", "googlevoicehat-soundcard is not in force yet")
    assert finding.fix == "sudo reboot"


@pytest.mark.parametrize("cards", [(HDMI,), (HDMI, USB)])
def test_the_overlays_card_did_not_appear(machine: Machine, cards: tuple[tuple[str, str, str], ...]) -> None:
    started(machine, STOCK + BLOCK, seconds_ago=500)
    add_cards(machine, *cards)
    finding = machine.finding(BOOT_CONFIG)
    assert_finding(finding, BAD, "the overlay googlevoicehat-soundcard", "did not appear")
    assert "dmesg" in finding.fix


def test_what_has_nothing_to_do_with_sound_needs_no_card(machine: Machine) -> None:
    block = BLOCK.replace("dtoverlay=googlevoicehat-soundcard", "dtparam=spi=on")
    started(machine, STOCK + block, seconds_ago=500)
    assert_finding(machine.finding(BOOT_CONFIG), GOOD, "dtparam=spi=on")


def test_nothing_of_ours(machine: Machine) -> None:
    started(machine, STOCK, seconds_ago=5_000)
    assert_finding(machine.finding(BOOT_CONFIG), GOOD, "nothing of Pipit's")


def test_no_config_txt(machine: Machine) -> None:
    assert_finding(machine.finding(BOOT_CONFIG), SKIPPED, "no config.txt")
