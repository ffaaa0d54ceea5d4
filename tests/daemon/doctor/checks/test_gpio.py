"""The program that asks the lines is a stand-in here; that itself is in test_claims.py, with a stand-in for lgpio."""

from __future__ import annotations

import importlib.metadata
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.gpio import gpio_checks
from daemon.house.settings import Settings
from tests.daemon.doctor.machine import BAD, GOOD, PI, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from daemon.doctor.examining.patient import PatientCheck
    from tests.daemon.doctor.machine import Machine

SETTINGS = '[button]\npin = 17\n[[device]]\nname = "desk lamp"\nkind = "led"\npin = 26\n'
CHIP = {"number": 4, "label": "pinctrl-rp1"}


def checks(machine: Machine, version: str = "0.2.2.0") -> tuple[PatientCheck, PatientCheck, PatientCheck]:
    def version_of(name: str) -> str:
        if not version:
            raise importlib.metadata.PackageNotFoundError(name)
        return version

    return gpio_checks(str(machine.folder / "bin" / "python"), version_of)


@pytest.fixture
def header(machine: Machine) -> Machine:
    """A Pi 5 whose service is installed, with a button and a lamp."""
    machine.file("/proc/device-tree/model", PI)
    machine.settings(SETTINGS)
    chip = machine.file("/dev/gpiochip4", mode=0o660)
    machine.file("/etc/passwd", "root:x:0:0::/root:/bin/sh\npipit:x:997:997::/var/lib/pipit:/usr/sbin/nologin\n")
    machine.file("/etc/group", f"audio:x:29:pipit\ngpio:x:{chip.stat().st_gid}:pipit\n")
    lines(machine)
    return machine


def lines(machine: Machine, **users: str) -> None:
    """What the program that asks says; who has claimed which line, as line_17="lg"."""
    known = {int(name.removeprefix("line_")): user for name, user in users.items()}
    described = [{"number": line, "name": f"GPIO{line}", "user": known.get(line, "")} for line in range(28)]
    machine.program("python", json.dumps({**CHIP, "lines": described}))


class TestTheChip:
    def test_it_is_found_and_open(self, header: Machine) -> None:
        gpio, _, _ = checks(header)
        assert_finding(header.finding(gpio), GOOD, "gpiochip4 (pinctrl-rp1)", "the service may use it")
        assert [call.split()[-2:] for call in header.calls("python")] == [["daemon.doctor.checks.claims", "auto"]]

    @pytest.mark.parametrize(
        ("mode", "group"), [(0o600, ""), (0o640, ""), (0o660, "gpio:x:4242:pipit\n")], ids=["600", "640", "other group"]
    )
    def test_it_is_closed_to_the_service(self, header: Machine, mode: int, group: str) -> None:
        header.file("/dev/gpiochip4", mode=mode)
        if group:
            header.file("/etc/group", group)
        gpio, _, _ = checks(header)
        finding = header.finding(gpio)
        assert_finding(finding, BAD, "may not use gpiochip4")
        assert "udevadm" in finding.fix

    def test_of_a_chip_that_is_named_no_other_matters(self, header: Machine) -> None:
        header.file("/dev/gpiochip0", mode=0o600)
        gpio, _, _ = checks(header)
        assert_finding(header.finding(gpio), BAD, "gpiochip0")
        header.settings(SETTINGS + '[gpio]\nchip = "gpiochip4"\n')
        assert_finding(header.finding(gpio), GOOD)
        assert header.calls("python")[-1].split()[-1] == "gpiochip4"

    def test_a_kernel_without_it(self, header: Machine) -> None:
        (header.root / "dev/gpiochip4").unlink()
        gpio, _, _ = checks(header)
        assert_finding(header.finding(gpio), BAD, "no GPIO chip")

    def test_what_the_driver_says_is_told_with_its_fix(self, header: Machine) -> None:
        header.program(
            "python", json.dumps({"error": "the installed lgpio is empty", "fix": "install another"}), status=1
        )
        gpio, pins, _ = checks(header)
        for check in (gpio, pins):
            finding = header.finding(check)
            assert_finding(finding, BAD, "the installed lgpio is empty")
            assert finding.fix == "install another"

    def test_a_driver_that_crashes(self, header: Machine) -> None:
        header.program("python", more="kill -ILL $$")
        gpio, _, _ = checks(header)
        assert_finding(header.finding(gpio), BAD, "SIGILL")

    def test_a_python_that_this_user_may_not_start(self, header: Machine) -> None:
        (header.folder / "bin/python").unlink()
        for check in checks(header)[:2]:
            assert_finding(header.finding(check), SKIPPED, "cannot be started")

    def test_an_ordinary_user_outside_the_group_cannot_tell(self, header: Machine) -> None:
        header.uid = 1000
        answer = {"error": "no permission to use /dev/gpiochip4", "fix": "add the user"}
        header.program("python", json.dumps(answer), status=74)
        gpio, _, _ = checks(header)
        finding = header.finding(gpio)
        assert_finding(finding, SKIPPED, "no permission")
        assert "sudo" in finding.fix


class TestThePins:
    def test_they_are_free(self, header: Machine) -> None:
        lines(header, line_4="w1")
        _, pins, _ = checks(header)
        assert_finding(header.finding(pins), GOOD, "2 pins are free for Pipit", "reserved are 0, 1, 18, 19, 20, 21")

    def test_the_sound_board_has_one_unless_config_txt_tells_of_another(self, header: Machine) -> None:
        named = {"speaker": {"device": "hw:MAX98357A"}, "button": {"pin": 4}}
        site = replace(header.site(), settings=Settings.model_validate(named))
        header.file("/boot/firmware/config.txt", "dtoverlay=max98357a,no-sdmode\n")
        _, pins, _ = checks(header)
        assert_finding(pins.run(site), GOOD, "1 pin is free")
        header.file("/boot/firmware/config.txt", "dtoverlay=max98357a\n")
        assert_finding(pins.run(site), BAD, 'pin 4 of the button is taken by the sound board "max98357a"')

    def test_the_kernel_has_one(self, header: Machine) -> None:
        lines(header, line_26="spi0 CS1")
        _, pins, _ = checks(header)
        finding = header.finding(pins)
        assert_finding(finding, BAD, "pin 26 of the device \"desk lamp\" is claimed by 'spi0 CS1'")
        assert finding.facts == {"pin": 26, "user": "spi0 CS1"}

    def test_the_service_has_them(self, header: Machine) -> None:
        lines(header, line_17="lg", line_26="lg")
        header.unit()
        _, pins, _ = checks(header)
        assert_finding(header.finding(pins), GOOD, "the service holds them")

    def test_another_program_has_one_while_the_service_is_stopped(self, header: Machine) -> None:
        lines(header, line_17="lg")
        header.unit(ActiveState="inactive")
        _, pins, _ = checks(header)
        assert_finding(header.finding(pins), BAD, "pin 17 of the button is claimed by 'lg'")

    @pytest.mark.parametrize("driver", ["pinctrl_rp1", "pinctrl_bcm2835"])
    def test_a_kernel_that_lets_go_of_outputs_is_told(self, header: Machine, driver: str) -> None:
        """Debian's own, and Raspberry Pi's with dtparam=strict_gpiod."""
        header.file(f"/sys/module/{driver}/parameters/persist_gpio_outputs", "N\n")
        _, pins, _ = checks(header)
        finding = header.finding(pins)
        assert_finding(finding, WARNING, "nothing holds its safe level then")
        assert "persist_gpio_outputs=1" in finding.fix
        header.settings("[button]\npin = 17\n")
        assert_finding(header.finding(pins), GOOD)

    def test_a_kernel_that_keeps_outputs_is_fine(self, header: Machine) -> None:
        header.file("/sys/module/pinctrl_rp1/parameters/persist_gpio_outputs", "Y\n")
        _, pins, _ = checks(header)
        assert_finding(header.finding(pins), GOOD)


class TestLgpio:
    def test_a_real_one_with_a_folder(self, header: Machine) -> None:
        header.unit(Environment="LG_WD=/run/pipit GPIOZERO_PIN_FACTORY=lgpio")
        *_, lgpio = checks(header)
        assert_finding(header.finding(lgpio), GOOD, "lgpio 0.2.2.0 is installed")

    @pytest.mark.parametrize(("version", "words"), [("0.0.0.2", "is an empty package"), ("", "is not installed")])
    def test_none_or_an_empty_one(self, header: Machine, version: str, words: str) -> None:
        *_, lgpio = checks(header, version)
        finding = header.finding(lgpio)
        assert_finding(finding, BAD, words)
        assert "install.sh" in finding.fix

    def test_a_unit_that_sets_no_folder(self, header: Machine) -> None:
        header.unit(Environment="")
        *_, lgpio = checks(header)
        finding = header.finding(lgpio)
        assert_finding(finding, WARNING, "does not set LG_WD")
        assert "LG_WD=%t/pipit" in finding.fix

    def test_without_systemd(self, header: Machine) -> None:
        *_, lgpio = checks(header)
        assert_finding(header.finding(lgpio), SKIPPED, "lgpio 0.2.2.0")


class TestWhereThereIsNothingToLookAt:
    @pytest.mark.parametrize("number", range(3))
    def test_no_pins(self, header: Machine, number: int) -> None:
        header.settings("")
        assert_finding(header.finding(checks(header)[number]), SKIPPED, "name no pins")

    @pytest.mark.parametrize("number", range(3))
    def test_played_pins(self, header: Machine, number: int) -> None:
        header.settings(SETTINGS + '[gpio]\nfactory = "mock"\n')
        assert_finding(header.finding(checks(header)[number]), SKIPPED, "only played")

    @pytest.mark.parametrize("number", range(3))
    def test_no_chip_and_no_pi(self, machine: Machine, number: int) -> None:
        machine.settings(SETTINGS)
        assert_finding(machine.finding(checks(machine)[number]), SKIPPED, "no GPIO chips")
