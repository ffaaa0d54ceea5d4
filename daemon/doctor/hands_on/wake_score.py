"""Hands-on: does the wake word wake it? The score of the wake word engine, live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.hearing.making import wake_engine_of
from daemon.hearing.periods import periods_of
from daemon.machine.finding import Finding, bad, good, warning
from daemon.sound.capture import CaptureConverter
from daemon.sound.pcm import CAPTURE_RATE_HZ

if TYPE_CHECKING:
    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.doctor.hands_on.terminal import Terminal
    from daemon.hearing.settings import WakeSettings
    from daemon.house.settings import Settings
    from daemon.wake.engine import WakeEngine
    from hardware.base import Microphone

DEAF_S: Final = 2.2
"""The engine ignores its first two seconds."""
LISTEN_S: Final = 15.0
ENOUGH: Final = 3
"""Detections after which nobody needs to say it again."""
RISING: Final = 0.1
"""A score below this is no wake word at all: unrelated speech stays under it but for a few clips in five hours."""
LOWEST_ADVICE: Final = 0.2
"""Lower thresholds are not advised: they wake by mistake."""
WIDTH: Final = 40


async def wake_score(settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
    """Show the score while somebody says the wake word. Raises HardwareError, or ModelFileError."""
    wake, mic = settings.wake, settings.microphone
    engine = wake_engine_of(wake)
    words = " or ".join(f'"{_as_spoken(name)}"' for name in wake.models)
    async with drivers.microphone(mic) as microphone:
        converter = CaptureConverter(microphone.format, channel=mic.channel, gain_db=mic.gain_db)
        terminal.say("Wait two seconds …")
        score = _Score(engine, converter, wake, terminal)
        await score.follow(microphone, DEAF_S)
        terminal.say(f"Now say {words} a few times, from where you would say it.")
        await score.follow(microphone, LISTEN_S)
    return score.verdict(words)


def _as_spoken(name: str) -> str:
    return name.rsplit("/", 1)[-1].removesuffix(".onnx").replace("_", " ")


class _Score:
    """The engine's score over time."""

    def __init__(self, engine: WakeEngine, converter: CaptureConverter, wake: WakeSettings, terminal: Terminal) -> None:
        self._engine = engine
        self._converter = converter
        self._wake = wake
        self._terminal = terminal
        self._at = 0
        self._best = 0.0
        self._detections = 0

    async def follow(self, microphone: Microphone, seconds: float) -> None:
        """For so long, or until it was detected often enough. Inference is a few ms a period: no worker is needed."""
        async for period in periods_of(microphone, seconds):
            samples = self._converter.convert(period)
            detected = self._engine.process(samples, self._at)
            self._at += len(samples)
            score = max(self._engine.last_scores.values())
            self._best = max(self._best, score)
            self._terminal.live(f"{_bar(score, self._wake.threshold)} {score:.2f}, best {self._best:.2f}")
            self._detections += len(detected)
            for event in detected:
                self._terminal.say(f"heard at {event.at / CAPTURE_RATE_HZ:.1f} s")
            if self._detections >= ENOUGH:
                return

    def _first_stage(self) -> str:
        """What else may be in the way."""
        return ', or try first_stage = "off" under [wake]' if self._engine.has_first_stage else ""

    def verdict(self, words: str) -> Finding:
        wake = self._wake
        facts = {
            "best_score": round(self._best, 3),
            "threshold": wake.threshold,
            "detections": self._detections,
            "models_ran_ratio": round(self._engine.open_ratio, 2),
        }
        if self._detections:
            count = f"{self._detections} time{'s' if self._detections > 1 else ''}"
            return good(f"the wake word was heard {count}, with a score of up to {self._best:.2f}", **facts)
        if self._best >= wake.threshold:
            return warning(
                f"the score of the wake word reached {self._best:.2f}, but not for long enough",
                "say it more slowly; if that does not help, set consecutive = 1 under [wake]",
                **facts,
            )
        if self._best >= RISING:
            return warning(
                f"the score of the wake word reached only {self._best:.2f} of {wake.threshold:g}",
                f"speak nearer and check the microphone's level; or {_lower(self._best, wake)}",
                **facts,
            )
        return bad(
            f"nothing like the wake word was heard (best score {self._best:.2f})",
            f"say {words} clearly; if you did, mend what the microphone's level check found{self._first_stage()}",
            **facts,
        )


def _lower(best: float, wake: WakeSettings) -> str:
    """Advice on the threshold, where a lower one would have helped and is no folly."""
    advised = round(best * 0.8, 2)
    if advised < LOWEST_ADVICE:
        return "try another wake word"
    return f"set threshold = {min(advised, wake.threshold):g} under [wake], which wakes more often by mistake too"


def _bar(score: float, threshold: float) -> str:
    filled, mark = round(score * WIDTH), round(threshold * WIDTH)
    return "".join("|" if place == mark else "#" if place < filled else "." for place in range(WIDTH))
