"""How each kind of device is wired, for `docs/devices.md`: what goes from which pin where, and a table to copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Wired:
    """`wires` are the keys that name pins, or "3V3", "5V" and "GND", and where each goes; `table` is TOML."""

    what: str
    wires: tuple[tuple[str, str], ...]
    table: str
    note: str
    tools: tuple[str, ...]


_GROUND: Final = ("GND", "the other end")
_OWN_SUPPLY: Final = (
    "Its own supply feeds it, with a diode across it, and the grounds are joined: a pin gives 16 mA at most, at 3.3 V."
)

WIRED: Final[Mapping[str, Wired]] = {
    "led": Wired(
        "A light that is on or off.",
        (("pin", "a resistor of 330 Ω, then the long leg of the LED"), ("GND", "the short leg")),
        'name = "desk lamp"\nkind = "led"\npin = 26',
        "Anything brighter than one LED wants a transistor, or a relay.",
        ("set_device", "pulse"),
    ),
    "relay": Wired(
        "A relay, and whatever it switches.",
        (("pin", "IN of the relay board"), ("5V", "VCC"), ("GND", "GND")),
        'name = "fountain"\nkind = "relay"\npin = 23\nactive = "low"\nmax_on_s = 600.0\nmin_off_s = 60.0',
        'Many boards switch on at a low level: `active = "low"`. Mains voltage is for who has learnt it.',
        ("set_device", "pulse"),
    ),
    "pwm": Wired(
        "A light that can be dimmed.",
        (("pin", "a resistor of 330 Ω, then the LED; or the gate of a logic-level MOSFET"), _GROUND),
        'name = "night light"\nkind = "pwm"\npin = 12\nmin_level = 0.05\nmax_level = 0.6',
        "It is a wave of 100 Hz made by software: levels are steady to a hundredth of a percent, lamps do not flicker.",
        ("set_device", "set_level", "pulse"),
    ),
    "rgb": Wired(
        "A light of three colours.",
        (
            ("pin", "a resistor, then red"),
            ("green_pin", "a resistor, then green"),
            ("blue_pin", "a resistor, then blue"),
            ("GND", 'the common cathode; with a common anode that goes to 3V3, and active = "low"'),
        ),
        'name = "mood light"\nkind = "rgb"\npin = 6\ngreen_pin = 13\nblue_pin = 16',
        "Colours have names; strips of addressable LEDs (WS2812) are something else.",
        ("set_device", "set_colour", "set_level", "pulse"),
    ),
    "fan": Wired(
        "A fan whose speed can be set.",
        (("pin", "the gate of a logic-level MOSFET, the fan in its drain"), ("GND", "the source, and the supply's")),
        'name = "fan"\nkind = "fan"\npin = 24\nmin_level = 0.3',
        f"{_OWN_SUPPLY} Below `min_level` it would stand still.",
        ("set_device", "set_level", "pulse"),
    ),
    "buzzer": Wired(
        "A buzzer.",
        (("pin", "a resistor of 100 Ω, then +"), ("GND", "-")),
        'name = "buzzer"\nkind = "buzzer"\npin = 25\ntone_hz = 2000.0',
        "One that makes no tone by itself (passive) is given `tone_hz`. "
        "It falls silent after `max_on_s`, 10 s if nothing is said.",
        ("set_device", "pulse"),
    ),
    "servo": Wired(
        "A servo, led to an angle.",
        (("pin", "the signal, mostly orange or yellow"), ("5V", "+, mostly red: of its own supply"), ("GND", "-")),
        'name = "blind"\nkind = "servo"\npin = 5\nmin_angle = -60.0\nmax_angle = 60.0',
        "It rests without power once it is there, so that it neither hums nor trembles.",
        ("set_angle",),
    ),
    "motor": Wired(
        "A motor that goes two ways, by an H-bridge such as a DRV8833 or L298N.",
        (
            ("pin", "the input that turns it forward"),
            ("backward_pin", "the input that turns it backward"),
            ("GND", "GND of the bridge, and of its supply"),
        ),
        'name = "curtain"\nkind = "motor"\npin = 17\nbackward_pin = 27\nmax_on_s = 20.0\nmin_off_s = 0.5',
        "The two inputs are never on together. It stops after `max_on_s`, 60 s if nothing is said; "
        "with `min_off_s` it rests before it turns round.",
        ("run_motor",),
    ),
    "pulse": Wired(
        "A door opener, or what else wants one short pulse.",
        (
            ("pin", "IN of a relay board, whose contact is beside the button of the opener"),
            ("5V", "VCC"),
            ("GND", "GND"),
        ),
        'name = "front door"\nkind = "pulse"\npin = 22\nmax_on_s = 0.8\nmin_off_s = 5.0\nconfirm = true',
        "`max_on_s` is the length of the pulse, 1 s if nothing is said. "
        "It is never held, and there is none for `min_off_s` after.",
        ("trigger",),
    ),
}
