"""From the table of the speaker to a driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.sound.pcm import samples_of_ms
from daemon.speech.speaker_pausing import may_pause
from hardware.base import PcmFormat

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.speech.settings import SpeakerSettings
    from hardware.base import PlayoutSource, Speaker


def speaker_format(speaker: SpeakerSettings) -> PcmFormat:
    frames = samples_of_ms(speaker.period_ms, speaker.rate_hz)
    return PcmFormat(
        rate_hz=speaker.rate_hz,
        channels=speaker.channels,
        sample_format=speaker.sample_format,
        period_frames=frames,
    )


def alsa_speaker(speaker: SpeakerSettings) -> Callable[[PlayoutSource], Speaker]:
    from hardware.sound.alsa import AlsaSpeaker

    return lambda source: AlsaSpeaker(
        speaker.device, speaker_format(speaker), source, pauses=lambda: may_pause(speaker)
    )
