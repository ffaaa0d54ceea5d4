"""What of `[speaker]` is allowed, and may be a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.settings.problems import Fault
from hardware.sound.holder import card_of
from hardware.sound.refusal import converting_pcm, is_bare_hdmi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.speech.settings import SpeakerSettings


def warnings_of_speaker(speaker: SpeakerSettings) -> Iterator[Fault]:
    """What is known not to play."""
    if is_bare_hdmi(speaker.device):
        name = converting_pcm(card_of(speaker.device), hdmi=True)
        yield Fault(("speaker", "device"), f'HDMI takes no sound by "{speaker.device}"', f'write device = "{name}"')
