"""How much softer the speaker comes back than it is played, and whether a voice may interrupt replies by that.

The figure is of the two cards, of the gain and of who takes the echo out: it says nothing of others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from daemon.hearing.settings import MicrophoneSettings

NEEDED_DB: Final = 6.0
"""A reply at a volume of 0.8 then comes back no louder than a voice, and all of 40 words over it are heard; at the full
volume, for a voice of half the amplitude, 10 dB louder: 36 of 40 (docs/benchmarks.md, "Words over a reply")."""
NOT_BY_VOICE: Final = "only the wake word interrupts a reply"
_MEASURE: Final = "sudo pipit doctor --hands-on"

NOT_MEASURED: Final = f"{NOT_BY_VOICE}, for it was never measured how much softer replies come back"
OF_OTHERS: Final = f"{NOT_BY_VOICE}, for it was with other cards or settings that it was measured how they come back"
TOO_LOUD: Final = f"{NOT_BY_VOICE}, for replies come back less than {NEEDED_DB:g} dB softer than they are played"
LEFT_IN: Final = f"{NOT_BY_VOICE}, for nothing takes out what comes back of it"
FIXES: Final[Mapping[str, str]] = {
    NOT_MEASURED: _MEASURE,
    OF_OTHERS: _MEASURE,
    TOO_LOUD: f"move microphone and speaker apart, or lower gain_db under [microphone]; then {_MEASURE}",
    LEFT_IN: 'set echo = "auto" under [microphone]; sudo apt install libspeexdsp1',
}
"""Why `barge_in = "voice"` does not count, and what helps; each is known by its words in the service's status."""


@dataclass(frozen=True, slots=True)
class MeasuredWith:
    """What of the settings the figure depends on."""

    microphone: str
    channel: int
    gain_db: float
    speaker: str
    echo: str

    @classmethod
    def of(cls, microphone: MicrophoneSettings, speaker: str) -> MeasuredWith:
        """`speaker` is its ALSA name."""
        return cls(microphone.device, microphone.channel, microphone.gain_db, speaker, microphone.echo)


@dataclass(frozen=True, slots=True)
class ReturnLoss:
    """A figure on record. `at` has its zone."""

    loss_db: float
    at: datetime
    by: MeasuredWith

    def __str__(self) -> str:
        side = "softer" if self.loss_db >= 0 else "louder"
        return f"{abs(self.loss_db):.0f} dB {side} than it is played, measured on {self.at:%Y-%m-%d}"


def refusal(record: ReturnLoss | None, by: MeasuredWith, *, taken_out: bool = True) -> str:
    """Why a voice may not interrupt replies with these settings, a key of `FIXES`; empty if it may.

    `taken_out` is whether anybody takes the echo out.
    """
    if not taken_out:
        return LEFT_IN
    if record is None:
        return NOT_MEASURED
    if record.by != by:
        return OF_OTHERS
    return "" if record.loss_db >= NEEDED_DB else TOO_LOUD
