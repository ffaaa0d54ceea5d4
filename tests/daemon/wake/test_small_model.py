"""With the package itself; some systems have no wheel of it, and Pipit goes without there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from daemon.wake.small_model import SMALL_MODELS, SmallModel
from tests.daemon.wake.signals import hops, room_noise, spoken_in_a_quiet_room

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples

package: Any = pytest.importorskip("pymicro_wakeword")


def probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def by_the_package(word: str, samples: Samples) -> list[float]:
    """What the package's own loop says, hop by hop: the highest of the scores that are new in it."""
    network = package.MicroWakeWord.from_builtin(package.Model(word))
    frontend, said = package.MicroWakeWordFeatures(), []
    for hop in hops(samples):
        new = []
        for number in frontend.process_streaming(hop.tobytes()):
            before = len(network._features)
            network.process_streaming(number)
            new += [network._probabilities[-1]] if before == network.stride - 1 else []
        said.append(max(new, default=0.0))
    return said


@pytest.mark.parametrize("word", sorted(SMALL_MODELS))
def test_it_says_what_the_package_says(word: str, sentences: dict[str, Samples]) -> None:
    samples = spoken_in_a_quiet_room(sentences["alexa"], sentences["hey_jarvis"])
    model = SmallModel(word)
    said = [256 * probability(model.hear(hop)) for hop in hops(samples)]
    assert said == pytest.approx([256 * one for one in by_the_package(word, samples)], abs=1)


@pytest.mark.parametrize("word", ["alexa", "hey_jarvis"])
def test_it_hears_its_word_and_no_other(word: str, sentences: dict[str, Samples]) -> None:
    for said in ("alexa", "hey_jarvis", "neither"):
        model = SmallModel(word)
        best = max(model.hear(hop) for hop in hops(spoken_in_a_quiet_room(sentences[said])))
        assert (best > 0) is (said == word), said


def test_it_tells_apart_what_is_0_of_256(sentences: dict[str, Samples]) -> None:
    """As the wheels of today do, on the processors that Pipit is tested on."""
    model = SmallModel("alexa")
    said = {model.hear(hop) for hop in hops(spoken_in_a_quiet_room(sentences["neither"]))}
    assert len({one for one in said if probability(one) < 1 / 512}) > 20


def test_sound_too_short_for_a_score_has_none() -> None:
    model = SmallModel("alexa")
    assert model.hear(room_noise(0.01, 500)) == -math.inf


def test_what_is_given_in_pieces_is_heard_as_one(sentences: dict[str, Samples]) -> None:
    samples = sentences["alexa"][:16_000]
    whole, pieces = SmallModel("alexa"), SmallModel("alexa")
    assert whole.hear(samples) == max(pieces.hear(piece) for piece in samples.reshape(-1, 160))
