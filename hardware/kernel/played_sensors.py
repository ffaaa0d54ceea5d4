"""The files of sensors that are not there, below a folder, as the kernel would have them: for trying settings out."""

from pathlib import Path
from typing import Final

from hardware.kernel.industrial_io import DEVICES as INDUSTRIAL
from hardware.kernel.one_wire import DEVICES as ONE_WIRE
from hardware.kernel.thermal_zone import ZONE

THERMOMETER: Final = "28-000000000001"
"""The address of one whose own is not said."""
CHIP: Final = "bme280"
_MEASURES: Final = {
    "in_temp_input": "21420",
    "in_humidityrelative_input": "48123",
    "in_pressure_input": "101.325",
    "in_illuminance_input": "320",
}
"""21.4 °C, 48 %, 1013 hPa, 320 lx, in the units of the kernel."""


def play_thermometer(root: Path, address: str) -> None:
    """One on the 1-Wire bus, at 18.5 °C."""
    _put(root / ONE_WIRE / (address or THERMOMETER) / "temperature", "18500")


def play_chip(root: Path, address: str, channel: int | None) -> None:
    """One of the industrial I/O: a converter if a channel is named, at 1.65 V, else one that measures the air."""
    named = root / INDUSTRIAL / f"iio:device-{address or CHIP}"
    _put(named / "name", address or CHIP)
    for file, text in _MEASURES.items() if channel is None else _voltage(channel):
        _put(named / file, text)


def play_processor(root: Path) -> None:
    """At 48.3 °C."""
    _put(root / ZONE, "48312")


def _voltage(channel: int) -> list[tuple[str, str]]:
    return [("in_voltage_scale", "3.222656"), (f"in_voltage{channel}_raw", "512")]


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{text}\n")
