"""A thermometer on the 1-Wire bus; each has an address of its own, so many share a pin."""

from typing import Final

from daemon.abilities.inputs.kinds.input_kind import Measuring, SensorKind, Source
from hardware.base import Sensor


def _made(table: Measuring, source: Source) -> Sensor:
    from hardware.kernel.one_wire import OneWireThermometer

    return OneWireThermometer(table.name, table.address, source.root)


DS18B20: Final = SensorKind(_made, {"temperature": (-55.0, 125.0)}, never=(85.0,))
"""85 degrees is what it has in its memory after its supply failed (DS18B20 data sheet, table 1)."""
