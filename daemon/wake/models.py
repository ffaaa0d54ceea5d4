"""The model files: what they are called, how to know them, whose they are, and what is known about each wake word.

None is part of Pipit. `daemon.wake.install` fetches them; the SHA-256 are those of openWakeWord's release v0.5.1 (its
later releases contain no models) and of the silero-vad 6.2.3 wheel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from daemon.errors import ModelFileError
from daemon.fetch.model_file import ModelFile, Wheel, is_installed
from daemon.files import LARGEST_MODEL_BYTES, FileTrouble, check_regular

RELEASE_URL: Final = "https://github.com/dscripka/openWakeWord/releases/download/v0.5.1"

STREAMING_EMBEDDING: Final = "embedding_hops.onnx"
"""Derived from `EMBEDDING` at installation; its hash depends on the onnx package's version, so none is pinned.

Releases before had another form of it in a file of another name, which stays: who rolls back needs it."""


@dataclass(frozen=True, slots=True)
class WakeWord:
    """A wake word model, and how its scores run.

    `consecutive` hops over the threshold make a detection. A hit has 10 of them (p10: 7): two lose nothing and drop
    chance noise; "alexa" had 3 false alarms in 5 h with two and 2 with three, and still 250 of 253 hits.
    `longest_lag_ms` is the longest time from the end of the spoken word to the end of the first such hop.
    """

    name: str
    file: ModelFile | None
    consecutive: int = 2
    longest_lag_ms: int = 400


_OPENWAKEWORD = Wheel("openwakeword==0.5.1", "openwakeword/resources/models", 16_669_337)
_SILERO = Wheel("silero-vad==6.2.3", "silero_vad/data", 11_317_527)
_NON_COMMERCIAL, _APACHE, _MIT = "CC BY-NC-SA 4.0", "Apache-2.0", "MIT"


def _openwakeword(file_name: str, size_bytes: int, sha256: str, licence: str = _NON_COMMERCIAL) -> ModelFile:
    return ModelFile(file_name, size_bytes, sha256, licence, (_OPENWAKEWORD,), f"{RELEASE_URL}/{file_name}")


MELSPECTROGRAM: Final = _openwakeword(
    "melspectrogram.onnx",
    1_087_958,
    "ba2b0e0f8b7b875369a2c89cb13360ff53bac436f2895cced9f479fa65eb176f",
    _APACHE,
)
"""Not run by Pipit, which computes it in numpy, but by the package it is compared with."""

EMBEDDING: Final = _openwakeword(
    "embedding_model.onnx",
    1_326_578,
    "70d164290c1d095d1d4ee149bc5e00543250a7316b59f31d056cff7bd3075c1f",
    _APACHE,
)

SILERO_VAD: Final = ModelFile(
    "silero_vad_16k_op15.onnx",
    1_289_603,
    "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49",
    _MIT,
    (_SILERO,),
)


# The lags: recordings of "alexa" (237: at most 171 ms) and "jarvis" (34, at several alignments: 357 ms), and sentences
# by four voices of flite that go on without a pause (391 ms); few recordings of the other two, hence the allowance.
WAKE_WORDS: Final = {
    word.name: word
    for word in (
        WakeWord(
            "hey_jarvis",
            _openwakeword(
                "hey_jarvis_v0.1.onnx", 1_271_370, "94a13cfe60075b132f6a472e7e462e8123ee70861bc3fb58434a73712ee0d2cb"
            ),
        ),
        WakeWord(
            "alexa",
            _openwakeword(
                "alexa_v0.1.onnx", 854_246, "6ff566a01d12670e8d9e3c59da32651db1575d17272a601b7f8a39283dfbae3e"
            ),
            consecutive=3,
            longest_lag_ms=200,
        ),
        WakeWord(
            "hey_mycroft",
            _openwakeword(
                "hey_mycroft_v0.1.onnx", 857_691, "c2a311e8fa1338de89c31b3b46dc4dffd4af2f9a8d6ddead48893c2d301b1f18"
            ),
            longest_lag_ms=200,
        ),
        WakeWord(
            "hey_rhasspy",
            _openwakeword(
                "hey_rhasspy_v0.1.onnx", 204_081, "5a9b3ed3be2910e35780e097905aa9f35a9c10038df47914cf2b3ec4d670f6ea"
            ),
            longest_lag_ms=200,
        ),
    )
}

MODEL_FILES: Final = (
    MELSPECTROGRAM,
    EMBEDDING,
    *(word.file for word in WAKE_WORDS.values() if word.file),
    SILERO_VAD,
)


def wake_word(name_or_path: str) -> WakeWord:
    """What is known about a wake word: the table's row, or for a user's own model its file's name and cautious values.

    Raises ModelFileError for a name that is not in the table.
    """
    if _is_path(name_or_path):
        return WakeWord(Path(name_or_path).stem, None)
    word = WAKE_WORDS.get(name_or_path)
    if word is None:
        import difflib  # only when there is something to be told

        near = difflib.get_close_matches(name_or_path, WAKE_WORDS, 1)
        guess = f"; did you mean {near[0]}?" if near else ""
        raise ModelFileError(
            f"there is no wake word {name_or_path!r}{guess}",
            fix=f"use one of {', '.join(WAKE_WORDS)}, or the absolute path of an .onnx file",
        )
    return word


def check_words(names: Sequence[str], models_dir: Path) -> dict[str, Path]:
    """The model file of each wake word, looked at as far as the engine would stumble over it. Raises ModelFileError.

    A user's own is opened, for which onnxruntime is loaded; the others are known by what is in them.
    """
    paths = {name: model_path(name, models_dir) for name in names}
    _check_distinct([*paths.values()])
    for name, path in paths.items():
        if wake_word(name).file is None:
            from daemon.wake.own_model import check_own_model

            check_own_model(path)
    return paths


def _check_distinct(paths: Sequence[Path]) -> None:
    """openWakeWord knows its models by the names of their files."""
    if not paths:
        raise ModelFileError("no wake word is configured", fix="name at least one in [wake] models")
    stems = [path.stem for path in paths]
    for stem in stems:
        if stems.count(stem) > 1:
            raise ModelFileError(f"two wake word models have the file name {stem}.onnx", fix="rename one of them")


def model_path(name_or_path: str, models_dir: Path) -> Path:
    """The checked model file of a wake word; raises ModelFileError if it is unknown, missing or not the right one."""
    word = wake_word(name_or_path)
    return installed(word.file, models_dir) if word.file else _own_model(Path(name_or_path))


def installed(file: ModelFile, models_dir: Path) -> Path:
    """The path of `file` in `models_dir`; raises ModelFileError if it is missing or not what it should be."""
    path = models_dir / file.file_name
    if trouble := _trouble(path):
        raise ModelFileError(f"the model file {path} {trouble}", fix=_reinstall(models_dir))
    if not is_installed(file, models_dir):
        raise ModelFileError(
            f"{path} is not the file that was published (its SHA-256 differs)", fix=_reinstall(models_dir)
        )
    return path


def _is_path(name_or_path: str) -> bool:
    return "/" in name_or_path or name_or_path.endswith((".onnx", ".tflite"))


def _own_model(path: Path) -> Path:
    if path.suffix != ".onnx":
        raise ModelFileError(f"the wake word model {path} is no .onnx file", fix="export it as ONNX; only that is run")
    if not path.is_absolute():
        raise ModelFileError(f"the path of the wake word model {path} is relative", fix="give the absolute path")
    if trouble := _trouble(path):
        raise ModelFileError(f"the wake word model {path} {trouble}", fix="correct its path in [wake] models")
    return path


def _trouble(path: Path) -> str:
    """Why it is no file that can be opened; empty if it is one."""
    try:
        check_regular(path, LARGEST_MODEL_BYTES)
    except FileTrouble as trouble:
        return trouble.what
    return ""


def _reinstall(models_dir: Path) -> str:
    return f"run install.sh again, or python -m daemon.wake.install {models_dir}"
