"""How warm the processor is, by the kernel."""

from pathlib import Path
from typing import Final

from hardware.base import Measured
from hardware.kernel.attributes import number_of

ZONE: Final = Path("sys/class/thermal/thermal_zone0/temp")


class ProcessorThermometer:
    """The first thermal zone, which is the processor on every Pi. Implements `base.Sensor`."""

    def __init__(self, name: str, root: Path) -> None:
        self.name = name
        self._file = root / ZONE

    def read(self) -> tuple[Measured, ...]:
        """Raises HardwareError."""
        return (Measured("temperature", number_of(self._file, f'"{self.name}"') / 1000, "°C"),)
