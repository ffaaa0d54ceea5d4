"""Small shell scripts that stand in for speaking programs, and what those write."""

import struct
from pathlib import Path


def program(folder: Path, script: str, name: str = "speaker") -> str:
    """An executable shell script."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def wav(samples: bytes, rate_hz: int = 16_000, channels: int = 1, bits: int = 16) -> bytes:
    frame = channels * bits // 8
    layout = struct.pack("<IHHIIHH", 16, 1, channels, rate_hz, rate_hz * frame, frame, bits)
    return b"RIFF" + bytes(4) + b"WAVEfmt " + layout + b"data" + struct.pack("<I", 0x7FFFF000) + samples


def voice(voices: Path, folder: str, name: str, language: str) -> None:
    """A voice of RHVoice, as its package lays it down."""
    about = voices / folder / "voice.info"
    about.parent.mkdir(parents=True)
    about.write_text(f"name={name}\nlanguage={language}\nsample_rate=24k\ngender=female\nformat=4\nrevision=0\n")
