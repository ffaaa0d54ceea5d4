"""Speech for the tests that hear: synthesised on the spot, so that they prove something on any machine."""

import pytest

from daemon.sound.pcm import Samples
from tests.daemon.wake.signals import spoken_in_a_quiet_room
from tests.daemon.wake.speech import SENTENCES, spoken


@pytest.fixture(scope="session")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Samples]:
    """`SENTENCES` as samples, without anything around."""
    folder = tmp_path_factory.mktemp("speech")
    return {name: spoken(name, text, folder).samples for name, text in SENTENCES.items()}


@pytest.fixture(scope="session")
def word_ends(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """Where the wake words end in `sentences`, in samples."""
    folder = tmp_path_factory.mktemp("speech")
    return {name: spoken(name, text, folder).word_end for name, text in SENTENCES.items()}


@pytest.fixture(scope="session")
def speech(sentences: dict[str, Samples]) -> Samples:
    """All of `SENTENCES`, with quiet noise before, between and after them."""
    return spoken_in_a_quiet_room(*sentences.values())
