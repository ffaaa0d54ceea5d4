"""Which brain of this machine answers, as the settings say. Loading one takes a while, and blocks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from daemon.brain.local import LocalBrain
from daemon.brain.other_ears import found_ears
from daemon.brain.recognition.recogniser import Recogniser

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.brain.brain import Brain
    from daemon.home_server.settings import HomeServerSettings
    from daemon.sound.pcm import Samples


def brain_of(home: HomeServerSettings, models_dir: Path) -> Brain:
    """Raises ModelFileError."""
    if home.brain != "openai":
        return LocalBrain(models_dir, ears=found_ears(models_dir))
    from daemon.home_server.completions import Completions  # brings an HTTP client, which others need not remember
    from daemon.home_server.endpoint_brain import EndpointBrain

    recogniser = Recogniser(models_dir)

    def transcribe(audio: Samples) -> str:
        return recogniser.transcribe(audio).text

    return EndpointBrain(Completions(home.openai), home.openai.rounds, transcribe, partial(LocalBrain, models_dir))
