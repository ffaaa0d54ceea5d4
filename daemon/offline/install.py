"""Fetches the model of the speech recogniser: `python -m daemon.offline.install FOLDER`."""

import os
import sys
from pathlib import Path
from typing import Final

from daemon.errors import PipitError
from daemon.fetch import PinnedFile, WheelMember, fetch
from daemon.offline.moonshine import DECODER_FILE, ENCODER_FILE
from daemon.offline.vocabulary import VOCABULARY_FILE

NOTICE: Final = (
    "The speech recogniser is Moonshine tiny (English) by Moonshine AI, MIT licence;"
    " it is taken from the package moonshine-voice 0.1.0."
)

_HOLDERS: Final = ("moonshine-voice==0.1.0", "moonshine-voice==0.0.73", "moonshine-voice==0.0.68")
"""Releases whose wheels carry the same three files, the smallest first (56 MB); from 0.1.1 on they carry no model."""

_PLATFORM: Final = "manylinux_2_34_x86_64"
"""One wheel for every machine: the wheels for aarch64 carry the same bytes."""

SPEECH_FILES: Final = tuple(
    PinnedFile(
        name,
        sha256,
        [WheelMember(holder, f"moonshine_voice/assets/tiny-en/{member}", _PLATFORM) for holder in _HOLDERS],
    )
    for name, member, sha256 in (
        (ENCODER_FILE, "encoder_model.ort", "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221"),
        (DECODER_FILE, "decoder_model_merged.ort", "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0"),
        (VOCABULARY_FILE, "tokenizer.bin", "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d"),
    )
)


def main(arguments: list[str]) -> int:
    """Bring the models into the folder that `arguments` name; the exit status."""
    if len(arguments) != 1:
        print("usage: python -m daemon.offline.install FOLDER", file=sys.stderr)
        return os.EX_USAGE
    try:
        if fetch(SPEECH_FILES, Path(arguments[0]), say=print):
            print(NOTICE)
    except PipitError as failure:
        print(failure, file=sys.stderr)
        return failure.exit_status
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
