"""What the picture of each kind shows: from which pin by which part to which end of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Symbol = Literal["", "resistor", "capacitor", "diode", "mosfet"]


@dataclass(frozen=True)
class Part:
    """A part and what is written beside it."""

    symbol: Symbol = ""
    text: str = ""


@dataclass(frozen=True)
class Row:
    """A wire: `end` is a key that names a pin, "GPIO 4", "3V3", "5V", "GND" or a supply of its own.

    One that goes `to` nothing ends at what is across.
    """

    end: str
    to: str
    part: Part = Part()


@dataclass(frozen=True)
class Across:
    """A part between two rows, counted from 0: before what is in those wires, seen from the pins, within, or behind."""

    upper: int
    lower: int
    part: Part
    where: Literal["before", "within", "behind"] = "before"


@dataclass(frozen=True)
class Shown:
    """A picture: the thing, its wires from the top, and what is between them."""

    thing: str
    rows: tuple[Row, ...]
    across: tuple[Across, ...] = ()


def _resistor(text: str) -> Part:
    return Part("resistor", text)


_330: Final = _resistor("330 Ω")
_PLUS: Final = "own supply +"
_GROUNDS: Final = "GND, own supply -"
_5V: Final = Row("5V", "VCC")
_GND: Final = Row("GND", "GND")
_RELAY: Final = Shown("relay board", (Row("pin", "IN"), _5V, _GND))

SHOWN: Final[Mapping[str, Shown]] = {
    "led": Shown("LED", (Row("pin", "long leg", _330), Row("GND", "short leg"))),
    "relay": _RELAY,
    "pwm": Shown("LED", (Row("pin", "long leg", _330), Row("GND", "short leg"))),
    "rgb": Shown(
        "RGB LED",
        (
            Row("pin", "red", _330),
            Row("green_pin", "green", _330),
            Row("blue_pin", "blue", _330),
            Row("GND", "common cathode"),
        ),
    ),
    "fan": Shown(
        "fan",
        (
            Row(_PLUS, "+"),
            Row("pin", "-", Part("mosfet")),
            Row(_GROUNDS, ""),
        ),
        (Across(0, 1, Part("diode", "diode"), "behind"), Across(1, 2, Part(), "within")),
    ),
    "buzzer": Shown("buzzer", (Row("pin", "+", _resistor("100 Ω")), Row("GND", "-"))),
    "servo": Shown("servo", (Row("pin", "signal"), Row(_PLUS, "+ (5 V)"), Row(_GROUNDS, "-"))),
    "motor": Shown(
        "H-bridge",
        (
            Row("pin", "IN1 (forward)"),
            Row("backward_pin", "IN2 (backward)"),
            Row(_PLUS, "VM"),
            Row(_GROUNDS, "GND"),
        ),
    ),
    "pulse": Shown("relay board", (Row("pin", "IN"), _5V, _GND)),
    "button": Shown("push button", (Row("pin", "one side"), Row("GND", "the other"))),
    "contact": Shown("reed contact", (Row("pin", "one side"), Row("GND", "the other"))),
    "motion": Shown("PIR", (Row("pin", "OUT"), _5V, _GND)),
    "encoder": Shown("rotary encoder", (Row("pin", "A (CLK)"), Row("b_pin", "B (DT)"), Row("GND", "common (GND)"))),
    "distance": Shown(
        "HC-SR04",
        (Row("pin", "TRIG"), Row("echo_pin", "ECHO", _resistor("1 kΩ")), Row("GND", "GND"), Row("5V", "VCC")),
        (Across(1, 2, _resistor("2 kΩ")),),
    ),
    "light": Shown(
        "LDR",
        (Row("3V3", "one side"), Row("pin", "the other"), Row("GND", "")),
        (Across(1, 2, Part("capacitor", "1 µF")),),
    ),
    "ds18b20": Shown(
        "DS18B20",
        (Row("3V3", "VDD"), Row("GPIO 4", "DQ"), Row("GND", "GND")),
        (Across(0, 1, _resistor("4.7 kΩ")),),
    ),
    "iio": Shown("BME280", (Row("3V3", "VCC"), Row("GPIO 2", "SDA"), Row("GPIO 3", "SCL"), _GND)),
}
"""Of what is on a pin, or on the bus that the kernel reads."""
