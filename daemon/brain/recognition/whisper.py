"""Whisper, which hears a hundred languages, by CTranslate2: an extra, of which a small Pi has no room.

It was made for 30 s of sound and is given as much as was said: an eighth of the work for a command. What that costs is
that it does not always know where to end, so it is cut where it repeats itself.
"""

import logging
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from daemon.brain.recognition.log_mel import log_mel
from daemon.brain.recognition.loudness import without_quiet_edges
from daemon.brain.recognition.repetition import until_repeated
from daemon.brain.recognition.whisper_pieces import WhisperPieces
from daemon.errors import ModelFileError
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples

PACKAGE: Final = "ctranslate2"
MODEL, PIECES, CONFIG = "model.bin", "vocabulary.json", "config.json"

LONGEST_S: Final = 15.0
"""Of speech that is listened to: what is longer is no command, and would cost as much as it takes."""
SILENCE_S: Final = 1.5
"""That follows: with less it stops in the middle."""
PIECES_PER_S: Final = 7.0
"""More is the network repeating itself."""
_FIRST_PIECES: Final = 6

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What was heard; the mean logarithm of the likelihood of its pieces, and how likely it is that nobody spoke."""

    text: str
    log_probability: float = 0.0
    no_speech: float = 1.0


NOTHING: Final = Reading("")


class Whisper:
    """One model, on one thread. Its methods block; several threads may share it."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelFileError if the package or a file is missing, or is not what it should be."""
        again = f"python -m daemon.brain.recognition.install_languages {folder.parent}"
        try:
            self._pieces = WhisperPieces((folder / PIECES).read_bytes())
            self._model = _engine().models.Whisper(str(folder), compute_type="int8", inter_threads=1, intra_threads=1)
        except ImportError as failure:
            raise ModelFileError(
                f"speech recogniser: {PACKAGE} does not load ({failure})", fix="sudo ./install.sh, with spoken = yes"
            ) from failure
        except (OSError, ValueError, RuntimeError) as failure:
            raise ModelFileError(f"speech recogniser: no model in {folder} ({failure})", fix=again) from failure

    def speaks(self, language: str) -> bool:
        """Whether it hears the primary `language`, such as "de"."""
        return self._pieces.control(language) is not None

    def hear(self, samples: Samples, language: str) -> Reading:
        """What was said in the primary `language`, 16 kHz; nothing where it was too long for a command."""
        speech = without_quiet_edges(samples)
        seconds = len(speech) / CAPTURE_RATE_HZ
        if not 0 < seconds <= LONGEST_S:
            _log.debug("%.1f s of sound are not listened to: at most %g s are", seconds, LONGEST_S)
            return NOTHING
        return self._read(np.pad(speech, (0, int(SILENCE_S * CAPTURE_RATE_HZ))), language, seconds)

    def _read(self, sound: Samples, language: str, seconds: float) -> Reading:
        names = ("startoftranscript", language, "transcribe", "notimestamps")
        prompt = [number for name in names if (number := self._pieces.control(name)) is not None]
        result = self._model.generate(
            _engine().StorageView.from_array(log_mel(sound)[np.newaxis]),
            [prompt],
            beam_size=1,
            max_length=len(prompt) + _FIRST_PIECES + int(seconds * PIECES_PER_S),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        text = until_repeated(self._pieces.text(result.sequences_ids[0]))
        return Reading(text, result.scores[0], result.no_speech_prob)


def whisper_installed() -> bool:
    """Whether the package is there."""
    return find_spec(PACKAGE) is not None


@cache
def _engine() -> Any:
    """Not at the top: an extra brings it. Raises ImportError."""
    import ctranslate2  # type: ignore[import-untyped, import-not-found, unused-ignore]

    return ctranslate2
