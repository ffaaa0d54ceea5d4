"""Every kind of input by its name; one is imported when it is asked for, and not before."""

from importlib import import_module
from typing import Any, Final

from daemon.abilities.inputs.kinds.input_kind import SensorKind, SwitchKind
from daemon.abilities.inputs.kinds.moments import MOMENTS

KNOBS: Final = ("encoder",)
"""What turns without an end; it is nothing but its driver."""
SWITCHES: Final = tuple(kind for kind in MOMENTS if kind not in KNOBS)
"""What is one of two ways."""
KERNEL: Final = ("ds18b20", "iio", "cpu")
"""What the kernel measures."""
SENSORS: Final = ("distance", "light", *KERNEL)
"""What measures."""


def switch_kind(name: str) -> SwitchKind:
    """One of SWITCHES."""
    kind: SwitchKind = _constant_of(name)
    return kind


def sensor_kind(name: str) -> SensorKind:
    """One of SENSORS."""
    kind: SensorKind = _constant_of(name)
    return kind


def _constant_of(name: str) -> Any:
    """A kind is a file in this folder, and in it a constant of its name."""
    return getattr(import_module(f"{__package__}.{name}_input"), name.upper())
