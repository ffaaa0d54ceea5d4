"""`python -m daemon.wake.install DIR`: fetches the model files into DIR, checks them, derives the streaming embedding.

What is already there and right stays; what is fetched appears under its name only when it is whole and checked.
"""

import sys
from pathlib import Path
from typing import Final

from daemon.errors import ModelFileError
from daemon.fetch.command import Installer
from daemon.fetch.fetching import Tell
from daemon.fetch.placing import write
from daemon.wake import streaming
from daemon.wake.models import EMBEDDING, MODEL_FILES, STREAMING_EMBEDDING

NOTICE: Final = """\
Pipit uses model files that other people made; they are fetched now and are not part of Pipit:
  wake words (hey_jarvis, alexa, hey_mycroft, hey_rhasspy) by openWakeWord: CC BY-NC-SA 4.0, not for commercial use
  speech embedding by Google, log mel spectrogram by openWakeWord: Apache-2.0
  voice activity (Silero VAD): MIT"""


def install_streaming_embedding(directory: Path, tell: Tell) -> None:
    """Derive the streaming embedding network if it is not there, is of an earlier form, or computes something else."""
    original, path = directory / EMBEDDING.file_name, directory / STREAMING_EMBEDDING
    if _is_equivalent(original, path):
        tell(f"{STREAMING_EMBEDDING}: equal to the original")
        return

    def derive(temporary: Path) -> None:
        streaming.derive(original, temporary)
        if not _is_equivalent(original, temporary):
            raise ModelFileError(
                f"the streaming network made of {original} does not compute the same",
                fix="install the onnx version that Pipit's requirements name",
            )

    write(path, derive)
    tell(f"{STREAMING_EMBEDDING}: derived, equal to the original")


def _is_equivalent(original: Path, path: Path) -> bool:
    try:
        return streaming.difference(original, path) <= streaming.TOLERANCE
    except ModelFileError:
        return False


INSTALLER: Final = Installer("daemon.wake.install", NOTICE, MODEL_FILES, install_streaming_embedding)

if __name__ == "__main__":
    sys.exit(INSTALLER.run())
