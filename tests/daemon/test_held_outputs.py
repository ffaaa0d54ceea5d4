"""After a crash `pipit safe` goes by what the dead process held, whatever became of the settings since."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any, Final

import pytest
from gpiozero import OutputDevice  # type: ignore[import-untyped]
from gpiozero.pins.mock import MockFactory, MockPWMPin  # type: ignore[import-untyped]

from daemon.cli import run_command
from daemon.errors import HardwareError
from daemon.held_outputs import NOTE, note_outputs, noted_outputs
from daemon.settings import Settings
from daemon.wiring import make_safe
from hardware import gpio

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize("note", ["", "{", '{"device": [{"pin": 99}]}', "[]"])
def test_a_note_that_cannot_be_read_leaves_the_settings_to_go_by(
    service: Path, tmp_path: Path, note: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (service / NOTE).write_text(note)
    file = tmp_path / "pipit.toml"
    file.write_text('[gpio]\nfactory = "mock"\n[[device]]\nname = "fan"\nkind = "relay"\npin = 5\n')
    assert safe(file) == 0
    assert capsys.readouterr().out == "1 output is in the safe state\n"


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
