"""Tells the conversation when a sound card goes away and when it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.conversation.events import Event, MicrophoneLost, MicrophoneRestored, SpeakerLost, SpeakerRestored
from hardware.sound.relapse import Relapse

if TYPE_CHECKING:
    from collections.abc import Callable

    from hardware.base import Microphone, Speaker


class Cards:
    """One that comes and goes is told once; see `hardware.sound.relapse`."""

    def __init__(self, dispatch: Callable[[Event], None], now_s: Callable[[], float]) -> None:
        self.speaker_away = False
        self._dispatch = dispatch
        self._microphone_faults = Relapse(now_s)
        self._speaker_faults = Relapse(now_s)

    def watch(self, microphone: Microphone, speaker: Speaker) -> None:
        microphone.on_lost = self._microphone_lost
        microphone.on_restored = self._microphone_restored
        speaker.on_lost = self._speaker_lost
        speaker.on_restored = self._speaker_restored

    def _microphone_lost(self) -> None:
        self._dispatch(MicrophoneLost(again=not self._microphone_faults.failed()))

    def _microphone_restored(self) -> None:
        self._microphone_faults.works()
        self._dispatch(MicrophoneRestored())

    def _speaker_lost(self) -> None:
        if self.speaker_away:  # it stood still, and now it is gone
            return
        self._speaker_faults.failed()
        self.speaker_away = True
        self._dispatch(SpeakerLost())

    def _speaker_restored(self) -> None:
        if not self.speaker_away:
            return
        self._speaker_faults.works()
        self.speaker_away = False
        self._dispatch(SpeakerRestored(again=self._speaker_faults.times > 1))
