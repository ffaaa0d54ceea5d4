"""How microphone and speaker do: what is wrong with them now, and their figures when those have changed."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import astuple
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.conversation import events as on
from daemon.hearing.return_loss import FIXES as FIXES_OF_BARGE_IN
from daemon.sound.pcm import samples_of_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from daemon.conversation.events import Event
    from daemon.sound.echo.echo_path import EchoPath
    from daemon.sound.pcm import Samples
    from hardware.base import CaptureCounters, PlaybackCounters, PlayoutSource, Speaker

REPORT_S: Final = 60.0
"""The figures are told once a minute at most, and only if more has gone wrong since."""
PERIOD_SAMPLES: Final = samples_of_ms(20)
"""By what the figures count, whatever the card's own periods are."""
CLIPPED_PERIODS: Final = 50
"""A second of them between two looks, and it is no plate that was dropped; a voice at too high a gain has hundreds."""
LOUDEST: Final = 32_767
FLOOR_DBFS: Final = -99.0

MICROPHONE_GONE: Final = "the microphone is gone"
NO_SOUND: Final = "the microphone delivers nothing but zeros"
CLIPS: Final = "the microphone clips"
SPEAKER_GONE: Final = "the speaker is gone"
NO_ECHO_LIBRARY: Final = "the echo of the speaker stays in what is heard: libspeexdsp is not installed"
FIXES: Final = {
    MICROPHONE_GONE: "plug it in, or try another cable or socket; it is opened again by itself",
    NO_SOUND: "look for a mute key on it; `pipit doctor --hands-on` says whether another channel has sound",
    CLIPS: "lower gain_db under [microphone], or the card's capture volume; `pipit doctor --hands-on` tells which",
    SPEAKER_GONE: "plug it in, or try another cable or socket; it is opened again by itself",
    NO_ECHO_LIBRARY: 'sudo apt install libspeexdsp1, or set echo = "auto" under [microphone]',
    **FIXES_OF_BARGE_IN,
}
"""What may stand in the status of the service, and what helps."""

log = logging.getLogger(__name__)


class Health:
    """Is told of events and of captured samples."""

    def __init__(self, microphone: CaptureCounters, clock: Callable[[], float] = time.monotonic) -> None:
        self._microphone = microphone
        self._clock = clock
        self._looked_s = clock()
        self._speaker: PlaybackCounters | None = None
        self.echo: EchoPath | None = None
        """What is done about the echo, once that is known."""
        self._own: Callable[[], tuple[int, int]] = lambda: (0, 0)
        self._troubles: dict[str, str] = {}
        self._sensors: dict[str, str] = {}
        self._gaps = 0  # in replies
        self._told = self._faults()
        self._periods = self._zeros = self._clipped = 0
        self._samples = self._squares = 0.0  # since the figures were last looked at
        self._figures = ""

    def of_speaker(self, make: Callable[[PlayoutSource], Speaker]) -> Callable[[PlayoutSource], Speaker]:
        """The same maker; the speaker that it makes is the one looked at."""

        def made(source: PlayoutSource) -> Speaker:
            speaker = make(source)
            self._speaker = speaker.counters
            self._told = self._faults()
            return speaker

        return made

    def of_echo(self, path: EchoPath | None) -> EchoPath | None:
        """The same path; it is looked at from now on."""
        self.echo = path
        if path and path.without_library:
            self._troubles["echo"] = NO_ECHO_LIBRARY
        self._told = self._faults()
        return path

    def of_own_words(self, refused: Callable[[], tuple[int, int]]) -> None:
        """How many wake words and stop words were refused so far, for they were in what was played."""
        self._own = refused

    def only_by_word(self, why: str) -> None:
        """A voice interrupts no reply, though the settings want it."""
        self._troubles["barge-in"] = why
        self._told = self._faults()

    def happened(self, event: Event) -> None:
        match event:
            case on.MicrophoneLost():
                self._troubles["microphone"] = MICROPHONE_GONE
            case on.MicrophoneRestored():
                self._troubles.pop("microphone", None)
            case on.SoundVanished():
                self._troubles["sound"] = NO_SOUND
            case on.SoundReturned():
                self._troubles.pop("sound", None)
            case on.SpeakerLost():
                self._troubles["speaker"] = SPEAKER_GONE
            case on.SpeakerRestored():
                self._troubles.pop("speaker", None)
            case on.PlayoutResumed():
                self._gaps += 1

    def sensor(self, name: str, wrong: str) -> None:
        """What is wrong with a sensor now; empty if it is well again."""
        if wrong:
            self._sensors[name] = wrong
        else:
            self._sensors.pop(name, None)

    def captured(self, samples: Samples) -> bool:
        """Note what arrived, at rest that of two seconds; whether there is a new line to tell."""
        values = samples.astype(np.float32)
        periods = -(-len(samples) // PERIOD_SAMPLES)
        loud = np.logical_or.reduceat(samples != 0, range(0, len(samples), PERIOD_SAMPLES))
        sounding = int(np.count_nonzero(loud))
        self._periods += periods
        self._zeros += periods - sounding
        self._count_clipped(values)
        self._samples += len(samples)
        self._squares += float(values @ values)
        return self._clock() - self._looked_s >= REPORT_S and self._look()

    def _count_clipped(self, values: NDArray[np.float32]) -> None:
        loudest = np.maximum.reduceat(np.abs(values), range(0, len(values), PERIOD_SAMPLES))
        self._clipped += int(np.count_nonzero(loudest >= LOUDEST))

    def _judge_clipping(self) -> None:
        """Named until a look finds none at all."""
        if self._clipped >= CLIPPED_PERIODS:
            self._troubles["clipping"] = CLIPS
        elif not self._clipped:
            self._troubles.pop("clipping", None)
        self._clipped = 0

    @property
    def line(self) -> str:
        """What is wrong, and the figures as they were told last; empty if all has been well."""
        return "; ".join(
            [*self._troubles.values(), *self._sensors.values(), *([self._figures] if self._figures else [])]
        )

    def _look(self) -> bool:
        level_dbfs = self._level_dbfs()
        self._judge_clipping()
        self._samples = self._squares = 0.0
        self._looked_s = self._clock()
        faults = self._faults()
        if faults == self._told:
            return False
        self._told = faults
        heard, said = self._microphone, self._speaker
        figures = (
            *(self._periods, self._zeros, heard.xruns, heard.dropped_periods, heard.reopened, level_dbfs),
            *((said.xruns, said.reopened) if said else (0, 0)),
            self._gaps,
        )
        form = (
            "microphone: %d periods, %d of zeros, %d xruns, %d dropped, reopened %d times, level %.0f dBFS; "
            "speaker: %d xruns, reopened %d times, replies waited %d times"
        )
        line = "; ".join([form % figures, *([self.echo.figures] if self.echo else []), *self._own_words()])
        log.info("%s", line)
        self._figures = line
        return True

    def _faults(self) -> tuple[object, ...]:
        speaker = astuple(self._speaker) if self._speaker else ()
        echo = self.echo.faults if self.echo else ()
        return (*astuple(self._microphone), *speaker, *echo, *self._own(), self._gaps, *self._troubles)

    def _own_words(self) -> list[str]:
        woken, stopped = self._own()
        return [f"in what was played {woken} wake words and {stopped} stop words"] if woken or stopped else []

    def _level_dbfs(self) -> float:
        mean = self._squares / self._samples if self._samples else 0.0
        return max(FLOOR_DBFS, 10 * math.log10(mean / 32_768**2)) if mean else FLOOR_DBFS
