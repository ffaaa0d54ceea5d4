"""pip without a network, for the tests of the model installers."""

from pathlib import Path

import pytest


@pytest.fixture
def wheelhouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip takes wheels from, instead of an index."""
    folder = tmp_path / "wheelhouse"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


QUICK_PIP = """
import os, shutil, sys
from pathlib import Path

wanted, place = sys.argv[-1], sys.argv[sys.argv.index("--dest") + 1]
found = list(Path(os.environ["PIP_FIND_LINKS"]).glob(wanted.replace("==", "-") + "-*.whl"))
if not found:
    sys.exit(f"ERROR: No matching distribution found for {wanted}")
shutil.copy(found[0], place)
"""
"""Does of pip what is asked of it here, and says what it says, in a twentieth of the time."""


@pytest.fixture
def quick_wheelhouse(wheelhouse: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As `wheelhouse`, with a stand-in for pip, for what is not about pip itself (`test_sources.py` is)."""
    (wheelhouse.parent / "stand-in").mkdir()
    (wheelhouse.parent / "stand-in" / "pip.py").write_text(QUICK_PIP)
    monkeypatch.setenv("PYTHONPATH", str(wheelhouse.parent / "stand-in"))
    return wheelhouse
