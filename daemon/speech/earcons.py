"""Earcons: short synthesised tunes with a meaning, one for each `Earcon`, `Cause` of failure and `Notice`.

They share a bright, soft tone (three partials that die away) and the scale of C, so that they sit well in a kitchen.
Rising is hearing you, falling is not; every failure opens with the same low "sorry" and goes on with its own motif.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daemon.conversation.causes import Cause, Notice
from daemon.conversation.commands import Earcon
from daemon.sound.pcm import Samples, rounded, samples_of_ms

Sound = Earcon | Cause | Notice

SORRY: Final = "G4:90 Eb4:110 -:20 "
"""A small loudspeaker gives little below 300 Hz; Eb4 is 311."""

TUNES: Final[dict[Sound, str]] = {
    Earcon.AWAKE: "C5:80 G5:150",
    Earcon.HEARD: "E5:100",
    Earcon.ASLEEP: "G5:80 C5:170",
    Earcon.STOPPED: "G4:70 -:30 G4:100",
    Earcon.MUTED: "E5:70 C5:70 G4:130",
    Earcon.UNMUTED: "G4:70 C5:70 E5:130",
    Earcon.MICROPHONE_LOST: SORRY + "E5:50 D5:50 E5:50 D5:50 E5:100",  # a flutter
    Earcon.HOME: "E5:80 -:20 A4:130",  # heard, and from nearby
    Earcon.MESSAGE: "E5:130 -:10 C5:150",  # a doorbell
    Cause.NO_NETWORK: SORRY + "G5:60 -:140 G5:90",  # a knock, and nobody there
    Cause.TIMEOUT: SORRY + "C5:50 -:60 C5:50 -:60 C5:60",  # drumming fingers
    Cause.CLOCK: SORRY + "E5:140 C5:200",  # a cuckoo
    Cause.CERTIFICATE: SORRY + "C5:120 Gb5:200",  # the one interval that does not belong
    Cause.KEY_MISSING: SORRY + "D5:60 E5:60 A5:180",  # a question
    Cause.KEY_REFUSED: SORRY + "D5:70 C5:70 D5:70 G4:130",  # a shake of the head
    Cause.KEY_BARRED: SORRY + "D5:70 C5:70 D5:70 C5:70 G4:60",  # a longer shake of the head
    Cause.MODEL_UNKNOWN: SORRY + "C5:60 E5:60 C5:60 F5:160",  # looking for it
    Cause.MODEL_RETIRED: SORRY + "F5:60 E5:60 C5:60 G4:180",  # gone, the way it came
    Cause.SETUP_REFUSED: SORRY + "C5:80 B4:80 Bb4:80 A4:110",  # step by step down
    Cause.REGION: SORRY + "C5:60 G5:60 C5:60 G5:60 E5:100",  # a foreign bell
    Cause.QUOTA: SORRY + "C6:70 G5:70 C5:200",  # the bottom of the purse
    Cause.SPENDING_CAP: SORRY + "C6:60 G5:60 C5:60 -:40 C5:120",  # … and it is shut
    Cause.OVERLOADED: SORRY + "A4:110 -:50 A4:110",  # an engaged line
    Cause.LOST: SORRY + "C5:60 G5:90 D4:200",  # cut off
    Cause.NO_REPLY: SORRY + "C5:300",  # one long breath
    Cause.BUDGET: SORRY + "E5:50 -:40 E5:50 -:40 C5:50 -:50 G4:90",  # the last coins, one by one
    Cause.BROKER: SORRY + "G5:60 -:60 G5:60 -:90 D5:80",  # a knock at another door, and nobody there
    Cause.BROKER_REFUSED: SORRY + "D5:60 -:40 A4:60 -:40 A4:150",  # the bolt
    Cause.HOME: SORRY + "A4:60 -:60 A4:60 D5:150",  # nobody in
    Cause.TOKEN_REFUSED: SORRY + "E5:60 C5:60 -:60 E5:60 C5:60",  # once more, the other way up
    Notice.DAY_NEARLY_SPENT: "E5:60 -:50 E5:60",  # two coins
    Notice.MONTH_NEARLY_SPENT: "E5:60 -:50 E5:60 -:50 E5:60",  # three
    Notice.AT_HOME: "C5:70 -:20 A4:70 -:20 E5:80",  # a door that closes softly
    Notice.SPEAKER_BACK: "G4:50 -:40 C5:60 -:40 G5:100",  # a voice that is found again
}
"""Notes as `pitch:milliseconds`; `-` is a rest."""

PEAK_DBFS: Final = -12
PARTIALS: Final = (1.0, 0.35, 0.12)
DECAY_MS: Final = 150
EDGE_MS: Final = 10
NOTE: Final = re.compile(r"(?:([A-G])(b?)([4-6])|-):(\d+)")
SEMITONES: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@lru_cache(maxsize=8)
def earcon(sound: Sound, rate_hz: int) -> Samples:
    """The tune of `sound`, mono at `rate_hz` (8 kHz or more), its loudest sample 12 dB below full scale.

    Shorter than 300 ms; a failure may take 600. Those that are heard often are made once, and cannot be written to.
    """
    wave = np.concatenate([tone(pitch_hz, ms, rate_hz) for pitch_hz, ms in notes(sound)])
    loudness = 32_767 * 10 ** (PEAK_DBFS / 20) / np.abs(wave).max()
    tune = rounded((wave * loudness).astype(np.float32))
    tune.flags.writeable = False
    return tune


def notes(sound: Sound) -> Iterator[tuple[float, int]]:
    """Each note of `sound` as its pitch in Hz, 0 for a rest, and its length in milliseconds."""
    for letter, flat, octave, ms in NOTE.findall(TUNES[sound]):
        if not letter:
            yield 0.0, int(ms)
            continue
        above_a4 = SEMITONES[letter] - len(flat) - SEMITONES["A"] + 12 * (int(octave) - 4)
        yield 440 * 2 ** (above_a4 / 12), int(ms)


def tone(pitch_hz: float, ms: int, rate_hz: int) -> NDArray[np.float64]:
    """One note that dies away, with raised-cosine edges so that it does not click."""
    seconds = np.arange(samples_of_ms(ms, rate_hz)) / rate_hz
    wave = sum(
        strength * np.sin(2 * np.pi * pitch_hz * partial * seconds)
        for partial, strength in enumerate(PARTIALS, start=1)
    )
    ramp = (1 - np.cos(np.linspace(0, np.pi, samples_of_ms(EDGE_MS, rate_hz)))) / 2
    edges = np.ones(len(seconds))
    edges[: len(ramp)] = ramp
    edges[-len(ramp) :] = ramp[::-1]
    shaped: NDArray[np.float64] = wave * edges * np.exp(-seconds * 1000 / DECAY_MS)
    return shaped
