"""Sensors by the kernel's industrial I/O: BME280 and its like on I2C, DHT22, light meters, converters such as MCP3008.

Units are those of the kernel's Documentation/ABI/testing/sysfs-bus-iio.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardware.base import Measured
from hardware.errors import HardwareError
from hardware.kernel.attributes import number_of, text_of, the_one

DEVICES: Final = Path("sys/bus/iio/devices")
_FIX: Final = 'check its wires, and that config.txt has its overlay, such as "dtoverlay=i2c-sensor,bme280"'


@dataclass(frozen=True, slots=True)
class _Channel:
    """What the kernel calls it, what we do, and how much of ours is one of its unit."""

    file: str
    quantity: str
    factor: float
    unit: str


_CHANNELS: Final = (
    _Channel("in_temp", "temperature", 1e-3, "°C"),
    _Channel("in_humidityrelative", "humidity", 1e-3, "%"),
    _Channel("in_pressure", "pressure", 10.0, "hPa"),
    _Channel("in_illuminance", "brightness", 1.0, "lx"),
    _Channel("in_distance", "distance", 100.0, "cm"),
)


class IioSensor:
    """All that a chip measures of what has a name here, or one voltage. Implements `base.Sensor`."""

    def __init__(self, name: str, address: str, root: Path, channel: int | None = None) -> None:
        """`address` is what the driver calls the chip, or its folder; empty is the only one. `channel`: of voltages."""
        self.name = name
        self._address = address
        self._folder = root / DEVICES
        self._channel = channel

    def read(self) -> tuple[Measured, ...]:
        """Raises HardwareError."""
        folder = self._found()
        if self._channel is not None:
            voltage = _Channel(f"in_voltage{self._channel}", "voltage", 1e-3, "V")
            return tuple(self._measured(folder, [voltage]))
        return tuple(self._measured(folder, _CHANNELS))

    def _found(self) -> Path:
        what = f'"{self.name}"'
        found = sorted(self._folder.glob("iio:device*"))
        named = [path for path in found if self._address and _named(path) == self._address]
        if named:
            return the_one(named, "", what, _FIX)
        return the_one(found, self._address, what, _FIX)

    def _measured(self, folder: Path, channels: Sequence[_Channel]) -> Iterator[Measured]:
        none = True
        for channel in channels:
            value = self._value(folder, channel.file)
            if value is not None:
                none = False
                yield Measured(channel.quantity, value * channel.factor, channel.unit)
        if none:
            raise HardwareError(f'"{self.name}" measures nothing that is known here', fix="look at what its folder has")

    def _value(self, folder: Path, base: str) -> float | None:
        """In the kernel's unit; None if the chip has no such channel."""
        what = f'"{self.name}"'
        if (done := folder / f"{base}_input").exists():
            return number_of(done, what)
        if not (raw := folder / f"{base}_raw").exists():
            return None
        offset, scale = (self._of_all(folder, base, end) for end in ("offset", "scale"))
        return (number_of(raw, what) + (offset or 0.0)) * (1.0 if scale is None else scale)

    def _of_all(self, folder: Path, base: str, end: str) -> float | None:
        """Of this channel, or of all of its type."""
        for name in (base, base.rstrip("0123456789")):
            if (file := folder / f"{name}_{end}").exists():
                return number_of(file, f'"{self.name}"')
        return None


def _named(folder: Path) -> str:
    try:
        return text_of(folder / "name", folder.name)
    except HardwareError:
        return ""
