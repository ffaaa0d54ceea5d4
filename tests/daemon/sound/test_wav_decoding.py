"""Files as other programs leave them: format by codec by damage, and what is read of each. All are made on the spot."""

import io
import os
import struct
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]
from numpy.typing import NDArray

from daemon.errors import AudioFileError
from daemon.sound.wav import Recording, decode_audio, read_recording
from tests.daemon.sound.signals import db, rms, sinad_db, sine

RATE_HZ = 16_000
TONE = sine(500, RATE_HZ)
"""A second; its level and its purity say whether what is read is what was written."""

Bytes = bytes | bytearray


def sound(kind: str, subtype: str, *, channels: int = 1, rate_hz: int = RATE_HZ, seconds: int = 1) -> bytearray:
    tone = np.tile(sine(500, rate_hz), seconds) / 32_768
    file = io.BytesIO()
    if kind in {"MP3", "SD2"}:  # soundfile writes these by name alone
        raise NotImplementedError
    soundfile.write(file, np.stack([tone] * channels, axis=1), rate_hz, format=kind, subtype=subtype)
    return bytearray(file.getvalue())


def wave(
    data: Bytes,
    *,
    size: int | None = None,
    riff: int | None = None,
    bits: int = 16,
    align: int = 2,
    channels: int = 1,
    before: bytes = b"",
) -> bytes:
    """A WAV with what the header says chosen freely."""
    head = struct.pack("<HHIIHH", 1, channels, RATE_HZ, RATE_HZ * align, align, bits)
    body = b"fmt " + struct.pack("<I", 16) + head + before
    body += b"data" + struct.pack("<I", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", 4 + len(body) if riff is None else riff) + b"WAVE" + body


def patched(data: Bytes, at: int, patch: bytes) -> bytes:
    return bytes(data[:at]) + patch + bytes(data[at + len(patch) :])


PCM = TONE.tobytes()
LIST = b"LIST" + struct.pack("<I", 26) + b"INFOISFT" + struct.pack("<I", 14) + b"Lavf61.1.100\0\0"
UNKNOWN = 0xFFFF_FFFF
LOW_24 = (TONE.astype("<i4") << 8).tobytes()
HIGH_24 = (TONE.astype("<i4") << 16).tobytes()
UNSIGNED_24 = ((TONE.astype("<i4") << 8) & 0xFF_FFFF).tobytes()


def rf64(data: Bytes, sizes: tuple[int, int]) -> bytes:
    return patched(data, data.find(b"ds64") + 8, struct.pack("<QQ", *sizes))


def aiff_killed() -> bytes:
    data = bytes(sound("AIFF", "PCM_16"))
    data = patched(data, data.find(b"SSND") + 4, bytes(4))
    return patched(patched(data, data.find(b"COMM") + 10, bytes(4)), 4, bytes(4))


def aiff_flushed(sound_bytes: int) -> bytes:
    """Its header was written once, when so many bytes had come."""
    data = bytes(sound("AIFF", "PCM_16"))
    data = patched(data, data.find(b"SSND") + 4, struct.pack(">I", 8 + sound_bytes))
    return patched(data, data.find(b"COMM") + 10, struct.pack(">I", sound_bytes // 2))


def rifx(size: int) -> bytes:
    head = struct.pack(">HHIIHH", 1, 1, RATE_HZ, RATE_HZ * 2, 2, 16)
    body = b"fmt " + struct.pack(">I", 16) + head + b"data" + struct.pack(">I", size) + TONE.astype(">i2").tobytes()
    return b"RIFX" + struct.pack(">I", 36 + size) + b"WAVE" + body


def caf(length: int) -> bytes:
    data = sound("CAF", "PCM_16")
    return patched(data, data.find(b"data") + 4, struct.pack(">q", length))


def flac(*, known: bool = True) -> bytes:
    data = sound("FLAC", "PCM_16")
    return bytes(data) if known else patched(patched(data, 21, bytes([data[21] & 0xF0])), 22, bytes(4))


WHOLE: dict[str, Callable[[], Bytes]] = {
    # WAV, as its recorders and editors leave it
    "size 0, the recorder was killed": lambda: wave(PCM, size=0, riff=36),
    "size 0, nothing was ever told": lambda: wave(PCM, size=0, riff=0),
    "size 0 behind a list": lambda: wave(PCM, size=0, riff=0, before=LIST),
    "size unknown, from a pipe": lambda: wave(PCM, size=UNKNOWN, riff=UNKNOWN),
    "size unknown behind a list, as ffmpeg streams": lambda: wave(PCM, size=UNKNOWN, riff=UNKNOWN, before=LIST),
    "size of 2 GB, as arecord streams": lambda: wave(PCM, size=0x8000_0000, riff=0x8000_0024),
    "size of 2 GB less one, as sox streams": lambda: wave(PCM, size=0x7FFF_FFFF, riff=0x7FFF_FFFF),
    "size of the first flush alone": lambda: wave(PCM, size=4_000, riff=4_036),
    "riff size alone is wrong": lambda: wave(PCM, riff=36),
    "a list before": lambda: wave(PCM, before=LIST),
    "a list behind": lambda: wave(PCM) + LIST,
    "rubbish behind": lambda: wave(PCM, riff=36 + len(PCM)) + b"\0\0\0",
    "24 bits in 32, as arecord -f S24_LE up to 1.2.9 writes": lambda: wave(LOW_24, bits=24, align=4),
    "24 bits in 32, as arecord -f S24_LE since 1.2.10 writes": lambda: wave(LOW_24, bits=32, align=4),
    "24 bits in 32, no sign above": lambda: wave(UNSIGNED_24, bits=32, align=4),
    "24 bits in 32, left": lambda: wave(HIGH_24, bits=24, align=4),
    "32 bits of a 24-bit card": lambda: wave(HIGH_24, bits=32, align=4),
    "24 bits in 32, killed": lambda: wave(LOW_24, bits=24, align=4, size=0, riff=36),
    **{
        f"wav {subtype}": lambda subtype=subtype: sound("WAV", subtype)  # type: ignore[misc]
        for subtype in ("PCM_24", "PCM_32", "FLOAT", "DOUBLE", "GSM610", "G721_32", "NMS_ADPCM_24", "NMS_ADPCM_32")
    },
    "wav of 12 channels": lambda: sound("WAV", "PCM_16", channels=12),
    "wavex": lambda: sound("WAVEX", "PCM_16"),
    "rf64": lambda: sound("RF64", "PCM_16"),
    "rf64, killed": lambda: rf64(sound("RF64", "PCM_16"), (0, 0)),
    "rf64 of too much": lambda: rf64(sound("RF64", "PCM_16"), (1 << 40, 1 << 40)),
    "w64": lambda: sound("W64", "PCM_16"),
    "w64 GSM610": lambda: sound("W64", "GSM610"),
    # Others
    **{
        f"{kind} {subtype}".lower(): lambda kind=kind, subtype=subtype: sound(kind, subtype)  # type: ignore[misc]
        for kind, subtype in [
            ("AIFF", "PCM_S8"),
            ("AIFF", "GSM610"),
            ("AIFF", "DWVW_16"),
            ("AIFF", "DWVW_24"),
            ("AU", "ULAW"),
            ("AU", "G721_32"),
            ("AU", "G723_24"),
            ("AU", "G723_40"),
            ("CAF", "ALAC_16"),
            ("CAF", "ALAW"),
            ("FLAC", "PCM_S8"),
            ("FLAC", "PCM_24"),
            ("OGG", "VORBIS"),
            ("OGG", "OPUS"),
            ("VOC", "PCM_16"),
            ("NIST", "PCM_16"),
            ("IRCAM", "PCM_16"),
            ("SVX", "PCM_16"),
            ("PAF", "PCM_16"),
            ("PVF", "PCM_16"),
            ("MAT4", "PCM_16"),
            ("MAT5", "PCM_16"),
            ("HTK", "PCM_16"),
            ("AVR", "PCM_16"),
            ("MPC2K", "PCM_16"),
        ]
    },
    "wve alaw": lambda: sound("WVE", "ALAW", rate_hz=8_000),  # it has no other rate
    "xi dpcm_16": lambda: sound("XI", "DPCM_16", rate_hz=44_100),
    "xi dpcm_8": lambda: sound("XI", "DPCM_8", rate_hz=44_100),
    "aiff, killed": aiff_killed,
    "aiff, killed before its first sound": lambda: aiff_flushed(0),
    "aiff of the first flush alone": lambda: aiff_flushed(4_000),
    "rifx": lambda: rifx(len(PCM)),
    "rifx, killed": lambda: rifx(0),
    "flac of the first flush alone": lambda: patched(flac(), 22, struct.pack(">I", 4_000)),
    "au of unknown size": lambda: patched(sound("AU", "PCM_16"), 8, struct.pack(">I", UNKNOWN)),
    "au, killed": lambda: patched(sound("AU", "PCM_16"), 8, bytes(4)),
    "caf of unknown size": lambda: caf(-1),
    "caf, killed": lambda: caf(0),
    "caf of too much": lambda: caf(1 << 40),
    "flac of unknown length": lambda: flac(known=False),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sounds")


def is_the_tone(samples: NDArray[np.int16], *, clean_db: float = 15) -> bool:
    at_level = abs(db(rms(samples[1_600:14_400]) / rms(TONE))) < 1.0
    return at_level and bool(sinad_db(samples[:16_000], 500, RATE_HZ) > clean_db)


@pytest.mark.parametrize("what", WHOLE)
def test_all_of_it_is_read_whatever_its_header_says(folder: Path, what: str) -> None:
    path = folder / f"{what}.audio"
    path.write_bytes(WHOLE[what]())

    recording = read_recording(path)

    assert abs(len(recording.samples) - RATE_HZ) < 800  # codecs come in blocks
    assert is_the_tone(recording.samples)
    assert not recording.silence


@pytest.mark.parametrize("what", [name for name in WHOLE if name.startswith("24 bits in 32, as arecord")])
def test_it_is_said_that_24_bits_were_found(folder: Path, what: str) -> None:
    (folder / "s24.wav").write_bytes(WHOLE[what]())
    (remark,) = read_recording(folder / "s24.wav").remarks
    assert remark.endswith("s24.wav holds 24 bits in 32, as `arecord -f S24_LE` writes them: it is read so")


def test_a_loud_32_bit_file_stays_as_it_is(folder: Path) -> None:
    samples = np.array([0, 1, -1, 1 << 24, -(1 << 24), (1 << 31) - 1, -(1 << 31)] * 1_000, "<i4")
    (folder / "loud.wav").write_bytes(wave(samples.tobytes(), bits=32, align=4))
    assert set(read_recording(folder / "loud.wav").samples.tolist()) == {0, 256, -256, 32_767, -32_768}


def test_an_mp3_is_read(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.mp3", TONE, RATE_HZ)
    assert is_the_tone(read_recording(tmp_path / "a.mp3").samples[1_000:])


@pytest.mark.parametrize("second", [b"OggS" + bytes(23), bytes(sound("OGG", "VORBIS"))[:58]], ids=["rubbish", "cut"])
def test_a_chained_ogg_whose_second_part_cannot_be_read_is_read_as_far_as_it_goes(
    tmp_path: Path, second: bytes
) -> None:
    (tmp_path / "o.ogg").write_bytes(sound("OGG", "VORBIS") + b"OggS\0\2" + second[6:])
    recording = read_recording(tmp_path / "o.ogg")
    assert is_the_tone(recording.samples)
    assert recording.remarks == (f"{tmp_path / 'o.ogg'} is damaged: a part of it cannot be read",)


@pytest.mark.parametrize("seconds", [1, 2, 3, 4])
def test_what_comes_before_an_error_is_kept_however_the_rest_of_a_block_is_left(tmp_path: Path, seconds: int) -> None:
    whole = sound("FLAC", "PCM_16", seconds=seconds)
    (tmp_path / "twice.flac").write_bytes(whole + whole)
    recording = read_recording(tmp_path / "twice.flac")
    assert np.array_equal(recording.samples[: seconds * RATE_HZ], np.tile(TONE, seconds))
    assert len(recording.remarks) == 1


def test_both_parts_of_a_chained_ogg_are_read(tmp_path: Path) -> None:
    once = bytes(sound("OGG", "VORBIS"))
    (tmp_path / "a.ogg").write_bytes(once + bytes(sound("OGG", "VORBIS", rate_hz=48_000)))
    samples = read_recording(tmp_path / "a.ogg").samples
    assert abs(len(samples) - 2 * RATE_HZ) < 300
    assert is_the_tone(samples[:RATE_HZ])
    assert is_the_tone(samples[RATE_HZ:])


@pytest.mark.parametrize("kind", [["-e", "a-law"], ["-e", "ms-adpcm"], ["-e", "gsm"], ["-b", "24"], ["-b", "8"]])
def test_what_sox_streams_is_read(tmp_path: Path, kind: list[str]) -> None:
    """Into a pipe it cannot go back, so that the length in its header is none."""
    (tmp_path / "tone.wav").write_bytes(wave(PCM))
    sox = ["sox", tmp_path / "tone.wav", *kind, "-t", "wav", "-"]
    streamed = subprocess.run(sox, capture_output=True, check=True).stdout
    (tmp_path / "a.wav").write_bytes(streamed)
    assert is_the_tone(read_recording(tmp_path / "a.wav").samples)


# Damage

PARTS: dict[str, tuple[Callable[[], Bytes], float, bool]] = {
    "wav cut short": (lambda: wave(PCM)[: 44 + 16_000], 0.5, False),
    "wav cut within a sample": (lambda: wave(PCM)[: 44 + 16_001], 0.5, False),
    "wav of size 0, cut within a sample": (lambda: wave(PCM, size=0, riff=36)[: 44 + 16_001], 0.5, False),
    "flac cut short": (lambda: sound("FLAC", "PCM_16")[:8_000], 0.25, True),
    "flac of unknown length cut short": (lambda: flac(known=False)[:8_000], 0.25, True),
    "ogg cut short": (lambda: sound("OGG", "VORBIS", seconds=20)[:-2_000], 10, False),
    "caf cut short": (lambda: sound("CAF", "PCM_16")[:-16_000], 0.5, False),
    "aiff cut short": (lambda: sound("AIFF", "PCM_16")[:-16_000], 0.5, False),
}


@pytest.mark.parametrize("what", PARTS)
def test_what_comes_before_the_damage_is_read_and_told(folder: Path, what: str) -> None:
    make, at_least_s, told = PARTS[what]
    path = folder / "part.audio"
    path.write_bytes(make())

    recording = read_recording(path)

    assert len(recording.samples) >= at_least_s * RATE_HZ - 2
    assert is_the_tone(np.resize(recording.samples[: int(at_least_s * RATE_HZ) // 320 * 320], RATE_HZ), clean_db=10)
    assert bool(recording.remarks) is told
    assert all("is damaged after 0." in remark for remark in recording.remarks)


REFUSED: dict[str, tuple[Callable[[], Bytes], str]] = {
    "header alone": (lambda: wave(b""), "holds no sound. Fix: record it again"),
    "header alone, killed": (lambda: wave(b"", size=0, riff=0), "holds no sound. Fix: record it again"),
    "no data but a list": (lambda: wave(b"") + LIST, "holds no sound. Fix: record it again"),
    "half a sample": (lambda: wave(b"\0"), "holds no sound"),
    "flac without a frame": (lambda: sound("FLAC", "PCM_16")[:60], "is damaged from its beginning|is not a sound file"),
    "ogg without a page of sound": (lambda: sound("OGG", "VORBIS")[:3_000], "is not a sound file that can be read"),
    "a wav without fmt": (lambda: b"RIFF\x24\0\0\0WAVEdata\x10\0\0\0" + bytes(16), "is not a sound file"),
    "riff of something else": (lambda: b"RIFF\x24\0\0\0AVI LIST\x10\0\0\0" + bytes(16), "is not a sound file"),
    "a letter": (lambda: b"Dear all,\n" * 100, "is not a sound file that can be read. Fix: convert it to WAV"),
    "an mp4": (lambda: b"\0\0\0\x18ftypmp42" + bytes(64), "is not a sound file that can be read"),
    "of a rate of 1 Hz": (lambda: patched(wave(PCM), 24, struct.pack("<I", 1)), "has a sampling rate of 1 Hz; 4000 to"),
    "nothing": (lambda: b"", "is empty. Fix: record it again"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_holds_no_sound_is_refused_in_a_sentence(folder: Path, what: str) -> None:
    make, sentence = REFUSED[what]
    (folder / "refused.audio").write_bytes(make())
    with pytest.raises(AudioFileError, match=rf"refused\.audio ({sentence})"):
        read_recording(folder / "refused.audio")


# What becomes silence


def stereo(left: NDArray[np.int16], right: NDArray[np.int16]) -> bytes:
    return wave(np.stack([left, right], axis=1).astype("<i2").tobytes(), align=4, channels=2)


SILENT = {
    "zeros": (lambda: wave(bytes(32_000)), "is silent"),
    "a constant": (lambda: wave(np.full(16_000, 900, "<i2").tobytes()), "is silent"),
    "noise of the last bit": (lambda: wave((np.arange(16_000) % 3 - 1).astype("<i2").tobytes()), "is silent"),
    "no numbers": (lambda: floats(np.full(16_000, np.nan)), "is silent"),
    "opposite phase": (lambda: stereo(TONE, -TONE), "the channels of .* cancel each other out"),
    "opposite phase, nearly": (lambda: stereo(TONE, (-0.98 * TONE).astype(np.int16)), "the channels of .* cancel"),
}


def floats(values: NDArray[np.float64]) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, values, RATE_HZ, format="WAV", subtype="FLOAT")
    return file.getvalue()


@pytest.mark.parametrize("what", SILENT)
def test_what_becomes_silence_is_told(folder: Path, what: str) -> None:
    make, sentence = SILENT[what]
    (folder / "silent.wav").write_bytes(make())
    recording = read_recording(folder / "silent.wav")
    with pytest.raises(AudioFileError, match=rf"{sentence}.* Fix: .*--anyway sends it as it is"):
        recording.audible()
    assert len(recording.samples) == RATE_HZ


@pytest.mark.parametrize(
    "make",
    [
        lambda: stereo(TONE, TONE),
        lambda: stereo(TONE, 0 * TONE),
        lambda: stereo(TONE, (TONE * -0.5).astype(np.int16)),
        lambda: wave((TONE // 200).tobytes()),
        lambda: wave(bytes(320_000) + PCM),
    ],
    ids=["both", "left alone", "opposed, but not equal", "quiet", "late"],
)
def test_what_can_be_heard_is_not_called_silent(folder: Path, make: Callable[[], bytes]) -> None:
    (folder / "heard.wav").write_bytes(make())
    recording = read_recording(folder / "heard.wav")
    assert recording.audible() is recording.samples


# Pipes


def test_a_fifo_is_read_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    writer = threading.Thread(target=(tmp_path / "fifo").write_bytes, args=(wave(PCM, size=0, riff=0),))
    writer.start()
    samples = read_recording(tmp_path / "fifo").samples
    writer.join()
    assert np.array_equal(samples, TONE)


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG"])
def test_a_pipe_is_read_to_its_end(kind: str) -> None:
    reader, writer = os.pipe()
    data = bytes(sound(kind, "VORBIS" if kind == "OGG" else "PCM_16"))

    def write() -> None:
        with os.fdopen(writer, "wb") as stream:
            stream.write(data)

    thread = threading.Thread(target=write)
    thread.start()
    with os.fdopen(reader, "rb") as stream:
        recording = decode_audio("standard input", stream)
    thread.join()
    assert isinstance(recording, Recording)
    assert is_the_tone(recording.samples)


def test_the_table_is_long_enough() -> None:
    assert len(WHOLE) + len(PARTS) + len(REFUSED) + len(SILENT) >= 80
