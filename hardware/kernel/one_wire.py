"""A thermometer on the 1-Wire bus, such as a DS18B20, by the kernel's driver w1_therm."""

from pathlib import Path
from typing import Final

from hardware.base import Measured
from hardware.kernel.attributes import number_of, the_one

DEVICES: Final = Path("sys/bus/w1/devices")
_FIX: Final = 'check its wires and its resistor of 4.7 kΩ, and that config.txt has "dtoverlay=w1-gpio"'


class OneWireThermometer:
    """Each reading measures anew, which takes three quarters of a second. Implements `base.Sensor`."""

    def __init__(self, name: str, address: str, root: Path) -> None:
        """`address` is the name of its folder, such as 28-0316a27946ff; empty is the only one."""
        self.name = name
        self._address = address
        self._folder = root / DEVICES

    def read(self) -> tuple[Measured, ...]:
        """Raises HardwareError."""
        what = f'"{self.name}"'
        folder = the_one(sorted(self._folder.glob("28-*")), self._address, what, _FIX)
        return (Measured("temperature", number_of(folder / "temperature", what) / 1000, "°C"),)
