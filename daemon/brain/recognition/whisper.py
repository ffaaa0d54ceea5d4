"""Whisper, which hears a hundred languages, by CTranslate2: an extra, of which a small Pi has no room.

It was made for 30 s of sound and is given as much as was said: an eighth of the work for a command. What that costs is
that it does not always know where to end, so it is cut where it repeats itself.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from daemon.brain.recognition.log_mel import log_mel
from daemon.brain.recognition.loudness import without_quiet_edges
from daemon.brain.recognition.nearly import nearly_said, runner_up
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
NEARLY: Final = 1.0
"""Nats by which another piece may be less likely than the one that was taken, and count (docs/benchmarks.md)."""
_FIRST_PIECES: Final = 6
_MOST_BEFORE: Final = 200
"""Pieces of names: 224 is what Whisper was taught to take."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What was heard; the mean logarithm of the likelihood of its pieces, and how likely it is that nobody spoke.

    `others` were nearly as likely.
    """

    text: str
    log_probability: float = 0.0
    no_speech: float = 1.0
    others: tuple[str, ...] = ()


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

    def hear(self, samples: Samples, language: str, names: Sequence[str] = ()) -> Reading:
        """What was said in the primary `language`, 16 kHz; nothing where it was too long for a command.

        What is called by `names` is heard more readily.
        """
        speech = without_quiet_edges(samples)
        seconds = len(speech) / CAPTURE_RATE_HZ
        if not 0 < seconds <= LONGEST_S:
            _log.debug("%.1f s of sound are not listened to: at most %g s are", seconds, LONGEST_S)
            return NOTHING
        prompt = [
            *self._said_before(names),
            *self._controls("startoftranscript", language, "transcribe", "notimestamps"),
        ]
        return self._read(np.pad(speech, (0, int(SILENCE_S * CAPTURE_RATE_HZ))), prompt, seconds)

    def _said_before(self, names: Sequence[str]) -> list[int]:
        """As if they had been spoken of: Whisper goes on as it has begun."""
        if not names:
            return []
        return [*self._controls("startofprev"), *self._pieces.numbers(f" {', '.join(names)}.")[:_MOST_BEFORE]]

    def _controls(self, *names: str) -> list[int]:
        return [number for name in names if (number := self._pieces.control(name)) is not None]

    def _read(self, sound: Samples, prompt: list[int], seconds: float) -> Reading:
        most = _FIRST_PIECES + int(seconds * PIECES_PER_S)
        result = self._model.generate(
            _engine().StorageView.from_array(log_mel(sound)[np.newaxis]),
            [prompt],
            beam_size=1,
            max_length=max(2 * most, len(prompt) + most),  # it writes half of that at most, and no more than is left
            return_scores=True,
            return_no_speech_prob=True,
            return_logits_vocab=True,
        )[0]
        text = until_repeated(self._pieces.text(result.sequences_ids[0]))
        pieces = self._pieces_of(text, result.sequences_ids[0])
        runners_up = [runner_up(np.asarray(likely).reshape(-1)) for likely in result.logits[0][: len(pieces)]]
        others = nearly_said(pieces, runners_up, lambda pieces: until_repeated(self._pieces.text(pieces)), NEARLY)
        return Reading(text, result.scores[0], result.no_speech_prob, others)

    def _pieces_of(self, text: str, pieces: Sequence[int]) -> Sequence[int]:
        """Those of `pieces` that made `text`, without what was said again."""
        sizes = range(len(pieces) + 1)
        return pieces[
            : next((size for size in sizes if self._pieces.text(pieces[:size]).startswith(text)), len(pieces))
        ]


def whisper_installed() -> bool:
    """Whether the package is there."""
    return find_spec(PACKAGE) is not None


@cache
def _engine() -> Any:
    """Not at the top: an extra brings it. Raises ImportError."""
    import ctranslate2  # type: ignore[import-untyped, import-not-found, unused-ignore]

    return ctranslate2
