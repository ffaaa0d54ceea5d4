"""Whether a voice interrupts replies here: where it is wanted, and the measured echo return loss allows it."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from daemon.hearing.return_loss import FIXES, MeasuredWith, refusal
from daemon.hearing.return_loss_file import on_record
from daemon.state.archive import state_file_of_service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from daemon.conversation.rules import Rules
    from daemon.hearing.return_loss import ReturnLoss
    from daemon.house.settings import Settings
    from daemon.sound.echo.echo_path import EchoPath

log = logging.getLogger(__name__)


def on_record_here(environ: Mapping[str, str]) -> ReturnLoss | None:
    """What the doctor measured, where the service has its state. Reads a file."""
    return on_record(state_file_of_service(environ, None).parent)


def only_where_measured(
    rules: Rules, settings: Settings, measured: ReturnLoss | None, echo: EchoPath | None, refused: Callable[[str], None]
) -> Rules:
    """`rules`, without the voice where it may not; that is logged, and `refused` is told why, a key of `FIXES`."""
    if not rules.voice_interrupts:
        return rules
    by = MeasuredWith.of(settings.microphone, settings.speaker.device)
    why = refusal(measured, by, taken_out=bool(echo and echo.taken_out))
    if not why:
        return rules
    log.warning("%s (%s)", why, FIXES[why])
    refused(why)
    return replace(rules, voice_interrupts=False)
