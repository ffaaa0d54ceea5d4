from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from daemon.conversation.events import UtteranceEnded, UtteranceStarted, WakeWordDetected
from daemon.conversation.pausing import UtterancePaused, UtteranceResumed
from daemon.hearing.endpoint import Endpoint, Endpointer
from daemon.hearing.listener import WARM_UP_SAMPLES, Heard, Listener, NoWakeWords
from daemon.hearing.pace import fixed
from daemon.hearing.short_utterances import ShortUtterance
from daemon.hearing.voice_activity import WINDOW_SAMPLES, VoiceActivity
from daemon.sound.pcm import Samples
from tests.daemon.wake.signals import room_noise, spoken_in_a_quiet_room, wake_engine
from tests.daemon.wake.speech import spoken
from tests.networks import remembering

PERIOD = 320


class Recorder:
    """An endpointer that only writes down what it is asked."""

    def __init__(self) -> None:
        self.watching = False
        self.from_sample = -1
        self.hops: list[tuple[int, float]] = []
        self.amplitudes: list[float] = []

    def start(self, from_sample: int) -> None:
        self.watching, self.from_sample = True, from_sample

    def stop(self) -> None:
        self.watching = False

    def hop(self, probability: float, at: int, amplitude: float) -> list[Endpoint]:
        self.hops.append((at, probability))
        self.amplitudes.append(amplitude)
        return []


@pytest.fixture(scope="module")
def voice_activity(models: Path) -> VoiceActivity:
    return VoiceActivity(models, remembering)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def listener(models: Path, voice_activity: VoiceActivity, recorder: Recorder) -> Listener:
    return Listener(wake_engine(["hey_jarvis"], models), voice_activity, recorder)


def hear(listener: Listener, samples: Samples, begin: int = 0, end: int | None = None) -> list[Heard]:
    """`samples[begin:end]` in periods; positions are indices into `samples`."""
    stop = len(samples) if end is None else end
    starts = range(begin, stop, PERIOD)
    return [event for at in starts for event in listener.hear(samples[at : min(at + PERIOD, stop)], at)]


def test_silero_does_not_run_unless_someone_is_expected_to_speak(listener: Listener, recorder: Recorder) -> None:
    hear(listener, room_noise(1))
    assert recorder.hops == []
    listener.watch(16_000, room_noise(0.1), 14_400)
    assert len(recorder.hops) == 3
    listener.stop_watching()
    hear(listener, room_noise(1))
    assert len(recorder.hops) == 3
    assert not listener.watching


def test_each_window_is_judged_once_with_one_beginning_at_the_place_in_question(
    listener: Listener, recorder: Recorder
) -> None:
    samples = room_noise(2)
    hear(listener, samples, 0, 16_000)
    begin = 12_345 - WARM_UP_SAMPLES
    listener.watch(12_345, samples[begin:16_500], begin)  # the ring is ahead of what was heard here
    hear(listener, samples, 16_000)
    positions = [at for at, _ in recorder.hops]
    assert recorder.from_sample == 12_345
    assert 12_345 in positions
    assert positions[0] - begin < WINDOW_SAMPLES
    assert positions == list(range(positions[0], positions[-1] + 1, WINDOW_SAMPLES))
    assert len(samples) - positions[-1] < 2 * WINDOW_SAMPLES


def test_probabilities_are_those_of_the_whole(
    listener: Listener, recorder: Recorder, models: Path, sentences: dict[str, Samples]
) -> None:
    samples = spoken_in_a_quiet_room(sentences["neither"])
    hear(listener, samples, 0, 41_000)
    listener.watch(40_960, samples[32_768:41_500], 32_768)  # 500 of these will be heard again
    hear(listener, samples, 41_000)
    expected = VoiceActivity(models, remembering).process(samples[32_768:])
    assert [probability for _, probability in recorder.hops] == expected
    assert max(expected) > 0.9


def test_the_amplitude_of_each_window_goes_with_its_probability(listener: Listener, recorder: Recorder) -> None:
    samples = np.repeat(np.array([0, 100, 2_000], np.int16), WINDOW_SAMPLES)
    listener.watch(0, samples[:700], 0)
    hear(listener, samples, 700)
    assert recorder.amplitudes == [0, 100, 2_000]
    listener.hear(samples[WINDOW_SAMPLES:], 50_000)
    assert recorder.amplitudes[3:] == [100, 2_000]


@dataclass
class Told(Recorder):
    """An endpointer that has these events to tell, hop by hop."""

    script: list[list[Endpoint]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def hop(self, probability: float, at: int, amplitude: float) -> list[Endpoint]:  # noqa: ARG002
        return self.script.pop(0)


def test_a_pause_that_is_over_when_it_is_noticed_is_not_told(voice_activity: VoiceActivity) -> None:
    paused, resumed, ended = UtterancePaused(1), UtteranceResumed(2), UtteranceEnded(3)
    told = Told(script=[[paused], [resumed], [paused], [ended], [paused], [resumed]])
    listener = Listener(NoWakeWords(), voice_activity, told)
    assert listener.watch(0, room_noise(0.032 * 4), 0) == [paused, ended]
    assert listener.hear(room_noise(0.032), 4 * WINDOW_SAMPLES) == [paused]
    assert listener.hear(room_noise(0.032), 5 * WINDOW_SAMPLES) == [resumed]


def test_after_missing_samples_the_windows_begin_anew(listener: Listener, recorder: Recorder) -> None:
    listener.watch(0, room_noise(0.1), 0)
    listener.hear(room_noise(0.1), 50_000)
    assert [at for at, _ in recorder.hops] == [0, 512, 1024, 50_000, 50_512, 51_024]


def test_the_end_of_a_wake_word_is_not_taken_for_the_request(
    listener: Listener, recorder: Recorder, sentences: dict[str, Samples]
) -> None:
    samples = spoken_in_a_quiet_room(sentences["hey_jarvis"])
    (event,) = hear(listener, samples)
    assert isinstance(event, WakeWordDetected)
    listener.watch(event.at, samples[event.at - WARM_UP_SAMPLES :], event.at - WARM_UP_SAMPLES)
    assert recorder.from_sample == listener.engine.decided_at > event.at
    listener.watch(event.at + 1, samples[event.at :], event.at)
    assert recorder.from_sample == event.at + 1


def converse(listener: Listener, samples: Samples) -> list[Heard]:
    """As the appliance does it: watch when a wake word was heard."""
    heard: list[Heard] = []
    for at in range(0, len(samples), PERIOD):
        end = at + PERIOD
        for event in listener.hear(samples[at:end], at):
            heard.append(event)
            if isinstance(event, WakeWordDetected):
                begin = max(0, event.at - WARM_UP_SAMPLES)
                heard += listener.watch(event.at, samples[begin:end], begin)
    return heard


@pytest.mark.parametrize("pause_s", [0, 1.2])
def test_wake_word_request_and_its_end(
    pause_s: float,
    models: Path,
    voice_activity: VoiceActivity,
    sentences: dict[str, Samples],
    word_ends: dict[str, int],
) -> None:
    word, request = np.split(sentences["hey_jarvis"], [word_ends["hey_jarvis"]])
    called = spoken_in_a_quiet_room(word, after_s=0)
    samples = np.concatenate([called, room_noise(pause_s), request, room_noise(2)])
    request_at = len(called) + int(pause_s * 16_000)
    end_of_speech = request_at + len(request)
    listener = Listener(wake_engine(["hey_jarvis"], models), voice_activity, Endpointer(fixed(700)))
    wake, started, ended = converse(listener, samples)
    assert isinstance(wake, WakeWordDetected)
    assert isinstance(started, UtteranceStarted)
    assert isinstance(ended, UtteranceEnded)
    assert wake.at <= len(called)
    assert abs(started.at - request_at) < 8_000
    assert end_of_speech + 6_000 < ended.at < end_of_speech + 20_000
    assert not listener.watching


def test_without_wake_words_speech_is_found_all_the_same(
    voice_activity: VoiceActivity, sentences: dict[str, Samples]
) -> None:
    """For a conversation that begins by itself: `pipit chat --hands-free`."""
    listener = Listener(NoWakeWords(), voice_activity, Endpointer(fixed(700)))
    samples = spoken_in_a_quiet_room(sentences["neither"])
    heard = listener.watch(0, samples[:0], 0)
    for at in range(0, len(samples), PERIOD):
        heard += listener.hear(samples[at : at + PERIOD], at)
    assert [type(event) for event in heard] == [UtteranceStarted, UtteranceEnded]


def test_a_wake_word_that_may_be_complete_with_the_next_hop_is_told_before_it_is(
    listener: Listener, sentences: dict[str, Samples]
) -> None:
    samples = spoken_in_a_quiet_room(sentences["hey_jarvis"])
    happened: list[tuple[str, int]] = []
    for at in range(0, len(samples), PERIOD):
        listener.on_near = partial(happened.append, ("near", at))
        happened += [("word", at) for _ in listener.hear(samples[at : at + PERIOD], at)]
    word = next(at for what, at in happened if what == "word")
    first = next(at for what, at in happened if what == "near")
    assert word - first >= 1280


def test_other_speech_is_no_wake_word_to_be(listener: Listener, sentences: dict[str, Samples]) -> None:
    samples = spoken_in_a_quiet_room(sentences["neither"])
    near: list[int] = []
    listener.on_near = lambda: near.append(1)
    assert hear(listener, samples) == []
    assert near == []


def test_what_is_said_shortly_is_told_while_that_is_wanted_and_nobody_is_expected_to_speak(
    listener: Listener, recorder: Recorder, tmp_path: Path
) -> None:
    samples = spoken_in_a_quiet_room(spoken("neither", "please stop", tmp_path).samples)
    assert not any(isinstance(event, ShortUtterance) for event in hear(listener, samples, 0, 16_000))
    listener.listen_for_short(wanted=True)
    said = [
        event for event in hear(listener, np.concatenate((samples, room_noise(1)))) if isinstance(event, ShortUtterance)
    ]
    assert said
    assert recorder.hops == []
    assert all(event.begin < event.end < event.heard_to for event in said)
    listener.watch(0, samples[:3_200], 0)
    assert not any(isinstance(event, ShortUtterance) for event in hear(listener, samples, 3_200))
    listener.stop_watching()
    listener.listen_for_short(wanted=False)
    hops = len(recorder.hops)
    hear(listener, samples)
    assert len(recorder.hops) == hops
