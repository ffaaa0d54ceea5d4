import re
from itertools import combinations, pairwise

import numpy as np
import pytest

from daemon.conversation.causes import Cause, Notice
from daemon.conversation.commands import Earcon
from daemon.speech.earcons import NOTE, SORRY, TUNES, Sound, earcon, notes
from tests.daemon.sound.signals import db

SOUNDS = [*Earcon, *Cause, *Notice]
RATES = [8_000, 24_000, 44_100, 48_000]
FAILURES = [Earcon.MICROPHONE_LOST, *Cause]


def melody(sound: Sound) -> list[tuple[int, int]]:
    """What a listener tells tunes apart by: semitones from the note before, and when it sounds."""
    played = list(notes(sound))
    onsets = np.cumsum([0, *(ms for _, ms in played)])
    sounding = [(pitch, int(onset)) for (pitch, _), onset in zip(played, onsets, strict=False) if pitch]
    return [(round(12 * np.log2(b[0] / a[0])), b[1] - a[1]) for a, b in pairwise(sounding)]


def test_every_sound_has_a_tune_that_can_be_read() -> None:
    assert set(TUNES) == set(SOUNDS)
    for tune in TUNES.values():
        assert all(re.fullmatch(NOTE, note) for note in tune.split())


def test_no_two_sounds_are_alike() -> None:
    for first, second in combinations(SOUNDS, 2):
        assert melody(first) != melody(second), (first, second)


def test_failures_and_nothing_else_open_with_sorry() -> None:
    assert {sound for sound, tune in TUNES.items() if tune.startswith(SORRY)} == set(FAILURES)


@pytest.mark.parametrize("rate_hz", RATES)
def test_level_and_length(rate_hz: int) -> None:
    for sound in SOUNDS:
        samples = earcon(sound, rate_hz)
        assert abs(db(np.abs(samples.astype(int)).max() / 32_768) + 12) < 0.1, sound
        assert len(samples) / rate_hz < (0.6 if sound in FAILURES else 0.3), sound


def test_whoever_plays_one_changes_no_other() -> None:
    with pytest.raises(ValueError, match="read-only"):
        earcon(Earcon.AWAKE, 48_000)[0] = 1
    assert not np.array_equal(earcon(Earcon.AWAKE, 48_000), earcon(Earcon.ASLEEP, 48_000))
    assert len(earcon(Earcon.AWAKE, 48_000)) == 3 * len(earcon(Earcon.AWAKE, 16_000))


def test_no_edge_clicks() -> None:
    for sound in SOUNDS:
        samples = earcon(sound, 48_000).astype(int)
        for boundary in np.cumsum([0, *(ms * 48 for _, ms in notes(sound))]):
            around = samples[max(0, boundary - 24) : boundary + 24]  # half a millisecond on either side
            assert np.abs(around).max() < 300, sound


def test_waking_rises_and_falling_asleep_falls() -> None:
    rising = [pitch for pitch, _ in notes(Earcon.AWAKE)]
    falling = [pitch for pitch, _ in notes(Earcon.ASLEEP)]

    assert rising == sorted(rising)
    assert falling == sorted(falling, reverse=True)


def test_notes_are_read_as_musicians_do() -> None:
    played = [(round(pitch_hz), ms) for pitch_hz, ms in notes(Cause.NO_NETWORK)]

    assert played == [(392, 90), (311, 110), (0, 20), (784, 60), (0, 140), (784, 90)]


def test_pitches_are_what_they_are_called() -> None:
    spectrum = np.abs(np.fft.rfft(earcon(Cause.NO_REPLY, 48_000)[12_000:], 48_000))

    assert abs(int(spectrum.argmax()) - 523) <= 2  # C5 is 523.25 Hz
