"""RHVoice, which speaks some languages more like a person: in Debian's non-free part, a package a language.

Its program takes any name for a voice, and speaks an unknown one in some other, without a word (1.8.0). So a voice is
looked up first: each has a folder, with lines such as `name=Alan` and `language=English` in its `voice.info`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.sound.pcm import REPLY_RATE_HZ, samples_of_ms, silence
from daemon.speech.programs import DEADLINE_S, samples_of, written_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.sound.pcm import Samples

PROGRAM: Final = "RHVoice-test"
VOICES: Final = Path("/usr/share/RHVoice/voices")

END_MS: Final = 50
"""Of silence after each text: some voices stop in the middle of a wave, and that clicks. espeak-ng has 220 itself."""

LANGUAGES: Final[Mapping[str, str]] = {
    "cs": "Czech",
    "en": "English",
    "eo": "Esperanto",
    "mk": "Macedonian",
    "pl": "Polish",
    "pt-br": "Brazilian-Portuguese",
    "ru": "Russian",
    "sk": "Slovak",
    "sq": "Albanian",
    "uk": "Ukrainian",
}
"""Tags in lower case, and RHVoice's words for the languages; a region that is not here speaks as the language does."""

_PREFERRED: Final = ("slt", "bdl", "leticia-f123", "natan")
"""Folders of voices that a recogniser understood best; without one of them, the first that is there."""


class RhVoice:
    """RHVoice in a voice that `voice_for` has found."""

    def __init__(self, voice: str, *, program: str = PROGRAM, deadline_s: float = DEADLINE_S) -> None:
        self.voice = voice
        self._program = program
        self._deadline_s = deadline_s

    async def speak(self, text: str, rate_hz: int = REPLY_RATE_HZ) -> Samples:
        """The sound of `text`, which goes by standard input and is no markup. By a file: the length is written last."""
        if not text.strip():
            return silence(0)
        command = (self._program, "-p", self.voice, "-o")
        fix = "sudo apt remove rhvoice, and espeak-ng speaks in its place"
        wav = await written_by(command, text.encode(), self._deadline_s, package="rhvoice", fix=fix)
        return np.concatenate([samples_of(wav, rate_hz), silence(samples_of_ms(END_MS, rate_hz))])


def voice_for(language: str, folder: Path = VOICES) -> str | None:
    """The name of a voice in `folder` that speaks `language`, a BCP 47 tag; None if there is none."""
    tag = language.lower()
    spoken = LANGUAGES.get(tag) or LANGUAGES.get(tag.partition("-")[0])
    if spoken is None:
        return None
    names = {}
    for file in sorted(folder.glob("*/voice.info")):
        about = _about(file)
        if about.get("language") == spoken and "name" in about:
            names[file.parent.name.lower()] = about["name"]
    return next((names[best] for best in _PREFERRED if best in names), next(iter(names.values()), None))


def _about(file: Path) -> dict[str, str]:
    try:
        text = file.read_text(errors="replace")
    except OSError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}
