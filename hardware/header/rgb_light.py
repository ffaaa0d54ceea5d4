"""A light of three colours on three pins."""

from dataclasses import dataclass
from typing import Final

from hardware.base import OutputState
from hardware.header.channels import Channels
from hardware.header.colours import COLOURS, colour_of
from hardware.header.factory import PinFactory
from hardware.header.level_bounds import checked_level


@dataclass(frozen=True, slots=True)
class RgbSpec:
    """One such light of the settings; `pins` are those of red, green and blue, levels are 0.0 to 1.0."""

    name: str
    pins: tuple[int, int, int]
    active_high: bool = True
    safe_on: bool = False
    min_level: float = 0.0
    max_level: float = 1.0


class GpioRgb:
    """Its modes are colours, its level that of the brightest of the three; safe it is off, or white."""

    dimmable = True
    modes: tuple[str, ...] = tuple(COLOURS)
    opposed: bool = False

    def __init__(self, spec: RgbSpec, factory: PinFactory) -> None:
        """Raises HardwareError if one of the pins cannot be used."""
        self.name = spec.name
        self._spec: Final = spec
        self._colour = self.modes[0]
        self._channels = Channels(
            spec.name, spec.pins, factory, active_high=spec.active_high, safe=1.0 if spec.safe_on else 0.0
        )

    def switch(self, on: bool) -> None:
        """On is as bright as may be, in the last colour. Raises HardwareError if a pin fails."""
        self.choose(self._colour, self._spec.max_level if on else 0.0)

    def set_level(self, level: float) -> None:
        """In the last colour. Raises HardwareError for a level out of bounds, or if a pin fails."""
        self.choose(self._colour, level)

    def choose(self, mode: str, level: float) -> None:
        """Raises HardwareError for a level out of bounds, or if a pin fails; `mode` is one of COLOURS."""
        level = checked_level(self.name, level, self._spec.min_level, self._spec.max_level)
        self._colour = mode
        self._channels.write([share * level for share in COLOURS[mode]])

    def read(self) -> OutputState:
        """Read back from the pins; a colour that is none has no name. Raises HardwareError if that fails."""
        shares = self._channels.read()
        return OutputState(on=any(shares), level=round(max(shares), 4), mode=colour_of(shares))

    def make_safe(self) -> None:
        """Never raises."""
        self._channels.make_safe()

    def close(self) -> None:
        """Safe, and stays so without anybody."""
        self._channels.close()
