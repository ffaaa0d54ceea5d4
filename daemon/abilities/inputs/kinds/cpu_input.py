"""How warm the processor is."""

from pathlib import Path
from typing import Final

from daemon.abilities.inputs.kinds.input_kind import Measuring, SensorKind
from hardware.base import Sensor


def _made(table: Measuring, root: Path) -> Sensor:
    from hardware.kernel.thermal_zone import ProcessorThermometer

    return ProcessorThermometer(table.name, root)


CPU: Final = SensorKind(_made, {"temperature": (-40.0, 130.0)})
