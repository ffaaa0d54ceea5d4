"""From the tables of hearing to a driver, and to what listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.hearing.endpoint import Endpointer
from daemon.hearing.listener import Listener
from daemon.hearing.voice_activity import VoiceActivity
from daemon.sound.pcm import samples_of_ms
from daemon.wake.engine import WakeEngine
from hardware.base import PcmFormat

if TYPE_CHECKING:
    from daemon.hearing.settings import ListeningSettings, MicrophoneSettings, WakeSettings
    from hardware.base import Microphone


def microphone_format(microphone: MicrophoneSettings) -> PcmFormat:
    return PcmFormat(
        rate_hz=microphone.rate_hz,
        channels=microphone.channels,
        sample_format=microphone.sample_format,
        period_frames=samples_of_ms(microphone.period_ms, microphone.rate_hz),
    )


def alsa_microphone(microphone: MicrophoneSettings) -> Microphone:
    from hardware.sound.alsa import AlsaMicrophone

    return AlsaMicrophone(microphone.device, microphone_format(microphone))


def listener_of(wake: WakeSettings, listening: ListeningSettings) -> Listener:
    """The wake words and the end of speech; loads the models. Raises ModelFileError."""
    engine = WakeEngine(
        wake.models,
        wake.models_dir,
        threshold=wake.threshold,
        consecutive=wake.consecutive,
        refractory_s=wake.refractory_s,
        gated=wake.gate,
    )
    return Listener(engine, VoiceActivity(wake.models_dir), Endpointer(listening.end_silence_ms))
