"""What is said can be told apart, and the ears of the simulated home hear it as the real ones would."""

from __future__ import annotations

import numpy as np

from daemon.conversation.events import (
    UtteranceEnded,
    UtterancePaused,
    UtteranceResumed,
    UtteranceStarted,
    WakeWordDetected,
)
from daemon.hearing.settings import ListeningSettings
from tests.system.day.speech import DATED_BACK_SAMPLES, ears, numbers_said, room, utterance, wake_word

RANDOM = np.random.default_rng(5)
QUIET = room(1.0, RANDOM)


def test_an_utterance_is_the_same_whenever_it_is_said_and_unlike_any_other() -> None:
    assert np.array_equal(utterance(7, 1.0, 0.2), utterance(7, 1.0, 0.2))
    assert utterance(8, 1.0).tobytes() not in utterance(7, 5.0).tobytes()


def test_the_numbers_of_what_is_said_are_found_in_the_order_it_is_said() -> None:
    audio = np.concatenate((QUIET, utterance(12_345, 1.0), QUIET, utterance(7, 0.5)))
    assert list(numbers_said(audio)) == [12_345, 7]
    assert list(numbers_said(audio[len(QUIET) + 1 :])) == [7]


def test_the_wake_word_is_heard_and_dated_before_its_end() -> None:
    listener = ears(ListeningSettings(end_silence_ms=700))
    audio = np.concatenate((QUIET, wake_word(), QUIET))
    heard = [event for at in range(0, len(audio), 640) for event in listener.hear(audio[at : at + 640], at)]
    end = len(QUIET) + len(wake_word())
    assert heard == [WakeWordDetected("pipit", end - DATED_BACK_SAMPLES)]


def test_an_utterance_ends_after_its_silence_and_not_at_a_hesitation() -> None:
    listener = ears(ListeningSettings(end_silence_ms=700))
    said = utterance(1, 2.0, hesitation_s=0.4)
    audio = np.concatenate((QUIET, said, QUIET))
    events = listener.watch(0, audio, 0)
    started, ended = (event for event in events if not isinstance(event, UtterancePaused | UtteranceResumed))
    assert isinstance(started, UtteranceStarted)
    assert 512 < started.at - len(QUIET) < 3 * 1_600  # words begin softly
    assert isinstance(ended, UtteranceEnded)
    assert ended.at > len(QUIET) + len(said)
