"""Importing openWakeWord without what it needs only for training and downloading.

`import openwakeword` also imports scikit-learn and SciPy (for speaker verifiers), tqdm and requests (for downloads): a
second of CPU and 110 MB of memory here, for nothing that Pipit uses. Empty modules stand in for them during the import.
"""

import importlib
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from daemon.errors import ModelFileError
from daemon.sound.pcm import Samples

_STAND_INS: Mapping[str, tuple[str, ...]] = {
    "openwakeword.custom_verifier_model": ("train_custom_verifier",),
    "tqdm": ("tqdm",),
    "requests": (),
}

_importing = threading.Lock()


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
    with _importing, _stand_ins():
        try:
            return importlib.import_module("openwakeword.model")
        except ModuleNotFoundError as error:
            raise ModelFileError(
                f"the python package openwakeword cannot be imported: {error}",
                fix="run install.sh again, or pip install --no-deps openwakeword==0.6.0",
            ) from error


@contextmanager
def _stand_ins() -> Iterator[None]:
    """Empty modules in `sys.modules` for those not imported yet; afterwards they are gone again."""
    stand_ins = {}
    for name, attributes in _STAND_INS.items():
        if name not in sys.modules:
            stand_ins[name] = ModuleType(name)
            for attribute in attributes:
                setattr(stand_ins[name], attribute, None)
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]
