"""What a kind of input hands over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hardware.base import Sensor
    from hardware.header.factory import PinFactory


@dataclass(frozen=True)
class SwitchKind:
    """Something that is one of two ways. `active` is the level of the one, if the settings say no other.

    `states` are how the one and the other are told.
    """

    active: Literal["high", "low"]
    states: tuple[str, str]


class Measuring(Protocol):
    """What the settings say of something that measures."""

    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def channel(self) -> int | None: ...
    @property
    def pin(self) -> int | None: ...
    @property
    def echo_pin(self) -> int | None: ...


def _never_closed(_close: Callable[[], None]) -> None:
    """The kernel's files need no closing."""


@dataclass(frozen=True)
class Source:
    """Where readings come from: the root of the kernel's files, and the pins, if there are any.

    `closes` is told what closes a sensor that has claimed some.
    """

    root: Path
    factory: PinFactory | None = None
    closes: Callable[[Callable[[], None]], object] = _never_closed


@dataclass(frozen=True)
class SensorKind:
    """Something that measures. `made` makes it of its table; with pins it claims them, and may raise HardwareError.

    `bounds` are the lowest and the highest that there can be of each quantity; `never` are values within that stand
    for a failure of the sensor.
    """

    made: Callable[[Measuring, Source], Sensor]
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    never: tuple[float, ...] = ()
