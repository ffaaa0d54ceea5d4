"""Endpointing: when the user's utterance begins and ends, from the probability of speech in each hop.

The rules and their numbers are those that lost fewest words on 90 recorded commands in quiet and in kitchen noise:
with 600 ms of silence 1 % were cut short and none was left open (reference measurement with Silero v6, 0.6/0.5).
"""

import logging
from typing import Final

from daemon.conversation.events import UtteranceEnded, UtteranceStarted
from daemon.conversation.pausing import UtterancePaused, UtteranceResumed
from daemon.hearing.fading import Fading
from daemon.hearing.pace import SHORT_UTTERANCE_MS, Pace, SaidSoFar
from daemon.sound.pcm import ms_of_samples, samples_of_ms

HOP_SAMPLES: Final = 512
"""What Silero judges at a time, 32 ms."""

START_SPEECH_MS: Final = 150
"""So much speech, in total, is somebody speaking; less is a cough or a plate."""

BLIP_MS: Final = 60
"""Speech shorter than this does not interrupt a silence."""

EAGER_MS: Final = 256
"""A silence that may be the end. 4.5 % of commands pause for 288 ms, 6.3 % for this, 8.4 % for 224 (619 recordings)."""

MOST_PAUSES: Final = 2
"""Whoever was taken for finished so often in one utterance is not again: each time is paid for."""

Endpoint = UtteranceStarted | UtteranceEnded | UtterancePaused | UtteranceResumed

log = logging.getLogger(__name__)


class Endpointer:
    """Watches hop after hop for one utterance; it counts samples and knows no clock.

    Fires at most one `UtteranceStarted` and one `UtteranceEnded` for each `start`; an eager one tells `UtterancePaused`
    before the end, and `UtteranceResumed` if it was none, `MOST_PAUSES` times at most. It has no patience of its own:
    that nothing was said, or too much, is for the conversation's timers to find.
    """

    def __init__(
        self, pace: Pace, start_threshold: float = 0.6, end_threshold: float = 0.5, *, eager: bool = False
    ) -> None:
        """A hop of speech begins at `start_threshold` (a probability) and goes on down to `end_threshold`."""
        self._pace = pace
        self._eager = eager
        self._fading = Fading()
        self._start_threshold = start_threshold
        self._end_threshold = end_threshold
        self.start(0)
        self._watching = False

    @property
    def watching(self) -> bool:
        return self._watching

    def start(self, from_sample: int) -> None:
        """Watch for an utterance in the hops that begin at `from_sample` or later, forgetting what was before."""
        self._watching = True
        self._from_sample = from_sample
        self._first_speech: int | None = None  # where the utterance would begin
        self._started = False
        self._run = 0  # samples of speech without a gap, up to now
        self._speech = 0  # samples of speech in all, without blips
        self._best = 0.0  # of the probabilities before speech has begun
        self._quiet_since = from_sample  # where the silence began that no speech but blips has broken
        self._paused = False  # … and that was told
        self._pauses_left = MOST_PAUSES
        self._longest_pause = 0  # samples of silence within the utterance
        self._fading.begin()

    def stop(self) -> None:
        """Watch no more."""
        if self._watching and not self._started:
            best, least = self._best, self._start_threshold
            log.debug("no utterance was heard: at best %.2f for speech, which begins at %.2f", best, least)
        self._watching = False

    def hop(self, probability: float, at: int, amplitude: float = 0.0) -> list[Endpoint]:
        """What follows from the speech probability of the 512 samples at `at`, and their amplitude (RMS).

        `UtteranceStarted.at` is where the first hop of the speech began. `UtteranceEnded.at` is the end of this hop:
        the silence belongs to the utterance, for it has been sent by the time it is long enough to mean something.
        """
        if not self._watching or at < self._from_sample:
            return []
        end = at + HOP_SAMPLES
        speaking = probability >= (self._end_threshold if self._run else self._start_threshold)
        self._run = self._run + HOP_SAMPLES if speaking else 0
        if self._run or self._first_speech is not None:
            self._fading.hop(amplitude, speech=probability >= self._end_threshold)
        if self._started:
            return self._await_end(end)
        self._best = max(self._best, probability)
        return self._await_start(at, end, certain=probability >= self._start_threshold)

    def _await_start(self, at: int, end: int, *, certain: bool) -> list[Endpoint]:
        if self._run:
            self._first_speech = at if self._first_speech is None else self._first_speech
            self._speech += HOP_SAMPLES if certain else 0
            self._quiet_since = end
        elif end - self._quiet_since >= self._pace.apart:  # so far apart they are not one utterance
            if self._first_speech is not None:
                log.debug("%d ms of speech are no utterance: it takes %d", ms_of_samples(self._speech), START_SPEECH_MS)
            self._first_speech, self._speech = None, 0
            self._fading.begin()
        if self._first_speech is None or self._speech < samples_of_ms(START_SPEECH_MS):
            return []
        self._started = True
        log.debug("an utterance has begun: %d ms of speech", ms_of_samples(self._speech))
        return [UtteranceStarted(self._first_speech)]

    def _await_end(self, end: int) -> list[Endpoint]:
        if self._run:
            went_on = self._count_run(end) and self._paused
            self._paused &= not went_on
            return [UtteranceResumed(end - self._run)] if went_on else []
        quiet = end - self._quiet_since
        if quiet < self._pace.silence_after(self._said(quiet)):
            return self._await_more(end, quiet)
        self.stop()
        silence_ms, speech_ms = ms_of_samples(quiet), ms_of_samples(self._speech)
        log.debug("the utterance is over: %d ms of silence after %d ms of speech", silence_ms, speech_ms)
        return [UtteranceEnded(end)]

    def _await_more(self, end: int, quiet: int) -> list[Endpoint]:
        """The silence is not long enough to end anything, but long enough to be eager."""
        whole = quiet >= samples_of_ms(EAGER_MS) and self._speech >= samples_of_ms(SHORT_UTTERANCE_MS)
        if not self._eager or not whole or self._paused or not self._pauses_left:
            return []
        self._paused, self._pauses_left = True, self._pauses_left - 1
        return [UtterancePaused(end)]

    def _count_run(self, end: int) -> bool:
        """Speech is being heard: once it is longer than a blip it counts, from its beginning. Returns that."""
        counts = self._run >= samples_of_ms(BLIP_MS)
        if counts:
            unbroken = self._quiet_since == end - HOP_SAMPLES
            self._speech += HOP_SAMPLES if unbroken else self._run
            self._longest_pause = max(self._longest_pause, end - self._run - self._quiet_since)
            self._quiet_since = end
        return counts

    def _said(self, quiet: int) -> SaidSoFar:
        return SaidSoFar(self._speech, self._longest_pause, self._fading.share(quiet // HOP_SAMPLES))
