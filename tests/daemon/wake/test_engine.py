from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from daemon.conversation.events import WakeWordDetected
from daemon.errors import ModelFileError
from daemon.sound.pcm import Samples
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.models import WAKE_WORDS, model_path
from tests.daemon.wake.signals import hear, hops, room_noise, spoken_in_a_quiet_room, wake_engine
from tests.repetition import THOROUGH

BOTH = ("hey_jarvis", "alexa")


def names(events: list[WakeWordDetected]) -> list[str]:
    return [event.model for event in events]


@pytest.mark.parametrize("gated", [True, False])
def test_hears_each_wake_word_once_and_nothing_else(speech: Samples, models: Path, gated: bool) -> None:
    engine = wake_engine(BOTH, models, gated=gated)
    assert names(hear(engine, speech)) == ["hey_jarvis", "alexa"]
    assert engine.near_misses == 0


@dataclass
class HopByHop:
    """What an engine says of samples that it gets hop by hop: its events, and its scores by the number of the hop."""

    samples: Samples
    events: list[WakeWordDetected]
    scores: dict[int, dict[str, float]]


@pytest.fixture(scope="module")
def by_hops(sentences: dict[str, Samples], models: Path) -> HopByHop:
    samples = spoken_in_a_quiet_room(sentences["hey_jarvis"], after_s=1)
    engine, said = wake_engine(BOTH, models), HopByHop(samples, [], {})
    for number, hop in enumerate(hops(samples), 1):
        said.events += engine.process(hop, (number - 1) * HOP_SAMPLES)
        said.scores[number] = dict(engine.last_scores)
    return said


def test_it_is_told_once_that_wake_words_count(models: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "daemon.wake.spotter")
    engine = wake_engine(["alexa"], models)
    hear(engine, room_noise(1.5, 40))
    assert caplog.messages == []
    hear(engine, room_noise(3, 40))
    assert caplog.messages == ["wake words count from here on: the models have heard enough"]


@pytest.mark.parametrize("refractory_s", [0.0, 9.0])
def test_a_wake_word_that_is_not_taken_is_told_by_its_name(
    refractory_s: float, sentences: dict[str, Samples], models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "daemon.wake.detector")
    twice = np.concatenate([spoken_in_a_quiet_room(sentences["alexa"], after_s=1)] * 2)
    engine = wake_engine(["alexa"], models, refractory_s=refractory_s)
    assert len(hear(engine, twice)) == (1 if refractory_s else 2)
    told = [message for message in caplog.messages if message.startswith("not taken for alexa: it came to ")]
    assert len(told) == (1 if refractory_s else 0)


@settings(
    max_examples=15 if THOROUGH else 5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sizes=st.lists(st.integers(0, 9_000), min_size=1, max_size=8).filter(any))
def test_chunks_change_nothing(sizes: list[int], by_hops: HopByHop, models: Path) -> None:
    samples, chunked = by_hops.samples, wake_engine(BOTH, models)
    heard, position, turn = [], 0, 0
    while position < len(samples):
        chunk = samples[position : position + sizes[turn % len(sizes)]]
        heard += chunked.process(chunk, position)
        position, turn = position + len(chunk), turn + 1
        if position >= HOP_SAMPLES:
            assert chunked.last_scores == by_hops.scores[position // HOP_SAMPLES]
    assert heard == by_hops.events
    assert names(heard) == ["hey_jarvis"]


@pytest.mark.parametrize("before", [0, HOP_SAMPLES], ids=["even", "odd"])
@pytest.mark.parametrize("name", BOTH)
def test_in_strides_the_same_is_told_with_the_same_hop(
    name: str, before: int, sentences: dict[str, Samples], models: Path
) -> None:
    samples = np.concatenate([room_noise(before / 16_000, 40), spoken_in_a_quiet_room(sentences[name], after_s=1)])
    by_hop, striding = wake_engine([name], models), wake_engine([name], models, strides=True)
    told: list[list[list[WakeWordDetected]]] = [
        [engine.process(hop, number * HOP_SAMPLES) for number, hop in enumerate(hops(samples))]
        for engine in (by_hop, striding)
    ]
    assert told[0] == told[1]
    assert sum(map(len, told[0])) == 1
    assert by_hop.last_scores == striding.last_scores or len(samples) // HOP_SAMPLES % 2


@pytest.mark.parametrize("name", BOTH)
def test_the_event_is_dated_before_the_end_of_the_word_and_within_it(
    name: str, sentences: dict[str, Samples], word_ends: dict[str, int], models: Path
) -> None:
    for shift in range(0, HOP_SAMPLES, 160 if THOROUGH else 480):
        before = 40_000 + shift
        spoken = spoken_in_a_quiet_room(sentences[name], before_s=before / 16_000)
        (event,) = hear(wake_engine([name], models), spoken)
        assert before < event.at <= before + word_ends[name]


def test_positions_are_the_callers(sentences: dict[str, Samples], models: Path) -> None:
    spoken = spoken_in_a_quiet_room(sentences["alexa"])
    (at_zero,) = hear(wake_engine(BOTH, models), spoken)
    engine = wake_engine(BOTH, models)
    (later,) = hear(engine, spoken, at=5_000_000)
    assert later.at == at_zero.at + 5_000_000
    assert later.at < engine.decided_at <= 5_000_000 + len(spoken)


def test_the_decision_follows_the_first_hop_by_as_many_as_are_asked_for(speech: Samples, models: Path) -> None:
    def first_event(consecutive: int) -> tuple[int, int]:
        engine = wake_engine(["hey_jarvis"], models, consecutive=consecutive)
        return next((e.at, engine.decided_at) for hop in _positioned(speech) for e in engine.process(*hop))

    one, two, three = (first_event(consecutive) for consecutive in (1, 2, 3))
    assert one[0] == two[0] == three[0]
    assert [two[1] - one[1], three[1] - two[1]] == [HOP_SAMPLES, HOP_SAMPLES]
    assert first_event(0) == two


def _positioned(samples: Samples) -> list[tuple[Samples, int]]:
    return [(hop, number * HOP_SAMPLES) for number, hop in enumerate(hops(samples))]


def test_the_first_two_seconds_are_ignored(sentences: dict[str, Samples], models: Path) -> None:
    early = spoken_in_a_quiet_room(sentences["alexa"], before_s=0.2)
    engine = wake_engine(BOTH, models)
    scores = []
    for hop, at in _positioned(early[: 2 * 16_000]):
        assert engine.process(hop, at) == []
        scores += engine.last_scores.values()
    assert max(scores) == 0
    assert names(hear(wake_engine(BOTH, models), spoken_in_a_quiet_room(sentences["alexa"], before_s=2))) == ["alexa"]


@pytest.mark.parametrize(("refractory_s", "heard"), [(2.0, 1), (0.5, 2)])
def test_no_other_word_counts_in_the_refractory_period(
    refractory_s: float, heard: int, sentences: dict[str, Samples], word_ends: dict[str, int], models: Path
) -> None:
    jarvis, alexa = (sentences[name][: word_ends[name]] for name in BOTH)
    both = spoken_in_a_quiet_room(np.concatenate([jarvis, room_noise(0.4), alexa]))
    engine = wake_engine(BOTH, models, refractory_s=refractory_s)
    assert names(hear(engine, both)) == ["hey_jarvis", "alexa"][:heard]
    assert engine.near_misses == 0


def test_the_same_word_is_heard_again_after_the_refractory_period(sentences: dict[str, Samples], models: Path) -> None:
    twice = spoken_in_a_quiet_room(sentences["alexa"], sentences["alexa"])
    assert names(hear(wake_engine(BOTH, models), twice)) == ["alexa", "alexa"]


def test_a_score_that_does_not_suffice_is_a_near_miss(sentences: dict[str, Samples], models: Path) -> None:
    engine = wake_engine(["alexa"], models, consecutive=50)
    assert hear(engine, spoken_in_a_quiet_room(sentences["alexa"])) == []
    assert engine.near_misses >= 1


def test_rests_in_a_quiet_room_and_says_so(models: Path) -> None:
    engine = wake_engine(BOTH, models)
    hear(engine, room_noise(20))
    assert engine.open_ratio == pytest.approx(0.1, abs=0.02)
    assert set(engine.last_scores.values()) == {0.0}
    ungated = wake_engine(BOTH, models, gated=False)
    hear(ungated, room_noise(3))
    assert ungated.open_ratio == 1
    assert min(ungated.last_scores.values()) > 0


def test_a_gap_in_the_positions_does_no_harm(sentences: dict[str, Samples], models: Path) -> None:
    engine = wake_engine(BOTH, models)
    hear(engine, room_noise(3)[:-100])
    (event,) = hear(engine, spoken_in_a_quiet_room(sentences["alexa"]), at=900_000)
    assert 900_000 + 40_000 < event.at < engine.decided_at


def _own_model(path: Path, frames: int, size: int = 96, outputs: int = 1) -> Path:
    """A model whose score is always 0.9."""
    constant = helper.make_tensor("score", TensorProto.FLOAT, [1, outputs], [0.9] * outputs)
    graph = helper.make_graph(
        [helper.make_node("Constant", [], ["out"], value=constant)],
        "own",
        [helper.make_tensor_value_info("in", TensorProto.FLOAT, [1, frames, size])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, outputs])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    return path


def test_an_own_model_is_heard_beside_others(models: Path, tmp_path: Path) -> None:
    own = _own_model(tmp_path / "hello_house.onnx", frames=28)
    engine = wake_engine(["alexa", str(own)], models, gated=False)
    assert names(hear(engine, room_noise(5, rms=500))) == ["hello_house"]


def test_an_own_model_that_looks_further_back_is_ignored_for_longer(models: Path, tmp_path: Path) -> None:
    own = _own_model(tmp_path / "hello_house.onnx", frames=28)
    engine = wake_engine([str(own)], models, consecutive=1, gated=False)
    hear(engine, room_noise(4))
    assert engine.decided_at == (9 + 28 + 1) * HOP_SAMPLES


def test_each_time_the_gate_opens_is_a_new_chance(models: Path, tmp_path: Path) -> None:
    own = _own_model(tmp_path / "hello_house.onnx", frames=28)
    engine = wake_engine([str(own)], models, consecutive=1)
    quiet, knock = room_noise(50 * 0.08), room_noise(0.08, rms=2_000)
    assert hear(engine, quiet) == []
    assert names(hear(engine, knock, at=len(quiet))) == ["hello_house"]
    assert engine.decided_at == len(quiet) + len(knock)
    assert names(hear(engine, np.concatenate([quiet, knock]))) == ["hello_house"]


@pytest.mark.parametrize(
    ("wake_words", "message"),
    [
        (["alexia"], "no wake word 'alexia'; did you mean alexa"),
        ([], "no wake word is configured"),
        (["alexa", "{own}/alexa_v0.1.onnx"], r"two .* have the file name alexa_v0\.1\.onnx"),
        (["{own}/features.onnx"], r"features\.onnx is no openWakeWord model of one wake word"),
        (["{own}/classes.onnx"], r"classes\.onnx is no openWakeWord model of one wake word"),
        (["{models}/embedding_hops.onnx"], r"embedding_hops\.onnx is no openWakeWord model"),
    ],
    ids=["unknown", "none", "same name", "other features", "several classes", "not a wake word model"],
)
def test_what_cannot_be_listened_for_is_refused(
    wake_words: list[str], message: str, models: Path, tmp_path: Path
) -> None:
    (tmp_path / "alexa_v0.1.onnx").write_bytes(model_path("alexa", models).read_bytes())
    _own_model(tmp_path / "features.onnx", 16, size=40)
    _own_model(tmp_path / "classes.onnx", 16, outputs=7)
    with pytest.raises(ModelFileError, match=message):
        wake_engine([name.format(own=tmp_path, models=models) for name in wake_words], models)


def test_naming_a_wake_word_twice_is_no_mistake(sentences: dict[str, Samples], models: Path) -> None:
    assert names(hear(wake_engine(["alexa", "alexa"], models), spoken_in_a_quiet_room(sentences["alexa"]))) == ["alexa"]


def test_without_its_embedding_it_does_not_start(models: Path, tmp_path: Path) -> None:
    for name in WAKE_WORDS:
        path = model_path(name, models)
        (tmp_path / path.name).symlink_to(path)
    with pytest.raises(ModelFileError, match=r"embedding_hops\.onnx does not exist"):
        wake_engine(["alexa"], tmp_path)
