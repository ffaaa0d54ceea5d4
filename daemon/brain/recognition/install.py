"""`python -m daemon.brain.recognition.install DIR`: fetches the recogniser's model into DIR, and checks it."""

import sys
from typing import Final

from daemon.brain.recognition.moonshine import DECODER_FILE, ENCODER_FILE
from daemon.brain.recognition.vocabulary import VOCABULARY_FILE
from daemon.fetch.command import Installer
from daemon.fetch.model_file import ModelFile, Wheel

NOTICE: Final = (
    "The speech recogniser is Moonshine tiny (English) by Moonshine AI, MIT licence;"
    " it is taken from the package moonshine-voice 0.1.0."
)

_HOLDERS: Final = tuple(
    # One wheel for every machine: the wheels for aarch64 carry the same bytes.
    Wheel(f"moonshine-voice=={version}", "moonshine_voice/assets", size_bytes, "manylinux_2_34_x86_64")
    for version, size_bytes in (("0.1.0", 56_369_045), ("0.0.73", 56_320_672), ("0.0.68", 85_793_492))
)
"""Releases whose wheels carry the same three files; from 0.1.1 on they carry no model."""

SPEECH_FILES: Final = tuple(
    ModelFile(file_name, size_bytes, sha256, "MIT", _HOLDERS, member=f"tiny-en/{member}")
    for file_name, member, size_bytes, sha256 in (
        (
            ENCODER_FILE,
            "encoder_model.ort",
            13_281_600,
            "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
        ),
        (
            DECODER_FILE,
            "decoder_model_merged.ort",
            30_412_256,
            "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
        ),
        (
            VOCABULARY_FILE,
            "tokenizer.bin",
            249_974,
            "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
        ),
    )
)

INSTALLER: Final = Installer("daemon.brain.recognition.install", NOTICE, SPEECH_FILES)

if __name__ == "__main__":
    sys.exit(INSTALLER.run())
