"""How warm the processor is."""

from typing import Final

from daemon.abilities.inputs.kinds.input_kind import Measuring, SensorKind, Source
from hardware.base import Sensor


def _made(table: Measuring, source: Source) -> Sensor:
    from hardware.kernel.thermal_zone import ProcessorThermometer

    return ProcessorThermometer(table.name, source.root)


CPU: Final = SensorKind(_made, {"temperature": (-40.0, 130.0)})
