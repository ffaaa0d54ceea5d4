import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]

from daemon.errors import AudioFileError
from daemon.sound import wav_decoding
from daemon.sound.wav import decode_audio, read_audio, read_recording, write_audio, write_wav
from tests.covering import covering
from tests.daemon.sound.signals import db, noise, rms, sinad_db, sine


def test_what_is_written_is_read_bit_for_bit(tmp_path: Path) -> None:
    samples = np.concatenate((noise(100_000), np.array([-32_768, 32_767], np.int16)))

    write_wav(tmp_path / "a.wav", samples, 16_000)

    assert np.array_equal(read_audio(tmp_path / "a.wav"), samples)
    assert soundfile.info(tmp_path / "a.wav").subtype == "PCM_16"
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


RATES_HZ = [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000]
KINDS = {
    ("WAV", "PCM_U8"): 35,
    ("WAV", "PCM_24"): 75,
    ("WAV", "FLOAT"): 75,
    ("WAV", "DOUBLE"): 75,
    ("WAV", "ULAW"): 30,
    ("WAV", "ALAW"): 30,
    ("WAV", "IMA_ADPCM"): 20,
    ("FLAC", "PCM_16"): 75,
    ("OGG", "VORBIS"): 20,
    ("AIFF", "PCM_16"): 75,
}
"""… and how clean a tone has to come out of each, in dB."""


@pytest.mark.parametrize(("codec", "rate_hz"), covering(list(KINDS), RATES_HZ))
def test_any_kind_of_file(tmp_path: Path, codec: tuple[str, str], rate_hz: int) -> None:
    (kind, subtype), clean_db = codec, KINDS[codec]
    path = tmp_path / f"a.{kind.lower()}"
    stereo = np.stack([sine(500, rate_hz), sine(500, rate_hz)], axis=1) / 32_768
    soundfile.write(path, stereo, rate_hz, format=kind, subtype=subtype)

    samples = read_audio(path)

    assert samples.dtype == np.int16
    assert abs(len(samples) - 16_000) < 800  # ADPCM comes in blocks
    assert abs(db(rms(samples[1_600:14_400]) / rms(sine(500, 16_000)))) < 0.5
    assert sinad_db(samples[:16_000], 500, 16_000) > clean_db


def test_opus_is_read(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.ogg", sine(500, 48_000), 48_000, format="OGG", subtype="OPUS")

    assert abs(len(read_audio(tmp_path / "a.ogg")) - 16_000) < 300


def test_channels_are_averaged(tmp_path: Path) -> None:
    left, right = np.full(1_000, 1_000, np.int16), np.full(1_000, 3_000, np.int16)
    soundfile.write(tmp_path / "a.wav", np.stack([left, right], axis=1), 16_000)

    assert set(read_audio(tmp_path / "a.wav").tolist()) == {2_000}


def test_what_is_not_a_number_is_silent_and_what_is_too_loud_is_clipped(tmp_path: Path) -> None:
    values = np.array([np.nan, np.inf, -np.inf, 2.0, -2.0, 0.5], np.float32)
    soundfile.write(tmp_path / "a.wav", values, 16_000, subtype="FLOAT")

    assert read_audio(tmp_path / "a.wav").tolist() == [0, 32_767, -32_768, 32_767, -32_768, 16_384]


def test_floats_at_the_scale_of_whole_numbers_are_told(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    soundfile.write(file, np.full(16_000, 12_000.0, np.float32), 16_000, subtype="FLOAT")
    assert read_recording(file).remarks == (
        f"{file} is 1.2e+04 times as loud as a sound file can be: what is above is cut off",
    )


@pytest.mark.filterwarnings("error")
def test_floats_have_no_bound_and_are_cut_off_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    soundfile.write(file, np.full(16_000, 3e38, np.float32), 16_000, subtype="FLOAT")
    assert read_audio(file).max() == 32_767


def test_a_file_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", noise(16_000), 16_000)
    whole = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(whole[: 44 + 2_000])

    assert np.array_equal(read_audio(tmp_path / "a.wav"), noise(16_000)[:1_000])


# Other kinds of file


@pytest.mark.parametrize(("name", "kind"), [("a.flac", "FLAC"), ("a.wav", "WAV"), ("a", "WAV"), ("a.FLAC", "FLAC")])
def test_the_name_says_what_is_written_and_nothing_is_lost(tmp_path: Path, name: str, kind: str) -> None:
    write_audio(tmp_path / name, noise(5_000), 16_000)
    assert soundfile.info(tmp_path / name).format == kind
    assert np.array_equal(read_audio(tmp_path / name), noise(5_000))


def test_minutes_of_ogg_are_written_in_pieces(tmp_path: Path) -> None:
    """All at once they overflow the stack of libvorbis."""
    write_audio(tmp_path / "a.ogg", np.zeros(24_000 * 120, np.int16), 24_000)
    assert soundfile.info(tmp_path / "a.ogg").duration == 120


def test_a_kind_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match=r'cannot write "\.mp3" files. Fix: let its name end in \.wav'):
        write_audio(tmp_path / "a.mp3", noise(10), 16_000)


def test_a_file_without_a_name_is_read_as_one_with_it(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", noise(100), 16_000)
    with (tmp_path / "a.wav").open("rb") as file:
        assert np.array_equal(decode_audio("standard input", file).samples, noise(100))
    with pytest.raises(AudioFileError, match="standard input is empty"):
        decode_audio("standard input", io.BytesIO())
    with pytest.raises(AudioFileError, match="standard input is not a sound file"):
        decode_audio("standard input", io.BytesIO(b"Dear all,"))


# Bad input


@pytest.mark.parametrize("name", ["a.wav", "a.raw", "a.flac", "a"])
@pytest.mark.parametrize("content", [b"RIFF", b"x" * 1_000, b"\x00", b"{'not': 'sound'}"])
def test_garbage_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(AudioFileError, match=f"{name} is not a sound file that can be read. Fix: convert it"):
        read_audio(tmp_path / name)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()

    with pytest.raises(AudioFileError, match=r"a\.wav is empty"):
        read_audio(tmp_path / "a.wav")


def test_a_file_without_sound_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(0, np.int16), 16_000)

    with pytest.raises(AudioFileError, match=r"a\.wav holds no sound"):
        read_audio(tmp_path / "a.wav")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="there is no file"):
        read_audio(tmp_path / "a.wav")


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="is a directory"):
        read_audio(tmp_path)
    with pytest.raises(AudioFileError, match="is a directory"):
        write_wav(tmp_path, noise(10), 16_000)


def test_a_path_through_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(AudioFileError, match="cannot read"):
        read_audio(tmp_path / "file" / "a.wav")


def test_more_than_an_hour_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wav_decoding, "LONGEST_S", 2)
    write_wav(tmp_path / "a.wav", noise(2 * 16_000), 16_000)
    assert len(read_audio(tmp_path / "a.wav")) == 32_000

    write_wav(tmp_path / "a.wav", noise(2 * 16_000 + 1), 16_000)
    with pytest.raises(AudioFileError, match="minutes; at most 60 are read"):
        read_audio(tmp_path / "a.wav")


@pytest.mark.parametrize("rate_hz", [1, 3_999, 384_001])
def test_an_absurd_rate_is_refused(tmp_path: Path, rate_hz: int) -> None:
    write_wav(tmp_path / "a.wav", noise(100), rate_hz)

    with pytest.raises(AudioFileError, match=f"sampling rate of {rate_hz} Hz"):
        read_audio(tmp_path / "a.wav")


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match=r"cannot write .*: No such file or directory. Fix: choose a directory"):
        write_wav(tmp_path / "none" / "a.wav", noise(10), 16_000)


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_wav(tmp_path / "a.wav", noise(10), 16_000)

    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(AudioFileError, match="No space left on device"):
        write_wav(tmp_path / "a.wav", noise(20), 16_000)

    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]
    assert np.array_equal(read_audio(tmp_path / "a.wav"), noise(10))


@pytest.mark.parametrize("write", [lambda path: write_wav(path, noise(10), 16_000), read_audio])
def test_a_name_that_no_file_system_takes_is_refused(tmp_path: Path, write: Callable[[Path], object]) -> None:
    with pytest.raises(AudioFileError, match="File name too long"):
        write(tmp_path / ("x" * 300 + ".wav"))


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link.wav").symlink_to("target.wav")
    write_wav(tmp_path / "link.wav", noise(10), 16_000)
    assert (tmp_path / "link.wav").is_symlink()
    assert np.array_equal(read_audio(tmp_path / "target.wav"), noise(10))


def test_a_pipe_is_written_into_and_stays_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.wav")
    reader = os.open(tmp_path / "fifo.wav", os.O_RDONLY | os.O_NONBLOCK)
    write_wav(tmp_path / "fifo.wav", noise(100), 16_000)
    with os.fdopen(reader, "rb") as stream:
        assert len(stream.read()) == 44 + 200
    assert (tmp_path / "fifo.wav").is_fifo()
