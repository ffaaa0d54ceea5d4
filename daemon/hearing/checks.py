"""What of the tables of hearing is allowed, and may be a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.hearing.return_loss import FIXES, MeasuredWith, refusal
from daemon.settings.problems import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.hearing.return_loss import ReturnLoss
    from daemon.hearing.settings import ListeningSettings, MicrophoneSettings


def warnings_of_hearing(
    microphone: MicrophoneSettings, listening: ListeningSettings, speaker: str, measured: ReturnLoss | None
) -> Iterator[Fault]:
    """Who takes the echo of a reply for a voice interrupts it. `speaker` is its ALSA name, `measured` is on record."""
    if listening.barge_in != "voice":
        return
    if microphone.echo == "none":
        what = 'a reply would interrupt itself, for [microphone] echo is "none"'
        yield Fault(("listening", "barge_in"), what, 'write barge_in = "word", or echo = "auto"')
    elif why := refusal(measured, MeasuredWith.of(microphone, speaker)):
        yield Fault(("listening", "barge_in"), why, FIXES[why])
