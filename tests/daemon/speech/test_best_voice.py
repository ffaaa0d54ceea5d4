"""Which program speaks, by what is on the path and what voices there are."""

from pathlib import Path

import pytest

from daemon.errors import ModelFileError
from daemon.speech.best_voice import best_voice
from daemon.speech.rhvoice import RhVoice
from daemon.speech.synthesis import Espeak
from tests.daemon.speech.scripts import program, voice


@pytest.fixture
def voices(tmp_path: Path) -> Path:
    voice(tmp_path / "voices", "slt", "SLT", "English")
    return tmp_path / "voices"


def test_rhvoice_with_a_voice_of_the_language_speaks(tmp_path: Path, voices: Path) -> None:
    program(tmp_path, "exit 0", name="RHVoice-test")
    best = best_voice("en-GB", str(tmp_path), voices)
    assert isinstance(best, RhVoice)
    assert best.voice == "SLT"


async def test_it_is_the_program_that_was_found(tmp_path: Path, voices: Path) -> None:
    program(tmp_path, f"touch {tmp_path}/ran; exit 1", name="RHVoice-test")
    with pytest.raises(ModelFileError, match="RHVoice-test: exit status 1"):
        await best_voice("en", str(tmp_path), voices).speak("Hello.")
    assert (tmp_path / "ran").exists()


def test_without_a_voice_of_the_language_espeak_speaks(tmp_path: Path, voices: Path) -> None:
    program(tmp_path, "exit 0", name="RHVoice-test")
    best = best_voice("de-CH", str(tmp_path), voices)
    assert isinstance(best, Espeak)
    assert best.voice == "de-CH"


def test_without_the_program_espeak_speaks(tmp_path: Path, voices: Path) -> None:
    assert isinstance(best_voice("en", str(tmp_path), voices), Espeak)
