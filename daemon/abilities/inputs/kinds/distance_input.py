"""How far something is, by the echo of a sound (HC-SR04)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.abilities.inputs.kinds.input_kind import Measuring, SensorKind, Source

if TYPE_CHECKING:
    from hardware.base import Sensor


def _made(table: Measuring, source: Source) -> Sensor:
    from hardware.header.echo_ranger import EchoRanger

    if table.pin is None or table.echo_pin is None or source.factory is None:
        raise ValueError("the settings have seen to its pins")
    ranger = EchoRanger(table.name, table.pin, table.echo_pin, source.factory)
    source.closes(ranger.close)
    return ranger


DISTANCE: Final = SensorKind(_made, {"distance": (1.0, 600.0)})
