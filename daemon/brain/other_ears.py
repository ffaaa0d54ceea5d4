"""Ears for other languages than English, by an extra: what was said, or nothing where that is not sure."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

from daemon.brain.as_heard import as_said
from daemon.brain.lexicon import lexicon_languages
from daemon.brain.recognition.language_files import chosen_folder
from daemon.brain.recognition.whisper import Reading, Whisper, whisper_installed
from daemon.brain.utterance import Utterance
from daemon.errors import ModelFileError
from daemon.sentences.shelf import primary_of
from daemon.sound.pcm import Samples

LEAST_LOG_PROBABILITY: Final = -1.0
"""Of a piece, in the mean: below, half of it is misheard (docs/benchmarks.md)."""

MOST_NO_SPEECH: Final = 0.85
"""How likely it may be that nobody spoke."""

_log = logging.getLogger(__name__)


class Recognises(Protocol):
    """What hears languages by their primary tags; see `Whisper`."""

    def speaks(self, language: str) -> bool: ...
    def hear(self, samples: Samples, language: str, names: Sequence[str] = ()) -> Reading: ...


class OtherEars:
    """Loaded when somebody first speaks another language; does not come back where that fails. Threads may share it."""

    def __init__(self, load: Callable[[], Recognises]) -> None:
        """`load` may raise ModelFileError."""
        self._load: Callable[[], Recognises] | None = load
        self._loaded: Recognises | None = None
        self._lock = Lock()

    def hears(self, language: str) -> bool:
        """Whether it hears `language`, a BCP 47 tag. Blocks, for the loading."""
        primary = primary_of(language)
        if primary == "en" or primary not in {primary_of(known) for known in lexicon_languages()}:
            return False
        recogniser = self._recogniser()
        return recogniser is not None and recogniser.speaks(primary)

    def words(self, samples: Samples, language: str, names: Sequence[str] = ()) -> Utterance:
        """What was said, of things of these `names`; no words where nothing was, or nothing that is sure."""
        recogniser = self._recogniser()
        if recogniser is None:
            return Utterance("")
        reading = recogniser.hear(samples, primary_of(language), names)
        sure = reading.log_probability >= LEAST_LOG_PROBABILITY and reading.no_speech <= MOST_NO_SPEECH
        _log.debug(
            "heard in %s: %.2f a piece, nobody speaks %.2f, %s",
            *(primary_of(language), reading.log_probability, reading.no_speech, "sure" if sure else "not sure"),
        )
        if not sure:
            return Utterance("")
        return Utterance(as_said(reading.text, language), None, tuple(as_said(one, language) for one in reading.others))

    def _recogniser(self) -> Recognises | None:
        with self._lock:
            if self._load is not None:
                load, self._load = self._load, None
                try:
                    self._loaded = load()
                except ModelFileError as error:
                    _log.warning("only English is heard: %s", error)
            return self._loaded


def found_ears(models_dir: Path) -> OtherEars | None:
    """Those for the other languages; None if there are none. Loads nothing."""
    folder = chosen_folder(models_dir)
    if folder is None or not whisper_installed():
        return None
    return OtherEars(lambda: Whisper(folder))
