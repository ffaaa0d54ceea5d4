"""Speech synthesis by the programs that every distribution packages: espeak-ng, and flite for a second voice."""

from typing import Final, Protocol

from daemon.sound.pcm import REPLY_RATE_HZ, Samples, silence
from daemon.speech.programs import DEADLINE_S, run_program, samples_of, written_by

ESPEAK: Final = "espeak-ng"


class Synthesiser(Protocol):
    """Something that speaks a text."""

    async def speak(self, text: str, rate_hz: int = REPLY_RATE_HZ) -> Samples:
        """The sound of `text` at `rate_hz`; raises ModelFileError if the program is missing or fails."""
        ...


class Espeak:
    """espeak-ng in the voice of a language; a region that it has no voice for speaks as the language does."""

    def __init__(self, language: str = "en", *, program: str = ESPEAK, deadline_s: float = DEADLINE_S) -> None:
        """`language` is a BCP 47 tag; "en" alone is American, as the other programs' voices are."""
        self.voice = "en-us" if language.lower() in ("", "en") else language
        self._program = program
        self._deadline_s = deadline_s

    async def speak(self, text: str, rate_hz: int = REPLY_RATE_HZ) -> Samples:
        """The sound of `text`. Text goes by standard input, so that nothing in it is taken for an option."""
        if not text.strip():
            return silence(0)
        command = (self._program, "-v", self.voice, "-b", "1", "--stdin", "--stdout")
        fix = "choose a language that `espeak-ng --voices` lists"
        return samples_of(await run_program(command, text.encode(), self._deadline_s, fix=fix), rate_hz)


class Flite:
    """flite in one of its American voices: the one that wakes openWakeWord's models (tests, demo)."""

    def __init__(self, voice: str = "slt", *, program: str = "flite", deadline_s: float = DEADLINE_S) -> None:
        self._voice = voice
        self._program = program
        self._deadline_s = deadline_s

    async def speak(self, text: str, rate_hz: int = REPLY_RATE_HZ) -> Samples:
        """The sound of `text`. By a file: flite goes back to its beginning to write the length."""
        if not text.strip():
            return silence(0)
        command = (self._program, "-voice", self._voice, "-t", text, "-o")
        return samples_of(await written_by(command, b"", self._deadline_s), rate_hz)
