"""The buttons, on gpiozero's mock pins, in virtual time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from daemon.doctor.examining.patient import Patient
from daemon.doctor.hands_on.hands import hands_on
from daemon.machine.finding import Finding, Verdict
from tests.daemon.doctor.room import Room, settings
from tests.daemon.doctor.scripted_terminal import ScriptedTerminal

PIN = 17
PRESS, AGAIN, LET_GO = "Press the button now", "once more", "Please let go"


def examined(room: Room, terminal: ScriptedTerminal, name: str = "button", **tables: Any) -> Finding:
    check = next(check for check in hands_on(room.drivers) if check.name == name)
    return check.run(Patient(settings=settings(**(tables or {"button": {"pin": PIN}}))), terminal)


def later(*moves: tuple[float, Any]) -> Any:
    """Do these things so many seconds after the line was said."""

    def schedule() -> None:
        for seconds, move in moves:
            asyncio.get_running_loop().call_later(seconds, move)

    return schedule


def test_a_press_and_its_release() -> None:
    room = Room()
    pin = room.pins.pin(PIN)
    debounced: list[object] = []
    press = later((1, pin.drive_low), (1.2, pin.drive_high), (1.1, lambda: debounced.append(pin.bounce)))
    terminal = ScriptedTerminal(when={PRESS: press})
    finding = examined(room, terminal)
    assert finding.verdict is Verdict.GOOD
    assert not any(debounced), "every edge is to be seen"
    assert finding.facts["edges"] == 2
    assert finding.facts["latency_ms"] < 100


def test_a_button_that_bounces_longer_than_the_settings_allow() -> None:
    room = Room()
    pin = room.pins.pin(PIN)
    bounce = [(1 + n / 100, pin.drive_low if n % 2 == 0 else pin.drive_high) for n in range(9)]  # 80 ms
    terminal = ScriptedTerminal(when={PRESS: later(*bounce, (2, pin.drive_high))})
    finding = examined(room, terminal)
    assert finding.verdict is Verdict.WARNING
    assert finding.facts["bounce_ms"] == pytest.approx(80, abs=1)
    assert finding.fix == "set bounce_ms = 125 under [button]"


def test_bounce_that_the_settings_take_care_of() -> None:
    room = Room()
    pin = room.pins.pin(PIN)
    moves = [(1.0, pin.drive_low), (1.003, pin.drive_high), (1.006, pin.drive_low), (2.0, pin.drive_high)]
    finding = examined(room, ScriptedTerminal(when={PRESS: later(*moves)}))
    assert finding.verdict is Verdict.GOOD
    assert finding.facts["edges"] == 4


def test_a_button_that_does_not_come_up() -> None:
    room = Room()
    pin = room.pins.pin(PIN)
    finding = examined(room, ScriptedTerminal(when={PRESS: later((1, pin.drive_low))}))
    assert finding.verdict is Verdict.BAD
    assert "does not come up" in finding.sentence


def held_low(room: Room) -> Any:
    """The pin, which no pull resistor moves."""
    pin = room.pins.pin(PIN)
    pin.__class__ = type("Held", (type(pin),), {"_set_pull": lambda *_: None})
    pin.drive_low()
    return pin


def test_a_button_that_is_down_from_the_start() -> None:
    room = Room()
    held_low(room)
    finding = examined(room, ScriptedTerminal())
    assert finding.verdict is Verdict.BAD
    assert "pressed all the time" in finding.sentence
    assert 'pull = "down" under [button]' in finding.fix


def test_a_button_that_somebody_just_holds() -> None:
    room = Room()
    pin = held_low(room)
    moves = {LET_GO: later((1, pin.drive_high)), PRESS: later((1, pin.drive_low), (1.3, pin.drive_high))}
    finding = examined(room, ScriptedTerminal(when=moves))
    assert finding.verdict is Verdict.GOOD


def test_a_button_to_the_other_side() -> None:
    room = Room()
    pin = room.pins.pin(PIN)
    moves = {AGAIN: later((1, pin.drive_high), (1.2, pin.drive_low))}
    finding = examined(room, ScriptedTerminal(when=moves))
    assert finding.verdict is Verdict.BAD
    assert "connects to 3.3 V" in finding.sentence
    assert finding.fix == 'set pull = "down" under [button]'


def test_nobody_presses() -> None:
    terminal = ScriptedTerminal()
    finding = examined(Room(), terminal)
    assert finding.verdict is Verdict.BAD
    assert "no press" in finding.sentence
    assert "connects it to ground" in finding.fix


def test_the_mute_button_has_its_own_table() -> None:
    room = Room()
    pin = room.pins.pin(5)
    terminal = ScriptedTerminal(when={"Press the mute button": later((1, pin.drive_high), (1.2, pin.drive_low))})
    finding = examined(room, terminal, "mute-button", mute={"pin": 5, "pull": "down"})
    assert finding.verdict is Verdict.GOOD
    assert finding.facts["pin"] == 5


@pytest.mark.parametrize("name", ["button", "mute-button"])
def test_without_a_pin_there_is_nothing_to_press(name: str) -> None:
    assert examined(Room(), ScriptedTerminal(), name, gpio={"factory": "mock"}).verdict is Verdict.SKIPPED


def test_the_pins_are_given_back() -> None:
    room = Room()
    examined(room, ScriptedTerminal())
    assert room.pins.pins == {}, "closed"
