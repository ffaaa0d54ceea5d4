"""The user's sound on its way from the wire to a turn: rate, whole samples, activity window. No I/O, no time."""

from typing import Protocol

import numpy as np

from daemon.offline.session.activity import LONGEST_TURN_SAMPLES, ActivityDetector, SpeechEnded, SpeechStarted
from daemon.offline.wire.client_messages import AudioChunk
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, from_bytes, silence
from daemon.sound.resample import Resampler

SpeechEvent = SpeechStarted | SpeechEnded


class Intake(Protocol):
    """Makes turns of audio and marks. A mark that does not belong to the mode is ignored, as the service does."""

    def activity_start(self) -> list[SpeechEvent]: ...

    def audio(self, chunk: AudioChunk) -> list[SpeechEvent]: ...

    def activity_end(self) -> list[SpeechEvent]: ...

    def stream_end(self) -> list[SpeechEvent]: ...


class SampleStream:
    """Bytes at any rate, cut anywhere, as 16 kHz samples; bit-exact if they are at 16 kHz already."""

    def __init__(self) -> None:
        self._odd = b""
        self._rate_hz = CAPTURE_RATE_HZ
        self._resampler: Resampler | None = None

    def feed(self, chunk: AudioChunk) -> Samples:
        """The samples that `chunk` adds; a change of rate starts a new stream."""
        tail = self.flush() if chunk.rate_hz != self._rate_hz else silence(0)
        self._rate_hz = chunk.rate_hz
        data = self._odd + chunk.data
        whole = len(data) // 2 * 2
        self._odd = data[whole:]
        samples = from_bytes(data[:whole])
        if chunk.rate_hz == CAPTURE_RATE_HZ:
            return np.concatenate((tail, samples))
        self._resampler = self._resampler or Resampler(chunk.rate_hz, CAPTURE_RATE_HZ)
        return np.concatenate((tail, self._resampler.process(samples)))

    def flush(self) -> Samples:
        """What the resampler still holds; the next chunk starts afresh."""
        self._odd = b""
        resampler, self._resampler = self._resampler, None
        return resampler.flush() if resampler else silence(0)


class ManualIntake:
    """The client marks activity itself; audio outside its window is discarded, as the service does (pipecat #4597)."""

    def __init__(self) -> None:
        self._stream = SampleStream()
        self._open = False
        self._heard: list[Samples] = []
        self._length = 0

    def activity_start(self) -> list[SpeechEvent]:
        """A second start begins the window anew."""
        self._stream.flush()
        self._open, self._heard, self._length = True, [], 0
        return [SpeechStarted()]

    def audio(self, chunk: AudioChunk) -> list[SpeechEvent]:
        if self._open and self._length < LONGEST_TURN_SAMPLES:
            self._keep(self._stream.feed(chunk))
        return []

    def activity_end(self) -> list[SpeechEvent]:
        if not self._open:
            return []
        self._keep(self._stream.flush())
        self._open = False
        return [SpeechEnded(np.concatenate([silence(0), *self._heard]))]

    def stream_end(self) -> list[SpeechEvent]:
        return []

    def _keep(self, samples: Samples) -> None:
        self._heard.append(samples)
        self._length += len(samples)


class AutomaticIntake:
    """The server finds turns in the stream."""

    def __init__(self, detector: ActivityDetector) -> None:
        self._stream = SampleStream()
        self._detector = detector

    def activity_start(self) -> list[SpeechEvent]:
        return []

    def audio(self, chunk: AudioChunk) -> list[SpeechEvent]:
        return self._detector.process(self._stream.feed(chunk))

    def activity_end(self) -> list[SpeechEvent]:
        return []

    def stream_end(self) -> list[SpeechEvent]:
        return [*self._detector.process(self._stream.flush()), *self._detector.stream_end()]
