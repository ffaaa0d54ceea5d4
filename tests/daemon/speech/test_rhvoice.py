"""RHVoice, played by scripts with its options: it is in no distribution's main part."""

from pathlib import Path

import numpy as np
import pytest

from daemon.errors import ModelFileError
from daemon.sound.pcm import REPLY_RATE_HZ
from daemon.speech.rhvoice import END_MS, RhVoice, voice_for
from tests.daemon.speech.scripts import program, voice, wav


def is_there(file: str) -> bool:
    return Path(file).exists()


async def test_the_voice_is_named_the_text_is_read_and_the_sound_is_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "sound").write_bytes(wav(np.arange(10, dtype="<i2").tobytes(), rate_hz=REPLY_RATE_HZ))
    script = f'printf "%s\\n" "$@" >{tmp_path}/arguments; cat >{tmp_path}/text; cp {tmp_path}/sound "$4"'
    sound = await RhVoice("Letícia-F123", program=program(tmp_path, script)).speak("-o <b> às 7 horas")
    assert sound[:10].tolist() == list(range(10))
    assert not sound[10:].any()
    assert len(sound) == 10 + REPLY_RATE_HZ * END_MS // 1000
    assert (tmp_path / "text").read_text() == "-o <b> às 7 horas"
    *options, file = (tmp_path / "arguments").read_text().split()
    assert options == ["-p", "Letícia-F123", "-o"]
    assert not is_there(file)


async def test_no_text_is_no_sound() -> None:
    assert len(await RhVoice("Alan", program="/nonexistent").speak(" \n")) == 0


async def test_a_missing_program_names_its_package() -> None:
    with pytest.raises(ModelFileError, match=r"cannot run /nowhere/RHVoice-test .*Fix: sudo apt install rhvoice$"):
        await RhVoice("Alan", program="/nowhere/RHVoice-test").speak("Hello.")


async def test_a_program_that_fails_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"speaker: no voices.*Fix: sudo apt remove rhvoice"):
        await RhVoice("Alan", program=program(tmp_path, "echo no voices >&2; exit 255")).speak("Hello.")


@pytest.mark.parametrize(
    ("language", "name"),
    [
        *(("en", "SLT"), ("en-GB", "SLT"), ("pt-BR", "Letícia-F123"), ("PT-br", "Letícia-F123"), ("pl", "Magda")),
        *(("pt-PT", None), ("pt", None), ("de", None), ("ru", None), ("", None)),
    ],
)
def test_a_voice_is_one_that_is_there_and_speaks_the_language(tmp_path: Path, language: str, name: str | None) -> None:
    voice(tmp_path, "alan", "Alan", "English")
    voice(tmp_path, "slt", "SLT", "English")
    voice(tmp_path, "Leticia-F123", "Letícia-F123", "Brazilian-Portuguese")
    voice(tmp_path, "magda", "Magda", "Polish")
    assert voice_for(language, tmp_path) == name


def test_without_a_preferred_voice_it_is_the_first(tmp_path: Path) -> None:
    voice(tmp_path, "clb", "CLB", "English")
    voice(tmp_path, "alan", "Alan", "English")
    assert voice_for("en", tmp_path) == "Alan"


def test_a_voice_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "slt" / "voice.info").mkdir(parents=True)
    (tmp_path / "bdl").mkdir()
    (tmp_path / "bdl" / "voice.info").write_bytes(b"language=English\n\xff\xfe")
    assert voice_for("en", tmp_path) is None
    assert voice_for("en", tmp_path / "nowhere") is None
