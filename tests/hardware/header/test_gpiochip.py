import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from hardware.errors import DeviceMissing, HardwareError
from hardware.header.gpiochip import Line, board_model, describe, header_chip, load_lgpio


class FakeLgpio(ModuleType):
    """The functions of lgpio that look at chips and lines; `labels` by chip number, `users` by line."""

    error = RuntimeError

    def __init__(self, labels: dict[int, str]) -> None:
        super().__init__("lgpio")
        self.labels = labels
        self.users: dict[int, str] = {}
        self.opened: list[int] = []

    def gpiochip_open(self, number: int) -> int:
        if self.labels[number] == "broken":
            raise self.error("can not open gpiochip")
        self.opened.append(number)
        return number + 100

    def gpio_get_chip_info(self, handle: int) -> list[object]:
        return [0, 54, f"gpiochip{handle - 100}", self.labels[handle - 100]]

    def gpio_get_line_info(self, handle: int, line: int) -> list[object]:
        assert handle - 100 in self.opened
        return [0, line, 0, f"GPIO{line}", self.users.get(line, "")]

    def gpiochip_close(self, handle: int) -> None:
        self.opened.remove(handle - 100)


def machine(tmp_path: Path, labels: dict[int, str]) -> tuple[FakeLgpio, Path]:
    for number in labels:
        (tmp_path / f"gpiochip{number}").touch()
    return FakeLgpio(labels), tmp_path


@pytest.mark.parametrize(
    ("labels", "number"),
    [
        ({0: "pinctrl-bcm2835"}, 0),
        ({0: "pinctrl-bcm2711", 1: "raspberrypi-exp-gpio"}, 0),
        ({0: "gpio-brcmstb@107d508500", 4: "pinctrl-rp1", 10: "gpio-brcmstb@107d517c00"}, 4),
        ({11: "gpio-brcmstb@107d508500", 15: "pinctrl-rp1"}, 15),
    ],
    ids=["Pi 3", "Pi 4", "Pi 5, 6.6.44", "Pi 5, 6.18"],
)
def test_the_chip_is_found_by_its_label_whatever_its_number(tmp_path, labels, number):
    lgpio, dev = machine(tmp_path, labels)
    assert header_chip(lgpio, dev=dev) == number
    assert lgpio.opened == [], "every chip looked at is closed again"


def test_a_chip_that_is_not_the_header_keeps_it_from_nobody(tmp_path):
    """One that does not open, and one that is gone, whose name still points to it."""
    lgpio, dev = machine(tmp_path, {0: "broken", 1: "pinctrl-rp1", 2: "broken"})
    (dev / "gpiochip4").symlink_to("gone")
    assert header_chip(lgpio, dev=dev) == 1
    lgpio.labels[1] = "gpio-sim"
    with pytest.raises(HardwareError, match=r"no permission to use .*gpiochip4"):
        header_chip(lgpio, dev=dev)
    (dev / "gpiochip4").unlink()
    with pytest.raises(DeviceMissing, match=r"there is gpiochip0 \(does not open: .*gpiochip1 \(gpio-sim\)"):
        header_chip(lgpio, dev=dev)


@pytest.mark.parametrize("wanted", ["gpiochip4", "/dev/gpiochip4", "4"])
def test_a_named_chip_is_taken_as_it_is(tmp_path, wanted):
    lgpio, dev = machine(tmp_path, {0: "pinctrl-rp1", 4: "gpio-sim.0"})
    assert header_chip(lgpio, wanted, dev=dev) == 4


def test_a_named_chip_that_is_not_there(tmp_path):
    lgpio, dev = machine(tmp_path, {0: "pinctrl-rp1"})
    with pytest.raises(DeviceMissing, match=r"there is no GPIO chip 'gpiochip4'. Fix: .*auto"):
        header_chip(lgpio, "gpiochip4", dev=dev)


PI = "Raspberry Pi 5 Model B Rev 1.0"


def proc(tmp_path: Path, model: str) -> Path:
    """/proc of a machine whose device tree calls it so."""
    tree = tmp_path / "proc" / "device-tree"
    tree.mkdir(parents=True)
    (tree / "model").write_bytes(model.encode() + b"\0")
    return tmp_path / "proc"


def test_the_model_is_what_the_device_tree_says(tmp_path):
    assert board_model(tmp_path) == ""
    assert board_model(proc(tmp_path, PI)) == PI


@pytest.mark.parametrize("labels", [{}, {0: "gpio-brcmstb@107d508500", 1: "gpio-brcmstb@107d517c00"}])
def test_on_a_pi_the_true_cause_is_told_and_never_to_play_the_pins(tmp_path, labels):
    """Debian's 6.12 on a Pi 5 has chips, but no driver of the one that the header is wired to."""
    lgpio, dev = machine(tmp_path, labels)
    with pytest.raises(DeviceMissing, match=f"this {PI}") as told:
        header_chip(lgpio, dev=dev, proc=proc(tmp_path, PI))
    assert "a kernel that drives the header" in told.value.fix
    assert "mock" not in str(told.value)


def test_a_wrong_chip_or_no_lgpio_on_a_pi_is_not_mended_by_playing_the_pins(tmp_path, monkeypatch):
    lgpio, dev = machine(tmp_path, {0: "pinctrl-rp1"})
    on_a_pi = proc(tmp_path, PI)
    with pytest.raises(DeviceMissing, match="there is no GPIO chip 'gpiochip4'") as wrong:
        header_chip(lgpio, "gpiochip4", dev=dev, proc=on_a_pi)
    monkeypatch.setitem(sys.modules, "lgpio", None)
    with pytest.raises(HardwareError, match="is not installed") as missing:
        load_lgpio(on_a_pi)
    assert "mock" not in f"{wrong.value} {missing.value}"


def test_a_named_chip_is_taken_on_a_pi_whose_kernel_does_not_drive_the_header(tmp_path):
    lgpio, dev = machine(tmp_path, {3: "gpio-brcmstb@107d508500"})
    assert header_chip(lgpio, "gpiochip3", dev=dev, proc=proc(tmp_path, PI)) == 3


def test_a_machine_without_chips(tmp_path):
    with pytest.raises(DeviceMissing, match=r'no GPIO chip.*factory = "mock"'):
        header_chip(FakeLgpio({}), dev=tmp_path)


def test_a_machine_without_a_header_names_what_there_is(tmp_path):
    lgpio, dev = machine(tmp_path, {0: "gpio-amd-fch"})
    with pytest.raises(DeviceMissing, match=r"there is gpiochip0 \(gpio-amd-fch\)"):
        header_chip(lgpio, dev=dev)


def test_a_chip_is_described_and_closed_again(tmp_path):
    lgpio, _ = machine(tmp_path, {4: "pinctrl-rp1"})
    lgpio.users = {17: "lg"}
    chip = describe(lgpio, 4, lines=28)
    assert (chip.number, chip.label, len(chip.lines)) == (4, "pinctrl-rp1", 28)
    assert chip.lines[17] == Line(17, "GPIO17", "lg")
    assert chip.lines[0].user == ""
    assert len(describe(lgpio, 4, lines=100).lines) == 54, "no more than it has"
    assert lgpio.opened == []


def test_no_permission_names_the_group(tmp_path, monkeypatch):
    lgpio, dev = machine(tmp_path, {0: "pinctrl-bcm2711"})
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may open everything
    with pytest.raises(HardwareError, match=r"no permission to use .*gpiochip0. Fix: .*usermod -aG gpio"):
        header_chip(lgpio, dev=dev)


def test_without_lgpio_the_way_out_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "lgpio", None)
    with pytest.raises(HardwareError, match=r'lgpio.*is not installed. Fix: run "sudo ./install.sh install".*"mock"'):
        load_lgpio()


def test_the_empty_lgpio_is_told_apart(monkeypatch):
    monkeypatch.setitem(sys.modules, "lgpio", ModuleType("lgpio"))
    with pytest.raises(HardwareError, match=r"empty package.*Fix: install lgpio 0\.2\.2"):
        load_lgpio()


def test_a_folder_where_lgpio_cannot_write(monkeypatch, tmp_path):
    (tmp_path / "lgpio.py").write_text("raise FileNotFoundError('.lgd-nfy-3')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "lgpio", raising=False)
    monkeypatch.setenv("LG_WD", "/sys")
    with pytest.raises(HardwareError, match=r"into /sys .*Fix: set the environment variable LG_WD"):
        load_lgpio()
