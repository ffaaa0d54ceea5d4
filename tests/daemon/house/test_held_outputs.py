"""After a crash `pipit safe` goes by what the dead process held, whatever became of the settings since."""

from __future__ import annotations

import json
import logging
import os
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from gpiozero import OutputDevice  # type: ignore[import-untyped]
from gpiozero.pins.mock import MockFactory, MockPWMPin  # type: ignore[import-untyped]

from daemon.command_line.pipit import run_command
from daemon.errors import HardwareError
from daemon.house.held_outputs import NOTE, note_outputs, noted_outputs
from daemon.house.settings import Settings
from daemon.house.wiring import make_safe
from hardware.fake_board import Board
from hardware.fake_lgpio import in_place_of_lgpio
from hardware.header import factory as gpio
from hardware.header.lines import header_factory

if TYPE_CHECKING:
    from pathlib import Path

    from hardware.header.factory import PinFactory

LAMP: Final = {"name": "lamp", "kind": "led", "pin": 17}
PUMP: Final = {"name": "pump", "kind": "relay", "pin": 27, "active": "low", "safe": "on"}


def settings(*devices: dict[str, Any]) -> Settings:
    return Settings.model_validate({"gpio": {"factory": "mock"}, "device": devices})


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A process of the service: its runtime directory."""
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(folder))
    return folder


def environ(folder: Path) -> dict[str, str]:
    return {"RUNTIME_DIRECTORY": str(folder)}


def safe(settings_file: Path) -> int:
    return run_command(["safe", "--settings", str(settings_file)])


def test_the_note_says_how_each_output_is_made_safe(service: Path) -> None:
    held = settings(LAMP, PUMP)
    note_outputs(held, environ(service))
    noted = noted_outputs(environ(service))
    assert noted is not None
    assert (noted.gpio, noted.devices) == (held.gpio, held.devices)


def test_all_pins_of_a_device_are_noted(service: Path) -> None:
    light = {"name": "mood", "kind": "rgb", "pin": 5, "green_pin": 6, "blue_pin": 13}
    motor = {"name": "curtain", "kind": "motor", "pin": 22, "backward_pin": 23, "max_on_s": 5}
    note_outputs(settings(light, motor), environ(service))
    noted = noted_outputs(environ(service))
    assert noted is not None
    assert [device.pins for device in noted.devices] == [(5, 6, 13), (22, 23)]
    assert make_safe(noted) == 2


def test_it_holds_nothing_else_of_the_settings(service: Path) -> None:
    told = Settings.model_validate({"household": {"name": "Secret"}, "device": [LAMP]})
    note_outputs(told, environ(service))
    assert "Secret" not in (service / NOTE).read_text()


def test_the_service_notes_its_outputs_before_it_holds_any(service: Path, tmp_path: Path) -> None:
    file = tmp_path / "pipit.toml"
    devices = '[[device]]\nname = "fan"\nkind = "relay"\npin = 5\n'
    file.write_text(f'[gpio]\nfactory = "mock"\n[wake]\nmodels_dir = "{tmp_path}"\n{devices}')
    assert run_command(["run", "--settings", str(file)]) == os.EX_NOINPUT, "there are no models"
    noted = noted_outputs(environ(service))
    assert noted is not None
    assert [device.name for device in noted.devices] == ["fan"]


@pytest.mark.parametrize("text", ["[[", "[[device]]\nname = 3\n", None], ids=["no TOML", "wrong", "gone"])
def test_settings_broken_since_leave_nothing_switched_on(
    service: Path, tmp_path: Path, text: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    note_outputs(settings(LAMP, PUMP), environ(service))
    file = tmp_path / "pipit.toml"
    if text is not None:
        file.write_text(text)
    assert safe(file) == 0
    assert capsys.readouterr().out == "2 outputs are in the safe state\n"


def test_a_pin_that_the_settings_no_longer_name_is_made_safe(
    service: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note_outputs(settings(LAMP, PUMP), environ(service))
    file = tmp_path / "pipit.toml"
    file.write_text('[gpio]\nfactory = "mock"\n[[device]]\nname = "fan"\nkind = "relay"\npin = 5\n')
    assert safe(file) == 0
    assert capsys.readouterr().out.startswith("2 outputs")


@pytest.mark.parametrize("note", ["", "{", '{"device": [{"pin": 99}]}', "[]", "[" * 100_000, "9" * 5_000, " " * 2**21])
def test_a_note_that_cannot_be_read_leaves_the_settings_to_go_by(
    service: Path, tmp_path: Path, note: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (service / NOTE).write_text(note)
    file = tmp_path / "pipit.toml"
    file.write_text('[gpio]\nfactory = "mock"\n[[device]]\nname = "fan"\nkind = "relay"\npin = 5\n')
    assert safe(file) == 0
    assert capsys.readouterr().out == "1 output is in the safe state\n"


def test_a_pipe_in_the_place_of_the_note_is_not_waited_for(service: Path) -> None:
    os.mkfifo(service / NOTE)
    assert noted_outputs(environ(service)) is None


def test_a_chip_is_known_whatever_a_newer_release_noted_beside_it(service: Path) -> None:
    tables = {"gpio": {"chip": "gpiochip4", "new": 1}, "indicator": {"pin": 22, "new": {}}, "device": [LAMP]}
    (service / NOTE).write_text(json.dumps(tables))
    noted = noted_outputs(environ(service))
    assert noted is not None
    assert (noted.gpio.chip, noted.indicator.pin) == ("gpiochip4", 22)


def test_outside_a_service_nothing_is_noted(tmp_path: Path) -> None:
    note_outputs(settings(LAMP), {})
    assert noted_outputs({}) is None
    assert noted_outputs(environ(tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_does_not_keep_it_from_starting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        note_outputs(settings(LAMP), environ(tmp_path / "absent"))
    assert "cannot be noted" in caplog.text


@pytest.mark.parametrize("refused", [0, 1, 2])
def test_a_pin_that_is_refused_does_not_keep_the_others_on(monkeypatch: pytest.MonkeyPatch, refused: int) -> None:
    factory = MockFactory(pin_class=MockPWMPin)
    monkeypatch.setattr(gpio, "pin_factory", lambda *_: factory)
    devices = [{"name": f"lamp {pin}", "kind": "led", "pin": pin, "active": "low"} for pin in (17, 22, 27)]
    pins = [factory.pin(device["pin"]) for device in devices]
    holder = OutputDevice(devices[refused]["pin"], pin_factory=factory)
    with pytest.raises(HardwareError, match=f"pin {devices[refused]['pin']} for "):
        make_safe(settings(*devices))
    assert [any(entry.state for entry in pin.states) for pin in pins] == [n != refused for n in range(3)]
    holder.close()


def test_a_note_from_a_release_with_other_rules_is_read_row_by_row(
    service: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Names that clash or are refused, a reserved pin, a bound, a key that is gone: all are made safe."""
    rows: list[Any] = [
        {"name": "  a name\tof old ", "kind": "led", "pin": 17},
        {"name": "lamp", "kind": "relay", "pin": 18, "active": "low"},
        {"name": "lamp", "kind": "pwm", "pin": 27, "safe": "on", "max_level": 0.5, "gone": 1},
        {"name": "lost", "kind": "led", "pin": 99},
        "no row",
    ]
    indicator = {"pin": 22, "active": "low"}
    (service / NOTE).write_text(json.dumps({"gpio": {"factory": "mock"}, "indicator": indicator, "device": rows}))
    noted = noted_outputs(environ(service))
    assert noted is not None
    assert [(device.pin, device.active, device.safe) for device in noted.devices] == [
        (17, "high", "off"),
        (18, "low", "off"),
        (27, "high", "on"),
    ]
    assert (noted.indicator.pin, noted.indicator.active) == (22, "low")
    assert noted.gpio.factory == "mock"
    assert caplog.text.count("one of the noted outputs cannot be read") == 2
    assert make_safe(noted) == 3


def test_a_light_alone_is_noted_and_put_out(service: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lit = Settings.model_validate({"gpio": {"factory": "mock"}, "indicator": {"pin": 5}})
    note_outputs(lit, environ(service))
    noted = noted_outputs(environ(service))
    assert noted is not None
    assert noted.indicator == lit.indicator
    assert safe(tmp_path / "gone.toml") == 0
    assert capsys.readouterr().out == "0 outputs are in the safe state\n"


def test_the_chip_of_the_settings_that_were_is_the_one_that_is_used(service: Path) -> None:
    held = Settings.model_validate({"gpio": {"chip": "gpiochip4"}, "device": [LAMP]})
    note_outputs(held, environ(service))
    noted = noted_outputs(environ(service))
    assert noted is not None
    assert noted.gpio.chip == "gpiochip4"


def test_broken_settings_and_a_pin_that_fails_leave_the_others_safe(service: Path) -> None:
    note_outputs(Settings.model_validate({"device": [LAMP, PUMP]}), environ(service))
    noted = noted_outputs(environ(service))
    assert noted is not None
    board = Board()
    board.pads[17].becomes(1)
    board.pads[27].becomes(1)
    board.broken.add(17)
    with in_place_of_lgpio(board) as lgpio, pytest.raises(HardwareError, match="pin 17 for 'lamp'"):
        make_safe(noted, lambda _gpio: cast("PinFactory", header_factory(lgpio, 0)))
    assert board.pads[27].seen == ["in", 1, 0], "safe on, active low"
