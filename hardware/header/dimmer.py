"""What gpiozero's output devices lack for ours: levels without a moment of another."""

from typing import Any, Final

from hardware.header.bare_gpiozero import gpiozero
from hardware.header.lines import HUNDREDTHS, WAVE_HZ

HALF_STEP: Final = 0.5 / HUNDREDTHS
"""A level is compared with its bounds as finely as it can be set: 57.9 / 100 need not be the 0.579 of the settings."""


class Dimmer(gpiozero.OutputDevice):  # type: ignore[misc]
    """An output with levels 0.0 to 1.0, steady at both ends and a wave in between.

    Not gpiozero.PWMOutputDevice, which claims its pin at low and begins a wave before it knows the level.
    """

    def __init__(
        self, pin: int, *, active_high: bool, initial_value: float, pin_factory: Any, wave_hz: float = WAVE_HZ
    ) -> None:
        super().__init__(pin, active_high=active_high, initial_value=initial_value >= 1, pin_factory=pin_factory)
        try:
            self.pin.frequency = wave_hz
            if 0 < initial_value < 1:
                self.value = initial_value
        except BaseException:
            self.close()
            raise

    def _value_to_state(self, value: float) -> float:
        """The nearest step, but never dark for what is not off, nor more than was asked for when nearly full."""
        steps = round(value * HUNDREDTHS)
        if 0 < value < 1:
            steps = min(max(steps, 1), HUNDREDTHS - 1)
        return (steps if self.active_high else HUNDREDTHS - steps) / HUNDREDTHS

    def _state_to_value(self, state: float) -> float:
        steps = round(state * HUNDREDTHS)
        return (steps if self.active_high else HUNDREDTHS - steps) / HUNDREDTHS
