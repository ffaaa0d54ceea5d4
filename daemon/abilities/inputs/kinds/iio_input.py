"""Whatever the kernel's industrial I/O has a driver for: BME280, DHT22, light meters, MCP3008 and its like."""

from typing import Final

from daemon.abilities.inputs.kinds.input_kind import Measuring, SensorKind, Source
from hardware.base import Sensor


def _made(table: Measuring, source: Source) -> Sensor:
    from hardware.kernel.industrial_io import IioSensor

    return IioSensor(table.name, table.address, source.root, table.channel)


IIO: Final = SensorKind(
    _made,
    {
        "temperature": (-60.0, 150.0),
        "humidity": (0.0, 100.0),
        "pressure": (300.0, 1200.0),
        "brightness": (0.0, 200_000.0),
        "distance": (0.0, 10_000.0),
        "voltage": (-30.0, 30.0),
    },
)
