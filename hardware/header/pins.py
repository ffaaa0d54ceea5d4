"""Which pins of the 40-pin header may be used, and who already uses them. Pure data and arithmetic.

Pins are BCM numbers. Those of the I2S bus have to be a table: a pin that is switched to I2S shows no owner in the
kernel's list of GPIO lines, so switching it would silently cut the microphone off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

HEADER_PINS: Final = range(28)
"""BCM numbers that the 40-pin header carries (Raspberry Pi documentation, "GPIO and the 40-pin header")."""

RESERVED: Final[Mapping[int, str]] = MappingProxyType(
    {
        0: "the identification memory of a HAT (ID_SD)",
        1: "the identification memory of a HAT (ID_SC)",
        18: "the I2S sound card (bit clock)",
        19: "the I2S sound card (left/right clock)",
        20: "the I2S sound card (microphone data)",
        21: "the I2S sound card (speaker data)",
    }
)
"""Pins that nothing else may use, and what they belong to."""

PULLED_UP: Final = (2, 3)
"""Pins with a resistor of 1.8 kΩ to 3.3 V on the board, for I2C: nothing pulls them down."""

Purpose = Literal["button", "light", "knob", "device"]
"""What a pin is wanted for: a button, a light or a knob of Pipit's own, or a device of the household."""


@dataclass(frozen=True, slots=True)
class Wired:
    """A pin that the sound board has something on. It serves the purpose of what that is, such as its button."""

    owner: str
    serves: Purpose | None = None


NOTHING_WIRED: Final[Mapping[int, Wired]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PinUse:
    """Someone wants a pin. `owner` is how the user knows them, such as `device "desk lamp"`."""

    pin: int
    owner: str
    purpose: Purpose = "device"


@dataclass(frozen=True, slots=True)
class PinProblem:
    """Why `use` cannot be: `message` is one lower-case sentence, `fix` what to do about it.

    `first` is the use that has the pin already, if that is why.
    """

    use: PinUse
    message: str
    fix: str
    first: PinUse | None = None


def check_pins(
    uses: Sequence[PinUse],
    reserved: Mapping[int, str] = RESERVED,
    wired: Mapping[int, Wired] = NOTHING_WIRED,
) -> list[PinProblem]:
    """Every use that cannot be, in the order of `uses`: off the header, reserved, or taken by an earlier use.

    `wired` are the pins of the sound board, which may be used for what is on them.
    """
    taken: dict[int, PinUse] = {}
    problems = []
    fix = _fix(uses, {**reserved, **wired})
    for use in uses:
        if use.pin not in HEADER_PINS:
            message = f"pin {use.pin} of {use.owner} does not exist; the header carries 0 to {HEADER_PINS[-1]}"
        elif use.pin in reserved:
            message = f"pin {use.pin} of {use.owner} is reserved for {reserved[use.pin]}"
        elif use.pin in wired and wired[use.pin].serves != use.purpose:
            message = f"pin {use.pin} of {use.owner} is taken by {wired[use.pin].owner}"
        elif use.pin in taken:
            message = f"pin {use.pin} is used twice: by {taken[use.pin].owner} and by {use.owner}"
        else:
            taken[use.pin] = use
            continue
        problems.append(PinProblem(use, message, fix, taken.get(use.pin)))
    return problems


def free_pins(uses: Sequence[PinUse], reserved: Mapping[int, object] = RESERVED) -> list[int]:
    """The pins that are neither reserved nor used, lowest first."""
    used = {use.pin for use in uses}
    return [pin for pin in HEADER_PINS if pin not in reserved and pin not in used]


def _fix(uses: Sequence[PinUse], reserved: Mapping[int, object]) -> str:
    free = ", ".join(map(str, free_pins(uses, reserved)))
    return f"wire it to a free pin, one of {free}, and name that one (BCM numbering)"
