"""What every test may use: the recordings of real voices where this checkout has them."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _recordings_folder() -> Path:
    """`PIPIT_RECORDINGS`, else the folder beside the checkout that only the developers' machines have."""
    return Path(os.environ.get("PIPIT_RECORDINGS", ROOT.parent / "shared" / "audio"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if _recordings_folder().is_dir():
        return
    skip = pytest.mark.skip(reason="the recordings of real voices are not part of a clone (set PIPIT_RECORDINGS)")
    for item in items:
        if "recordings" in item.keywords or "recordings" in getattr(item, "fixturenames", ()):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of recordings; tests that ask for it are skipped where there is none."""
    return _recordings_folder()


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder that `install.sh` put the model files into."""
    return Path(os.environ.get("PIPIT_MODELS", ROOT / "models"))
