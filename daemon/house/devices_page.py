"""`docs/devices.md`: how each kind of device is wired, set and worked. `daemon.house.reference` writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.abilities.devices.kinds.every_kind import KINDS
from daemon.abilities.devices.kinds.keys import OWNERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.abilities.devices.kinds.wired import Wired

_INTRODUCTION = """# Devices

<!-- Made from daemon/abilities/devices/kinds/ by `python -m daemon.house.reference`; changes here are lost. -->

One `[[device]]` for each thing that is wired to a pin; [all keys](settings.md#device) are in the settings. Pins are
BCM numbers, as `pinout` prints them. 0 and 1 belong to the HAT, 18 to 21 to an I2S sound card, and what the sound
board has on the header to the board: `pipit check` refuses them, and says which are free.

Every output goes to its safe state at start, at stop and after a crash. `pipit devices` lists them,
`pipit devices read` says how they stand, `pipit devices try` turns each on for a moment while you look, and
`pipit devices safe` makes all safe.

## Limits

The gate keeps them, whatever the model asks for, and whoever restarts what.

| key | what it limits |
|---|---|
| `max_on_s` | it is turned off after so long; a restart does not begin that anew |
| `min_off_s` | it stays off at least so long, from the start too |
| `max_switches_per_minute` | turning on counts the turning off after it; off is always possible |
| `min_level`, `max_level`, `min_angle`, `max_angle` | what it may be set to |
| `interlock` | of all that have the same word here one is on at a time |
| `hours` | when it may be on; at their end it is turned off |
| `confirm` | it is turned on only after a spoken yes in the same conversation, or a press of the button |
| `read_only` | it is only looked at |

## Rooms, groups, scenes

`room = "kitchen"` at each device of a room is enough for "turn off the kitchen". `aliases` are what else a device is
called, in any language. `[[group]]` and `[[scene]]` name several devices at once; `pipit.example.toml` has one of
each."""


def devices_page() -> str:
    """The whole page."""
    return "\n\n".join([_INTRODUCTION, *(_section(name, kind.wired) for name, kind in KINDS.items())]) + "\n"


def _section(kind: str, wired: Wired) -> str:
    keys = ", ".join(f"`{key}`" for key in _keys(kind))
    tools = ", ".join(f"`{tool}`" for tool in wired.tools)
    return "\n\n".join(
        [
            f"## {kind}",
            wired.what,
            "\n".join(["| from | to |", "|---|---|", *(f"| {_end(end)} | {to} |" for end, to in wired.wires)]),
            f"```toml\n[[device]]\n{wired.table}\n```",
            wired.note,
            f"The model works it by {tools}.{f' Keys of its own: {keys}.' if keys else ''}",
        ]
    )


def _keys(kind: str) -> Iterator[str]:
    return (key for key, owners in OWNERS.items() if kind in owners)


def _end(end: str) -> str:
    return end if end.isupper() or end[0].isdigit() else f"`{end}`"
