"""Importing openWakeWord without what it needs only for training and downloading.

`import openwakeword` also imports scikit-learn and SciPy (for speaker verifiers), tqdm and requests (for downloads),
multiprocessing (for training) and wave (for files): a second of CPU and 110 MB of memory here, for nothing that Pipit
uses. Empty modules stand in for them during the import.
"""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Protocol

from daemon.errors import ModelFileError
from daemon.sound.pcm import Samples
from hardware.stand_ins import stand_ins

_UNUSED: Final[Mapping[str, Mapping[str, Any]]] = {
    "openwakeword.custom_verifier_model": {},
    "tqdm": {},
    "requests": {},
    "multiprocessing": {},
    "multiprocessing.pool": {},
    "wave": {},
}


class Model(Protocol):
    """The part of `openwakeword.Model` that is used here; its keys are the model files' names without extension."""

    model_inputs: Mapping[str, int]
    preprocessor: Any

    def predict(self, x: Samples) -> Mapping[str, float]: ...


def load_model(paths: Sequence[Path]) -> Model:
    """`openwakeword.Model` over the classifiers in `paths`, still without a preprocessor: it would make its own."""
    module: Any = import_model_module()
    original = module.AudioFeatures
    module.AudioFeatures = lambda **_: None
    try:
        model: Model = module.Model(wakeword_models=[str(path) for path in paths], inference_framework="onnx")
    finally:
        module.AudioFeatures = original
    return model


def import_model_module() -> ModuleType:
    """`openwakeword.model`; raises ModelFileError if the package is not installed."""
    with stand_ins(_UNUSED):
        try:
            return importlib.import_module("openwakeword.model")
        except ModuleNotFoundError as error:
            raise ModelFileError(
                f"the python package openwakeword cannot be imported: {error}",
                fix="run install.sh again, or pip install --no-deps openwakeword==0.6.0",
            ) from error
