"""What the wake worker thread runs: the wake word engine always, endpointing while somebody is expected to speak."""

import logging
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol

import numpy as np

from daemon.conversation.events import WakeWordDetected
from daemon.conversation.pausing import UtterancePaused, UtteranceResumed
from daemon.hearing.endpoint import Endpoint
from daemon.hearing.short_utterances import ShortUtterance, ShortUtterances
from daemon.hearing.speaking_over import SpeakingOver, SpokenOver
from daemon.hearing.voice_activity import WINDOW_SAMPLES, VoiceActivity
from daemon.sound.pcm import Samples, samples_of_ms, silence

WARM_UP_SAMPLES: Final = samples_of_ms(500)
"""How much audio from before the place in question lets Silero's state settle."""

NEAR_SCORE: Final = 0.1
"""Of a wake word that may be complete with the next hop. Other speech seldom gets there."""

_log = logging.getLogger(__name__)


class HopGate(Protocol):
    """What `daemon.wake.early_gate.EarlyGate` does in the microphone's thread."""

    def arrived(self, hop: Samples, end: int) -> bool: ...


class WakeWords(Protocol):
    """What `daemon.wake.engine.WakeEngine` does."""

    @property
    def decided_at(self) -> int: ...
    @property
    def last_scores(self) -> Mapping[str, float]: ...
    @property
    def gate(self) -> HopGate | None: ...

    @property
    def second_look_samples(self) -> int: ...

    def process(self, samples: Samples, at: int) -> list[WakeWordDetected]: ...
    def scores_of(self, samples: Samples) -> Mapping[str, float]: ...


class NoWakeWords:
    """For listening that needs no wake word."""

    decided_at = 0
    gate: HopGate | None = None
    last_scores: Mapping[str, float] = MappingProxyType({})
    second_look_samples = 0

    def scores_of(self, samples: Samples) -> Mapping[str, float]:  # noqa: ARG002
        return self.last_scores

    def process(self, samples: Samples, at: int) -> list[WakeWordDetected]:  # noqa: ARG002
        return []


class Endpointing(Protocol):
    """What `daemon.hearing.endpoint.Endpointer` does."""

    @property
    def watching(self) -> bool: ...

    def start(self, from_sample: int) -> None: ...

    def stop(self) -> None: ...

    def hop(self, probability: float, at: int, amplitude: float) -> list[Endpoint]: ...


Heard = WakeWordDetected | Endpoint | ShortUtterance | SpokenOver


def _without_stale_pauses(events: Sequence[Heard]) -> list[Heard]:
    """A pause that is over by the time it is noticed, as when a backlog is heard, is nobody's to act upon."""
    fresh: list[Heard] = []
    for event in events:
        if isinstance(event, UtteranceResumed) and fresh and isinstance(fresh[-1], UtterancePaused):
            fresh.pop()
        else:
            fresh.append(event)
    return fresh


class Listener:
    """Synchronous; for one thread. Silero runs only between `watch` and the end of the utterance or `stop_watching`."""

    def __init__(self, engine: WakeWords, voice_activity: VoiceActivity, endpointer: Endpointing) -> None:
        self.engine = engine
        self._voice_activity = voice_activity
        self._endpointer = endpointer
        self._window_at = 0  # where the window begins that Silero judges next
        self._fed_to = 0  # … and where the samples begin that it has not had
        self._wake_word_at: int | None = None
        self._own: Callable[[WakeWordDetected, int], bool] | None = None
        self.on_near: Callable[[], None] | None = None
        """Called on the worker's thread when a wake word may be told a hop later."""
        self._short: ShortUtterances | None = None
        self._over = SpeakingOver()
        self._unmeasured = silence(0)  # of the window that Silero judges next, what was heard of it

    @property
    def watching(self) -> bool:
        return self._endpointer.watching

    @property
    def gate(self) -> HopGate | None:
        """To be asked about each hop of 1280 samples where it arrives: nothing is heard in one that it lets pass by.

        Without one every hop matters.
        """
        return self.engine.gate

    def beware(self, is_own: Callable[[WakeWordDetected, int], bool]) -> None:
        """Hear no wake word that `is_own` says was ours; it is told of the word, and where that was decided."""
        self._own = is_own

    def hear(self, samples: Samples, at: int) -> list[Heard]:
        """What is heard in `samples`, the first of which has position `at`."""
        detected = self.engine.process(samples, at)
        if self.on_near and any(score >= NEAR_SCORE for score in self.engine.last_scores.values()):
            self.on_near()
        if detected and self._own:
            detected = [word for word in detected if not self._own(word, self.engine.decided_at)]
        if detected:
            self._wake_word_at = detected[-1].at
            _log.info("wake word %s", detected[-1].model)
        return [*detected, *self._judge(samples, at)]

    def watch(self, from_sample: int, captured: Samples, at: int) -> list[Heard]:
        """Look for an utterance that begins at `from_sample` or later.

        `captured` is what has been captured already, from `at` on, which should be `WARM_UP_SAMPLES` before
        `from_sample` or as far back as there is; it may reach further than what has been heard here.
        After a wake word its last sounds, which belong to the request lest a word be lost, are not taken for speech.
        """
        from_sample = self.engine.decided_at if from_sample == self._wake_word_at else from_sample
        self._endpointer.start(from_sample)
        skipped = (from_sample - at) % WINDOW_SAMPLES  # so that a window begins at `from_sample`
        return self._restart(captured[skipped:], at + skipped)

    def stop_watching(self) -> None:
        """Look no more."""
        self._endpointer.stop()

    def listen_for_short(self, *, wanted: bool) -> None:
        """From now on tell of short utterances, and of whoever speaks over what is played; or no more.

        Not while an utterance is looked for otherwise.
        """
        if wanted is not (self._short is not None):
            self._short, self._over = ShortUtterances() if wanted else None, SpeakingOver()
            if not self.watching:
                self._fed_to = -1  # what Silero had does not go on

    def _judge(self, samples: Samples, at: int) -> list[Heard]:
        """Give Silero what it has not had."""
        if not self.watching and not self._short:
            return []
        if at > self._fed_to:  # samples are missing; the microphone was overrun or away
            return self._restart(samples, at)
        return self._feed(samples[self._fed_to - at :])

    def _restart(self, samples: Samples, at: int) -> list[Heard]:
        self._voice_activity.reset()
        self._unmeasured = silence(0)
        self._fed_to = self._window_at = at
        return self._feed(samples)

    def _feed(self, samples: Samples) -> list[Heard]:
        self._fed_to += len(samples)
        events: list[Heard] = []
        amplitudes = self._measure(samples)
        for probability, amplitude in zip(self._voice_activity.process(samples), amplitudes, strict=True):
            if self.watching:
                events += self._endpointer.hop(probability, self._window_at, amplitude)
            elif self._short:
                told = (self._over.hop(probability), self._short.hop(probability, self._window_at))
                events += [event for event in told if event]
            self._window_at += WINDOW_SAMPLES
        return _without_stale_pauses(events)

    def _measure(self, samples: Samples) -> list[float]:
        """The amplitude (RMS) of each window that is completed by `samples`."""
        heard = np.concatenate((self._unmeasured, samples))
        whole = len(heard) - len(heard) % WINDOW_SAMPLES
        self._unmeasured = heard[whole:]
        windows = heard[:whole].reshape(-1, WINDOW_SAMPLES).astype(np.float32)
        squares = np.einsum("ij,ij->i", windows, windows)  # a third of what `square` and `mean` take
        return [float(amplitude) for amplitude in np.sqrt(squares / WINDOW_SAMPLES)]
