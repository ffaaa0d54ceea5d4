"""What every test may use: the recordings of real voices where this checkout has them."""

import gc
import logging
import os
import signal
import sys
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.bookkeeping import share_hooks, share_places
from tests.repetition import THOROUGH
from tests.workers import OwnShares, share_files, speak_little

if TYPE_CHECKING:
    from daemon.brain.recognition.recogniser import Recogniser

ROOT = Path(__file__).parents[1]

# As ./install.sh test has it: many tests start Pipit as a process, and each would compile it anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

collect_ignore = ["benchmarks"]
"""What asserts cost or time is run by hand, by `./install.sh bench`; naming the folder collects it."""

settings.register_profile("usual", max_examples=25)
if not THOROUGH:
    settings.load_profile("usual")


def recordings_folder() -> Path:
    """`PIPIT_RECORDINGS`, else the one in a folder beside the checkout, which only the developers' machines have."""
    beside = sorted(ROOT.parent.glob("*/audio/INDEX.md"))
    return Path(os.environ.get("PIPIT_RECORDINGS") or (beside[0].parent if beside else ROOT / "recordings"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without the recordings, skip what needs them; where `PIPIT_REQUIRE_RECORDINGS` is set (CI), fail instead."""
    if recordings_folder().is_dir():
        return
    if os.environ.get("PIPIT_REQUIRE_RECORDINGS"):
        raise pytest.UsageError("the recordings of real voices are missing (set PIPIT_RECORDINGS to their folder)")
    skip = pytest.mark.skip(reason="the recordings of real voices are not part of a clone (set PIPIT_RECORDINGS)")
    for item in items:
        if "recordings" in item.keywords or "recordings" in getattr(item, "fixturenames", ()):
            item.add_marker(skip)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays: no collection of garbage needs to look at it, then or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(100_000, 20, 10)  # a test leaves little behind: to look seldom takes a tenth less


def pytest_collection_finish(session: pytest.Session) -> None:
    share_hooks(session)
    share_places(session.items)


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of recordings; tests that ask for it are skipped where there is none."""
    return recordings_folder()


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder that `install.sh` put the model files into."""
    return Path(os.environ.get("PIPIT_MODELS", ROOT / "models"))


@pytest.fixture(scope="session")
def recogniser(models: Path) -> "Recogniser":
    """What hears English, loaded once: that takes a second."""
    from daemon.brain.recognition.recogniser import Recogniser

    return Recogniser(models)


@pytest.fixture(scope="session")
def remembering_recogniser(recogniser: "Recogniser") -> "Recogniser":
    """The same for brains, which ask it again in one test what it has heard in another."""
    from tests.networks import RememberingRecogniser

    return RememberingRecogniser(recogniser)  # type: ignore[return-value]


def pytest_configure(config: pytest.Config) -> None:
    speak_little(config)
    share_files(config)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> OwnShares:
    return OwnShares(config, log)  # type: ignore[arg-type]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Each test begins as at a terminal, and with nothing said of how much is logged.

    nohup has hangups ignored; a command run in the process of the tests takes Ctrl-C for itself, and sets levels.
    """
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("daemon", "hardware"):
        if (logger := logging.getLogger(name)).level:  # to set one has each logger forget what it knows
            logger.setLevel(logging.NOTSET)
