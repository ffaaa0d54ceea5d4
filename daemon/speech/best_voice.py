"""Which of the distribution's voices speaks a language best, of those that are installed."""

from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING

from daemon.speech import rhvoice
from daemon.speech.synthesis import Espeak

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.speech.synthesis import Synthesiser

log = logging.getLogger(__name__)


def best_voice(language: str, path: str | None = None, voices: Path = rhvoice.VOICES) -> Synthesiser:
    """RHVoice if its program is on `path` (None: ours) and one of its `voices` speaks `language`, else espeak-ng."""
    program = shutil.which(rhvoice.PROGRAM, path=path)
    name = rhvoice.voice_for(language, voices) if program else None
    if program and name:
        log.debug("%s is spoken by RHVoice's voice %s", language, name)
        return rhvoice.RhVoice(name, program=program)
    log.debug("%s is spoken by espeak-ng", language)
    return Espeak(language)
