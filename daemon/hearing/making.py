"""From the tables of hearing to a driver, and to what listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.hearing.endpoint import Endpointer
from daemon.hearing.listener import Listener
from daemon.hearing.pace import pace_of
from daemon.hearing.voice_activity import VoiceActivity
from daemon.sound.pcm import samples_of_ms
from daemon.wake.engine import WakeEngine
from daemon.wake.first_stage import first_stage_of
from daemon.wake.inference import OpenSession, open_session
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


def endpointer_of(listening: ListeningSettings) -> Endpointer:
    """The end of speech, at the pace of the settings. What a pause leads to, the rules of the conversation say."""
    return Endpointer(pace_of(listening.pace, listening.end_silence_ms), eager=True)


def wake_engine_of(wake: WakeSettings, open_model: OpenSession = open_session, *, strides: bool = False) -> WakeEngine:
    """What hears the wake words, hop by hop or in `strides`; loads the models. Raises ModelFileError."""
    return WakeEngine(
        wake.models,
        wake.models_dir,
        threshold=wake.threshold,
        consecutive=wake.consecutive,
        refractory_s=wake.refractory_s,
        gated=wake.gate,
        first_stage=first_stage_of(wake.models, wake.threshold, wake.first_stage),
        strides=strides,
        open_model=open_model,
    )


def listener_of(wake: WakeSettings, listening: ListeningSettings, open_model: OpenSession = open_session) -> Listener:
    """The wake words and the end of speech; loads the models. Raises ModelFileError."""
    engine = wake_engine_of(wake, open_model, strides=True)
    return Listener(engine, VoiceActivity(wake.models_dir, open_model), endpointer_of(listening))
