"""`docs/devices.md`: how each kind of device is wired, set and worked. `daemon.house.reference` writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.abilities.devices.kinds.every_kind import KINDS
from daemon.abilities.devices.kinds.keys import OWNERS
from daemon.house.wiring_tables import INPUTS

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
| `max_switches_per_minute` | turning on counts the turning off after it; where it is written, over a restart too |
| `min_level`, `max_level`, `min_angle`, `max_angle` | what it may be set to |
| `interlock` | of all that have the same word here one is on at a time |
| `interlock_gap_s` | so long after one of these went off no other is turned on; a scene waits for it |
| `hours` | when it may be on; at their end it is turned off |
| `confirm` | it is turned on only after a spoken yes in the same conversation, or a press of the button |
| `read_only` | it is only looked at |

## Rooms, groups, scenes

`room = "kitchen"` at each device of a room is enough for "turn off the kitchen". `aliases` are what else a device is
called, in any language. `[[group]]` and `[[scene]]` name several devices at once; `pipit.example.toml` has one of
each.

## Without a Pi

[examples/flat.toml](examples/flat.toml) is a whole flat: five rooms on 22 pins, each kind, sensors, groups, scenes. Try
it, or settings of your own, where nothing is wired and nothing listens; what the settings get wrong is told first:

```sh
pipit demo --settings docs/examples/flat.toml --say "turn on the kitchen light" --say "how warm is it in the bedroom"
```

Pins, sensors and the voice are played; what each device does is printed as it happens. `--alsa` in place of `--say`
lets you talk to it yourself."""


_INPUTS = """## Inputs

One `[[input]]` for each thing that is noticed or read; [all keys](settings.md#input) are in the settings.

Buttons, contacts, motion sensors and encoders start what `actions` says, within a fiftieth of a second and without the
network: a scene, within the limits of its devices; a sentence; `do = "listen"`, if it is idle; `do = "mute"`, which
only the household takes back; `do = "louder"` and `"quieter"`. The first edge counts, and what bounces after it does
not. What a device needs somebody's word for (`confirm`), no input does. More than `max_actions_per_minute` are left
undone, but for the volume.

The model reads all but buttons and encoders by `read_sensor`, one or all of a `room`; offline "how warm is it in the
bedroom" and "is the garden door open" are understood. Sensors are read when somebody asks, in at most four seconds, and
besides every five minutes, so that what is wrong with one is seen. One that is unplugged, hangs, reads what cannot be,
or cannot be where it is (`min_value`, `max_value`), or has been stuck for a day is refused with a sentence; the journal
has that once, and the status of the service until it is well again."""


def devices_page() -> str:
    """The whole page."""
    outputs = (_section(name, kind.wired) for name, kind in KINDS.items())
    inputs = (_section_of_input(kind, wired) for kind, wired in INPUTS.items())
    return "\n\n".join([_INTRODUCTION, *outputs, _INPUTS, *inputs]) + "\n"


def _section_of_input(kind: str, wired: Wired) -> str:
    return "\n\n".join(
        [
            f"### {kind}",
            wired.what,
            *([_wires(wired), _picture(kind)] if wired.wires else []),
            f"```toml\n[[input]]\n{wired.table}\n```",
            wired.note,
        ]
    )


def _wires(wired: Wired) -> str:
    return "\n".join(["| from | to |", "|---|---|", *(f"| {_end(end)} | {to} |" for end, to in wired.wires)])


def _picture(kind: str) -> str:
    return f"![how it is wired](pictures/{kind}.svg)"


def _section(kind: str, wired: Wired) -> str:
    keys = ", ".join(f"`{key}`" for key in _keys(kind))
    tools = ", ".join(f"`{tool}`" for tool in wired.tools)
    return "\n\n".join(
        [
            f"## {kind}",
            wired.what,
            _wires(wired),
            _picture(kind),
            f"```toml\n[[device]]\n{wired.table}\n```",
            wired.note,
            f"The model works it by {tools}.{f' Keys of its own: {keys}.' if keys else ''}",
        ]
    )


def _keys(kind: str) -> Iterator[str]:
    return (key for key, owners in OWNERS.items() if kind in owners)


def _end(end: str) -> str:
    return f"`{end}`" if end.endswith("pin") else end
