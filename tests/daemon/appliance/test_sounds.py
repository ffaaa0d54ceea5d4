"""What the device plays by itself is played now or never, and as loud as the household wants each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daemon.appliance.cards import Cards
from daemon.appliance.sounds import Sounds
from daemon.conversation.causes import Cause
from daemon.conversation.commands import Earcon
from daemon.sound.pcm import Samples, from_bytes
from daemon.sound.playout import Playout
from daemon.sound.sound_kind import SoundKind
from daemon.speech.earcons import earcon
from hardware.base import PcmFormat
from tests.daemon.offline.live_client import ManualClock

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = PcmFormat(rate_hz=24_000, channels=1, period_frames=480)
WORDS = np.full(2_400, 12_345, np.int16)


class Knobs:
    """Implements `Volumes`."""

    def __init__(self) -> None:
        self.voice = 1.0
        self.turned: Callable[[], None] = lambda: None

    def reports_to(self, report: Callable[[], None]) -> None:
        self.turned = report

    def of(self, kind: SoundKind) -> float:
        return self.voice if kind is SoundKind.VOICE else 0.0


class Bench:
    def __init__(self, volumes: Knobs | None = None) -> None:
        self.playout = Playout(FORMAT, volume=1.0, notify=lambda _: None)
        self.cards = Cards(lambda _: None, ManualClock())
        self.sounds = Sounds(self.playout, self.cards, lambda _: WORDS, volumes)

    def heard(self) -> Samples:
        """What is heard within three seconds."""
        return from_bytes(b"".join(self.playout.next_period(480) for _ in range(150)))


def test_a_failure_is_its_tune_and_then_what_there_is_to_say() -> None:
    bench = Bench()
    bench.sounds.announce(Cause.NO_NETWORK)
    tune = earcon(Cause.NO_NETWORK, 24_000)
    heard = bench.heard()
    assert np.array_equal(heard[: len(tune)], tune)
    assert np.array_equal(heard[len(tune) :][: len(WORDS)], WORDS)
    assert not heard[len(tune) + len(WORDS) :].any()


def test_what_happens_while_the_speaker_is_away_is_not_told_when_it_is_back() -> None:
    bench = Bench()
    bench.cards.speaker_away = True
    bench.sounds.announce(Cause.NO_NETWORK)
    bench.cards.speaker_away = False
    assert not bench.heard().any()


def test_each_kind_is_as_loud_as_the_household_wants_it_from_the_beginning_and_whenever_that_changes() -> None:
    knobs = Knobs()
    bench = Bench(knobs)
    bench.heard()  # a change of the volume glides
    bench.sounds.announce(Cause.NO_NETWORK)
    assert set(bench.heard()) == {0, 12_345}  # no tune, for earcons are silent
    knobs.voice = 0.0
    knobs.turned()
    bench.heard()
    bench.sounds.announce(Cause.NO_NETWORK)
    bench.sounds.play(Earcon.STOPPED)
    assert not bench.heard().any()
