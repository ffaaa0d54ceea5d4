"""Two buttons, or a knob, for the volume."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from daemon.abilities.quiet.local_clock import Cancellable, Later
    from daemon.abilities.volume.settings import VolumeSettings
    from daemon.abilities.volume.volumes import Volumes
    from hardware.base import Button, Knob, Managed
    from hardware.header.factory import PinFactory

HELD_S: Final = 0.5
"""A button that is held so long goes on by itself."""
AGAIN_S: Final = 0.25
"""… with a step each time."""


@dataclass(frozen=True, kw_only=True)
class VolumeControls:
    """What of it is wired."""

    up: Button | None = None
    down: Button | None = None
    knob: Knob | None = None

    def __iter__(self) -> Iterator[Managed]:
        """To be opened, and closed again."""
        return (part for part in (self.up, self.down, self.knob) if part)


def controls_of(table: VolumeSettings, factory: PinFactory, *, bounce_ms: float) -> VolumeControls:
    """As the settings name their pins. gpiozero is imported only if there is one."""
    if not any(pins_of_controls(table)):
        return VolumeControls()
    from hardware.header.push_button import GpioButton
    from hardware.header.rotary_encoder import GpioKnob

    def button(pin: int | None) -> Button | None:
        return None if pin is None else GpioButton(pin, factory, pull=table.pull, bounce_ms=bounce_ms)

    knob = None
    if table.encoder_a is not None and table.encoder_b is not None:
        knob = GpioKnob(table.encoder_a, table.encoder_b, factory)
    return VolumeControls(up=button(table.up_pin), down=button(table.down_pin), knob=knob)


def pins_of_controls(table: VolumeSettings) -> list[tuple[int, str]]:
    """The pins that are named, and what is on each."""
    pins = (table.up_pin, "louder"), (table.down_pin, "quieter"), (table.encoder_a, "A"), (table.encoder_b, "B")
    return [(pin, what) for pin, what in pins if pin is not None]


def connect(controls: VolumeControls, volumes: Volumes, step_percent: int, later: Later) -> None:
    """Have the voice get louder and quieter by them."""
    if controls.up:
        _Repeating(controls.up, lambda: volumes.turn(step_percent), later)
    if controls.down:
        _Repeating(controls.down, lambda: volumes.turn(-step_percent), later)
    if controls.knob:
        controls.knob.on_turned = lambda detents: volumes.turn(detents * step_percent)


class _Repeating:
    """A button that acts when it is pressed, and again and again while it is held."""

    def __init__(self, button: Button, act: Callable[[], object], later: Later) -> None:
        self._act = act
        self._later = later
        self._again: Cancellable | None = None
        button.on_pressed = self._pressed
        button.on_released = self._released

    def _pressed(self) -> None:
        self._act_then(HELD_S)

    def _repeat(self) -> None:
        self._act_then(AGAIN_S)

    def _released(self, _held_ms: float) -> None:
        if self._again:
            self._again.cancel()

    def _act_then(self, pause_s: float) -> None:
        self._act()
        self._again = self._later(pause_s, self._repeat)
