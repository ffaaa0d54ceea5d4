import subprocess
import sys
from pathlib import Path

import pytest

from daemon.errors import ModelFileError
from daemon.wake.models import model_path
from daemon.wake.package import import_model_module, load_model

PROOF = """
import sys, types
from daemon.wake.package import import_model_module
tqdm = sys.modules["tqdm"] = types.ModuleType("tqdm")
tqdm.tqdm = "somebody else's"
module = import_model_module()
heavy = {"sklearn", "scipy", "requests", "multiprocessing", "wave", "openwakeword.custom_verifier_model"}
assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()
assert sys.modules["tqdm"] is tqdm, "what was there before stays"
"""


def test_imports_nothing_heavy_and_leaves_no_stand_ins() -> None:
    subprocess.run([sys.executable, "-c", PROOF], check=True, timeout=60)


def test_loads_classifiers_and_leaves_the_package_as_it_was(models: Path) -> None:
    module = import_model_module()
    stock = module.AudioFeatures
    model = load_model([model_path("alexa", models), model_path("hey_jarvis", models)])
    assert model.model_inputs == {"alexa_v0.1": 16, "hey_jarvis_v0.1": 16}
    assert module.AudioFeatures is stock


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openwakeword.model", None)
    with pytest.raises(ModelFileError, match=r"openwakeword cannot be imported.*Fix: run install\.sh again"):
        import_model_module()
