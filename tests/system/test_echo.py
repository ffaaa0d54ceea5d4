"""The wake word over a loud reply, and in one: heard from a person, never from Pipit itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from daemon.sound.echo.speexdsp import NoEchoLibrary, open_library
from daemon.sound.pcm import REPLY_RATE_HZ, Samples, silence
from daemon.sound.resample import resample
from tests.daemon.sound.signals import rms
from tests.daemon.wake.speech import SENTENCES, spoken
from tests.repetition import THOROUGH
from tests.system.kitchen import MICROPHONE, Kitchen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Making = Callable[..., Kitchen]

STORY: Final = (
    "once upon a time there was a small house at the edge of a wide forest, and in that house lived a woman who "
    "could make bread that nobody ever forgot. every morning, long before the sun came up, she went down to the river"
)
TIMES: Final = 4 if THOROUGH else 2
"""How often a reply says the word."""

LOUD: Final = 0.5
"""How loud the microphone hears what is played, beside a voice."""


@pytest.fixture
def making(models: Path) -> Making:
    try:
        open_library()
    except NoEchoLibrary as error:
        pytest.skip(error.message)
    return lambda *, gain=LOUD, **others: Kitchen(models, gain=gain, **others)


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return spoken("hey_jarvis", SENTENCES["hey_jarvis"], tmp_path_factory.mktemp("word")).samples // 2


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """As a reply comes, half a minute of it."""
    said = spoken("neither", STORY, tmp_path_factory.mktemp("story")).samples // 2
    return np.resize(resample(said, 16_000, REPLY_RATE_HZ), 30 * REPLY_RATE_HZ)


def tell(kitchen: Kitchen, *parts: Samples) -> None:
    for part in parts:
        kitchen.playout.play_sound(part)


def over_a_story(kitchen: Kitchen, word: Samples, story: Samples) -> int:
    """How many of three words are heard that are said over the story."""
    tell(kitchen, story)
    kitchen.live(8)
    return sum(kitchen.live(6, word) for _ in range(3))


def test_a_word_over_a_loud_reply_is_heard_with_the_echo_taken_out_alone(
    making: Making, word: Samples, story: Samples
) -> None:
    assert over_a_story(making(cancelling=False), word, story) == 0
    assert over_a_story(making(cancelling=True), word, story) >= 2


@pytest.mark.parametrize("cancelling", [False, True], ids=["with the echo", "without"])
def test_a_reply_that_says_the_word_wakes_nobody_and_a_person_after_it_does(
    making: Making, word: Samples, *, cancelling: bool
) -> None:
    kitchen = making(cancelling=cancelling)
    kitchen.live(3)
    own = resample(word, 16_000, REPLY_RATE_HZ)
    for _ in range(TIMES):
        tell(kitchen, own, silence(REPLY_RATE_HZ))
    assert kitchen.live(5 * TIMES) == 0
    assert kitchen.live(4, word) == 1


def test_without_looking_at_what_is_played_it_would_wake_itself(making: Making, word: Samples) -> None:
    kitchen = making(cancelling=False, guarded=False)
    kitchen.live(3)
    tell(kitchen, resample(word, 16_000, REPLY_RATE_HZ))
    assert kitchen.live(6) == 1


def test_a_speaker_that_is_unplugged_in_a_reply_leaves_a_microphone_that_hears(
    making: Making, word: Samples, story: Samples
) -> None:
    kitchen = making(cancelling=True)
    kitchen.live(3)
    tell(kitchen, story)
    kitchen.live(4)
    kitchen.unplug()
    kitchen.live(2)
    assert kitchen.live(4, word) == 1
    kitchen.replug()
    kitchen.live(6)
    assert kitchen.live(4, word) == 1
    assert kitchen.path.loopback.jumps == 0


def test_a_microphone_that_is_muted_in_a_reply_hears_again_after_it(
    making: Making, word: Samples, story: Samples
) -> None:
    kitchen = making(cancelling=True)
    kitchen.live(3)
    tell(kitchen, story)
    kitchen.live(8)
    kitchen.live(3, muted=True)
    kitchen.live(3)
    assert kitchen.live(4, word) == 1


def test_every_sample_of_a_quiet_room_comes_through_as_it_was(making: Making) -> None:
    kitchen = making(cancelling=True)
    kitchen.live(5)
    assert {len(samples) for samples in kitchen.out} == {MICROPHONE.period_frames}
    assert rms(np.concatenate(kitchen.out)) == pytest.approx(8, abs=0.2)
