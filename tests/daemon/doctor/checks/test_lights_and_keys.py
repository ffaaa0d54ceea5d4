"""Lights and keys that are on no pin, on machines that have them and that have not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.lights_and_keys import LIGHTS_AND_KEYS
from tests.daemon.doctor.machine import BAD, GOOD, SKIPPED, assert_finding
from tests.hardware.kernel.test_key_button import NAME, add_device

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine

ROW = '[indicator]\nkind = "apa102"\nbus = "spidev0.1"\n'
RING = '[indicator]\nkind = "usb"\n[mute]\nkind = "usb"\n'
KEYS = '[keys]\ndevice = "Jabra"\nmute = "KEY_MUTE"\nlouder = "KEY_VOLUMEUP"\n'


def plug_in(machine: Machine, product: str) -> None:
    for name, word in {"idVendor": "2886", "idProduct": product, "busnum": "1", "devnum": "4"}.items():
        machine.file(f"/sys/bus/usb/devices/1-1/{name}", f"{word}\n")


def test_without_any_there_is_nothing_to_look_at(machine: Machine) -> None:
    machine.settings("[indicator]\npin = 22\n")
    assert_finding(machine.finding(LIGHTS_AND_KEYS), SKIPPED, "none but those on pins")
    machine.settings("[indicator]\npin = 222\n")
    assert_finding(machine.finding(LIGHTS_AND_KEYS), SKIPPED, "cannot be used")


def test_a_row_that_is_there(machine: Machine) -> None:
    machine.settings(ROW)
    machine.file("/dev/spidev0.1")
    assert_finding(machine.finding(LIGHTS_AND_KEYS), GOOD, "lights at /dev/spidev0.1")


def test_a_bus_that_is_not_switched_on(machine: Machine) -> None:
    machine.settings(ROW)
    machine.file("/dev/spidev0.0")
    finding = machine.finding(LIGHTS_AND_KEYS)
    assert_finding(finding, BAD, "there is no /dev/spidev0.1")
    assert "dtparam=spi=on" in finding.fix


def test_a_ring_and_a_mute_key(machine: Machine) -> None:
    machine.settings(RING)
    assert_finding(machine.finding(LIGHTS_AND_KEYS), BAD, "there is no USB device 2886:0018 or 2886:001a")
    plug_in(machine, "0018")
    assert_finding(machine.finding(LIGHTS_AND_KEYS), BAD, "there is no USB device 2886:001a")
    plug_in(machine, "001a")
    finding = machine.finding(LIGHTS_AND_KEYS)
    assert_finding(finding, GOOD, "the lights of a USB array, the mute key of a USB array")
    assert finding.facts == {"controls": 2}


def test_a_key_that_the_device_has_not(machine: Machine) -> None:
    machine.settings(KEYS)
    add_device(machine.root, 1, NAME, "KEY_MUTE")
    assert_finding(machine.finding(LIGHTS_AND_KEYS), BAD, 'with "Jabra" in its name and KEY_VOLUMEUP')
    add_device(machine.root, 2, NAME, "KEY_VOLUMEUP")
    assert_finding(machine.finding(LIGHTS_AND_KEYS), GOOD, "the key KEY_MUTE, the key KEY_VOLUMEUP")


@pytest.mark.parametrize(("text", "bus"), [(ROW, "spi"), (RING, "usb"), (KEYS, "input")])
def test_what_the_service_may_not_use(machine: Machine, text: str, bus: str) -> None:
    machine.settings(text)
    machine.file("/dev/spidev0.1")
    plug_in(machine, "001a")
    add_device(machine.root, 1, NAME, "KEY_MUTE", "KEY_VOLUMEUP")
    machine.file("/etc/systemd/system/pipit.service")
    finding = machine.finding(LIGHTS_AND_KEYS)
    assert_finding(finding, BAD, "the service may not use")
    assert "install.sh" in finding.fix
    machine.file(f"/etc/systemd/system/pipit.service.d/20-{bus}.conf")
    assert_finding(machine.finding(LIGHTS_AND_KEYS), GOOD)
