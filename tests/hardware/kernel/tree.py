"""Files as the kernel has them, below a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

W1 = "sys/bus/w1/devices"
IIO = "sys/bus/iio/devices"
OUTSIDE = "28-0316a27946ff"
"""The address of a thermometer."""


def put(root: Path, path: str, text: str) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def thermometer(root: Path, text: str, address: str = OUTSIDE) -> Path:
    return put(root, f"{W1}/{address}/temperature", text)


def bme280(root: Path, temperature: str = "21420\n", folder: str = "iio:device0") -> Path:
    put(root, f"{IIO}/{folder}/name", "bme280\n")
    put(root, f"{IIO}/{folder}/in_humidityrelative_input", "48123\n")
    put(root, f"{IIO}/{folder}/in_pressure_input", "101.325\n")
    return put(root, f"{IIO}/{folder}/in_temp_input", temperature)


def mcp3008(root: Path, raw: str = "512\n", folder: str = "iio:device1") -> Path:
    put(root, f"{IIO}/{folder}/name", "mcp3008\n")
    put(root, f"{IIO}/{folder}/in_voltage_scale", "3.222656\n")
    return put(root, f"{IIO}/{folder}/in_voltage3_raw", raw)
