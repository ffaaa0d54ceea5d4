"""How bright it is, by a photoresistor (LDR) and a capacitor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.abilities.inputs.kinds.input_kind import Measuring, SensorKind, Source

if TYPE_CHECKING:
    from hardware.base import Sensor


def _made(table: Measuring, source: Source) -> Sensor:
    from hardware.header.light_meter import LightMeter

    if table.pin is None or source.factory is None:
        raise ValueError("the settings have seen to its pin")
    meter = LightMeter(table.name, table.pin, source.factory)
    source.closes(meter.close)
    return meter


LIGHT: Final = SensorKind(_made, {"brightness": (0.0, 100.0)})
