"""A microphone that delivers nothing but zeros, or another value for ever: it works, and hears nothing."""

from typing import Final

from daemon.sound.pcm import Samples, samples_of_ms

FLAT_SAMPLES: Final = samples_of_ms(5_000)
"""No room is so quiet: noise of its own makes a microphone's last bit flicker within milliseconds."""


class Flatline:
    """Looks at the 16 kHz samples that are listened to, so that an empty slot beside a full one counts too."""

    def __init__(self) -> None:
        self.flat = False
        self._value = 0
        self._same = 0  # so many samples in a row have it

    def hear(self, samples: Samples) -> bool:
        """Whether `flat` has changed."""
        if not len(samples):
            return False
        before = self.flat
        if samples[0] == samples[-1] == self._value and (samples == self._value).all():
            self._same += len(samples)
        else:
            self._value, self._same = int(samples[-1]), 0
        self.flat = self._same >= FLAT_SAMPLES
        return self.flat is not before

    def forget(self) -> bool:
        """Begin anew; whether it had been flat."""
        was_flat, self.flat, self._same = self.flat, False, 0
        return was_flat
