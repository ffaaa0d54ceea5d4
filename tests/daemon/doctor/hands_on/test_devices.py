"""Devices on mock pins: switched with consent, within their bounds, and safe whatever happens."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.abilities.devices.settings import DeviceSettings
from daemon.doctor.examining.patient import Patient
from daemon.doctor.hands_on.devices import PULSE_S, pulse_s
from daemon.doctor.hands_on.hands import hands_on
from daemon.machine.finding import Finding, Verdict
from hardware.fake_board import Board
from hardware.fake_lgpio import in_place_of_lgpio
from hardware.header.lines import header_factory
from hardware.header.output import GpioOutput, OutputSpec
from tests.daemon.doctor.room import Room, settings
from tests.daemon.doctor.scripted_terminal import ScriptedTerminal

YES = {"Switch": True, "Did": True}
LAMP = {"name": "lamp", "kind": "led", "pin": 17}


def examined(room: Room, terminal: ScriptedTerminal, *devices: dict[str, Any]) -> Finding:
    check = next(check for check in hands_on(room.drivers) if check.name == "devices")
    return check.run(Patient(settings=settings(device=list(devices))), terminal)


class Watched:
    """A mock pin whose changes are dated by the running loop."""

    def __init__(self, room: Room, number: int) -> None:
        self.pin = room.pins.pin(number)
        self.changes: list[tuple[float, bool]] = []
        change = self.pin._change_state

        def changed(value: object) -> bool:
            moved = bool(change(value))
            if moved and self.pin.function == "output":
                self.changes.append((asyncio.get_running_loop().time(), bool(value)))
            return moved

        self.pin._change_state = changed

    def seconds(self, level: bool) -> float:
        """How long the pin was at `level` for the first time."""
        begin = next(at for at, value in self.changes if value is level)
        return next(at for at, value in self.changes if at > begin and value is not level) - begin


def test_it_is_switched_and_was_seen() -> None:
    room, terminal = Room(), ScriptedTerminal(answers=YES)
    lamp = Watched(room, 17)
    finding = examined(room, terminal, LAMP)
    assert finding.verdict is Verdict.GOOD
    assert finding.facts == {"pin_17": "works"}
    assert lamp.seconds(True) == pytest.approx(PULSE_S)
    assert "2 s" in terminal.asked[0]


def test_without_consent_nothing_moves() -> None:
    room, terminal = Room(), ScriptedTerminal()
    lamp = Watched(room, 17)
    finding = examined(room, terminal, LAMP)
    assert finding.verdict is Verdict.SKIPPED
    assert not [value for _, value in lamp.changes if value]
    assert len(terminal.asked) == 1


def test_no_longer_than_its_longest_on_time() -> None:
    room = Room()
    pump = Watched(room, 17)
    relay = {"name": "pump", "kind": "relay", "pin": 17, "active": "low", "max_on_s": 0.5}
    finding = examined(room, ScriptedTerminal(answers=YES), relay)
    assert finding.verdict is Verdict.GOOD
    assert pump.seconds(False) == pytest.approx(0.5)


def test_it_is_off_again_before_anybody_is_asked_what_they_saw() -> None:
    room = Room()
    pin = room.pins.pin(17)
    states: list[bool] = []
    terminal = ScriptedTerminal(answers=YES, when={"Did": lambda: states.append(bool(pin.state))})
    examined(room, terminal, LAMP)
    assert states == [False]


def test_a_device_that_must_rest_has_its_rest() -> None:
    room, terminal = Room(), ScriptedTerminal(answers=YES)
    fridge = Watched(room, 17)
    finding = examined(room, terminal, {"name": "fridge", "kind": "relay", "pin": 17, "min_off_s": 180})
    assert finding.verdict is Verdict.GOOD
    assert "rest for 180 s" in terminal.asked[0]
    assert next(at for at, value in fridge.changes if value) >= 180


def test_a_device_that_is_safe_when_on_is_switched_off_and_on() -> None:
    room = Room()
    sign = Watched(room, 17)
    device = {"name": "sign", "kind": "relay", "pin": 17, "safe": "on", "min_off_s": 5}
    finding = examined(room, ScriptedTerminal(answers=YES), device)
    assert finding.verdict is Verdict.GOOD
    assert sign.seconds(False) == pytest.approx(5.1)


def test_what_is_only_looked_at_is_not_tried_and_whose_word_is_wanted_is_asked_once() -> None:
    room, terminal = Room(), ScriptedTerminal(answers=YES)
    fridge = {"name": "fridge", "kind": "relay", "pin": 17, "read_only": True}
    door = {"name": "door", "kind": "relay", "pin": 27, "confirm": True}
    finding = examined(room, terminal, fridge, door)
    assert finding.facts == {"pin_17": "left out", "pin_27": "works"}
    assert len(terminal.asked) == 2


def test_a_dimmed_device_stays_within_its_level() -> None:
    room = Room()
    pin = room.pins.pin(13)
    finding = examined(
        room, ScriptedTerminal(answers=YES), {"name": "lamp", "kind": "pwm", "pin": 13, "max_level": 0.5}
    )
    assert finding.verdict is Verdict.GOOD
    assert max(entry.state for entry in pin.states) == 0.5


def test_one_that_nobody_saw_is_named() -> None:
    terminal = ScriptedTerminal(answers={"Switch": True, '"lamp"': True})
    finding = examined(Room(), terminal, LAMP, {"name": "fan", "kind": "relay", "pin": 27})
    assert finding.verdict is Verdict.BAD
    assert '"fan" (pin 27): not seen' in finding.sentence
    assert finding.facts == {"pin_17": "works", "pin_27": "not seen"}


def test_a_pin_that_something_else_holds() -> None:
    room = Room()
    pin = room.pins.pin(17)
    pin.__class__ = type("Held", (type(pin),), {"_get_state": lambda _: False})
    finding = examined(room, ScriptedTerminal(answers=YES), LAMP)
    assert finding.verdict is Verdict.BAD
    assert "something outside holds the pin" in finding.sentence


def test_a_pin_that_two_devices_want_does_not_end_the_others() -> None:
    room = Room()
    taken = GpioOutput(OutputSpec("other", 17), room.pins)
    fan = {"name": "fan", "kind": "relay", "pin": 27}
    finding = examined(room, ScriptedTerminal(answers=YES), LAMP, fan)
    assert finding.facts == {"pin_17": "failed", "pin_27": "works"}
    assert "already in use" in finding.sentence
    taken.close()


def test_ctrl_c_while_it_is_on_turns_it_off() -> None:
    room = Room()
    pump = Watched(room, 17)
    relay = {"name": "pump", "kind": "relay", "pin": 17}

    def soon() -> None:
        asyncio.get_running_loop().call_later(
            1, lambda: (on.append(pump.pin.state), signal.raise_signal(signal.SIGINT))
        )

    on: list[Any] = []
    with pytest.raises(KeyboardInterrupt):
        examined(room, ScriptedTerminal(answers=YES, when={"Switch": soon}), relay)
    assert on == [1], "it was on when Ctrl-C came"
    assert [value for _, value in pump.changes] == [True, False], "driven low, not only let go of"


def test_a_servo_is_turned_and_left_at_rest() -> None:
    room = Room()
    watched = Watched(room, 22)
    finding = examined(room, ScriptedTerminal(answers=YES), {"name": "blind", "kind": "servo", "pin": 22})
    assert finding.verdict is Verdict.GOOD
    assert watched.changes, "it was led somewhere"
    assert not room.pins.pin(22).state


def test_without_devices() -> None:
    assert examined(Room(), ScriptedTerminal()).verdict is Verdict.SKIPPED


@given(
    safe=st.sampled_from(["on", "off"]),
    max_on_s=st.sampled_from([0.0, 0.1, 1.0, 2.0, 60.0]),
    min_off_s=st.sampled_from([0.0, 0.5, 10.0]),
)
def test_bounds_hold_for_every_device(safe: str, max_on_s: float, min_off_s: float) -> None:
    if safe == "on":
        max_on_s = 0.0  # the settings refuse anything else
    device = DeviceSettings(name="d", kind="relay", pin=17, safe=safe, max_on_s=max_on_s, min_off_s=min_off_s)
    room = Room()
    watched = Watched(room, 17)
    raw = device.model_dump(exclude_unset=True)
    finding = examined(room, ScriptedTerminal(answers=YES), raw)
    assert finding.verdict is Verdict.GOOD
    away = watched.seconds(safe == "off")
    assert away == pytest.approx(pulse_s(device))
    if max_on_s:
        assert away <= max_on_s + 1e-6
    if safe == "on":
        assert away >= min_off_s


def test_on_real_pins_each_line_moves_once_and_stays_driven() -> None:
    board, room = Board(), Room()
    board.pads[22].user = "spi0 CS1"
    terminal = ScriptedTerminal(answers=YES)
    pump = {"name": "pump", "kind": "relay", "pin": 27, "active": "low"}
    sign = {"name": "sign", "kind": "led", "pin": 22}
    dimmer = {"name": "dimmer", "kind": "pwm", "pin": 12, "active": "low", "max_level": 0.6}
    with in_place_of_lgpio(board) as lgpio:
        drivers = replace(room.drivers, pins=lambda _gpio: header_factory(lgpio, 0))
        check = next(check for check in hands_on(drivers) if check.name == "devices")
        finding = check.run(Patient(settings=settings(device=[LAMP, pump, sign, dimmer])), terminal)
    assert finding.facts == {"pin_17": "works", "pin_27": "works", "pin_22": "failed", "pin_12": "works"}
    assert "pin 22 for 'sign' is held by another program" in finding.sentence
    assert board.pads[17].seen == ["in", 0, 1, 0]
    assert board.pads[27].seen == ["in", 1, 0, 1]
    assert board.pads[12].seen == ["in", 1, ("wave", 40.0), 1]
    assert board.pads[22].seen == ["in"]
    assert "gpio_claim_input" not in {call[0] for call in board.calls}
