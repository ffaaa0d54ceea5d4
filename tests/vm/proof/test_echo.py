"""The loudspeaker heard by the microphone, late and louder than people are: the wake word over a reply, and in one."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ, rounded, silence
from daemon.sound.resample import resample
from daemon.sound.wav import read_audio, write_wav
from tests.system.voices import spoken
from tests.vm.appliance import LIVE, SETTLING_S, SHARE
from tests.vm.installation import WAKE_WORD
from tests.vm.sounds import sounds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from daemon.sound.pcm import Samples
    from tests.vm.appliance import Appliance

SETTINGS: Final = "/etc/pipit/conf.d/60-echo.toml"
ROOM: Final = "/run/room"
PROGRAM: Final = f"{SHARE}/pipit/tests/vm/guest/air.py"
PYTHON: Final = "/opt/pipit/current/venv/bin/python"
DELAY_MS: Final = 60
VOICE, REPLY = 0.05, 0.08
"""Loudness of a person and of a reply, of full scale 1."""
ABOVE_DB: Final = 8.0
"""So much louder than the voice is the reply at the microphone."""
GAIN_DB: Final = ABOVE_DB + 20 * float(np.log10(VOICE / REPLY))
STORY: Final = (
    "once upon a time there was a small house at the edge of a wide forest, and in that house lived a woman who "
    "could make bread that nobody ever forgot. every morning, long before the sun came up, she went down to the river"
)
STORY_S: Final = 40
LEARNING_S: Final = 9.0
"""Of a reply, until its echo is known."""
REPLYING: Final = "speaking, after ReplyStarted"
TRIES: Final = 3
"""Whoever is not heard says it again; so much a kitchen in simulated time allows, too."""
AGAIN_S: Final = 5.0
QUICKLY_S: Final = 3.0
"""After the word the reply is over, in a guest that has one processor for everything."""


@dataclass
class Room:
    """What sounds in it."""

    appliance: Appliance

    @property
    def folder(self) -> Path:
        return self.appliance.share / "room"

    def prepare(self, name: str, sound: Samples) -> None:
        """Something to `say`."""
        (self.folder / f"{name}.raw").write_bytes(as_loud(sound, VOICE).tobytes())

    def say(self, name: str) -> None:
        self.appliance.guest.sh(f"cp {SHARE}/room/{name}.raw {ROOM}/part && mv {ROOM}/part {ROOM}/say")

    def ask(self) -> None:
        """Until the reply is heard; once more where an xrun took it, for the guest is busy at first."""
        for _ in range(2):
            mark = self.appliance.mark()
            self.say("request")
            said = self.appliance.until_said(mark, "(speaking|idle), after", timeout_s=60)
            if REPLYING in said:
                return
        raise AssertionError(said)

    def tracks(self) -> dict[str, Samples]:
        """What was played, said and heard so far, 16 kHz, sample for sample."""
        names = ("played", "said", "heard")
        self.appliance.guest.sh(f"cp {' '.join(f'{ROOM}/{name}.raw' for name in names)} {SHARE}/room/")
        tracks = [np.frombuffer((self.folder / f"{name}.raw").read_bytes(), "<i2") for name in names]
        return dict(zip(names, (track[: min(map(len, tracks))] for track in tracks), strict=True))


def loudness(sound: Samples) -> float:
    """The RMS of what is not a pause."""
    power = np.square(sound[: len(sound) // 320 * 320].reshape(-1, 320).astype(float)).mean(axis=1)
    return float(np.sqrt(power[power > power.max() / 1_000].mean()))


def as_loud(sound: Samples, level: float) -> Samples:
    return rounded((sound * (level * 32_767 / loudness(sound))).astype(np.float32))


@contextmanager
def room(appliance: Appliance, echo: str, reply: Samples) -> Iterator[Room]:
    """The air between the cards, with the echo dealt with in this way, and a service that replies so once."""
    guest, made = appliance.guest, Room(appliance)
    made.folder.mkdir(exist_ok=True)
    made.prepare("word", spoken(WAKE_WORD))
    made.prepare("request", read_audio(appliance.share / "sounds/lamp-on.wav"))
    write_wav(made.folder / "reply.wav", resample(as_loud(reply, REPLY), CAPTURE_RATE_HZ, REPLY_RATE_HZ), REPLY_RATE_HZ)
    (made.folder / "reply.toml").write_text('[[turn]]\nsteps = [{ say = "Well.", wav = "reply.wav" }]\n')
    (made.folder / "echo.toml").write_text(f'[microphone]\necho = "{echo}"\n[speaker]\nvolume = 1.0\n')
    guest.sh(f"cp {SHARE}/room/reply.* {LIVE}/ && cp {SHARE}/room/echo.toml {SETTINGS}")
    appliance.serve_live(f"--scenario {LIVE}/reply.toml")
    appliance.restart()
    air = f"{PYTHON} {PROGRAM} {ROOM} {DELAY_MS} {GAIN_DB}"
    policy = "--property=CPUSchedulingPolicy=fifo --property=CPUSchedulingPriority=20"
    guest.sh(f"mkdir -p {ROOM} && systemd-run --quiet --collect --unit=room {policy} {air}")
    time.sleep(SETTLING_S)
    try:
        yield made
    finally:
        print(f"\nsound waited for {guest.run(f'cat {ROOM}/late').output} ms at most")
        guest.sh(f"systemctl stop room; rm -r {ROOM} {SETTINGS}")


def story() -> Samples:
    return np.resize(spoken(STORY), STORY_S * CAPTURE_RATE_HZ)


def say_it_over_the_reply(made: Room, tries: int) -> tuple[int, str]:
    """How often the wake word had to be said until the reply was interrupted, at most so often; and the journal."""
    mark = made.appliance.mark()
    for number in range(1, tries + 1):
        made.say("word")
        time.sleep(AGAIN_S)
        journal = made.appliance.said_since(mark)
        if "hearing, after WakeWordDetected" in journal:
            return number, journal
    return 0, journal


def last_word(tracks: dict[str, Samples]) -> int:
    """Where the last that was said ends."""
    return int(np.flatnonzero(tracks["said"])[-1])


def check_levels(tracks: dict[str, Samples]) -> None:
    """The room is as loud as was wanted, or the test shows nothing."""
    echo = tracks["heard"].astype(float) - tracks["said"]
    above_db = 20 * np.log10(loudness(echo) / loudness(tracks["said"]))
    assert abs(above_db - ABOVE_DB) < 2, f"{above_db:.1f} dB"


def test_the_wake_word_over_a_reply_interrupts_it(appliance: Appliance) -> None:
    with room(appliance, "software", story()) as made:
        made.ask()
        time.sleep(LEARNING_S)
        tries, journal = say_it_over_the_reply(made, TRIES)
        assert tries, journal
        tracks = made.tracks()
    check_levels(tracks)
    end, played = last_word(tracks), tracks["played"]
    loud = np.flatnonzero(np.abs(played[end : end + round(AGAIN_S * CAPTURE_RATE_HZ)].astype(int)) > 3)
    over_s = (loud[-1] if len(loud) else 0) / CAPTURE_RATE_HZ
    print(f"\ninterrupted by word {tries}, {over_s:.2f} s after its end the speaker is silent")
    assert over_s < QUICKLY_S


def test_with_the_echo_left_in_nobody_hears_it(appliance: Appliance) -> None:
    """That the one above is about the echo, and not a word that is heard over anything."""
    with room(appliance, "none", story()) as made:
        made.ask()
        time.sleep(LEARNING_S)
        tries, journal = say_it_over_the_reply(made, TRIES)
        tracks = made.tracks()
    check_levels(tracks)
    assert not tries, journal
    after = tracks["played"][last_word(tracks) + round(QUICKLY_S * CAPTURE_RATE_HZ) :]
    assert sounds(after), "the reply goes on"


@pytest.mark.parametrize("echo", ["software", "none"])
def test_a_reply_that_says_the_wake_word_is_heard_to_its_end(appliance: Appliance, echo: str) -> None:
    word = np.concatenate((spoken(WAKE_WORD), silence(CAPTURE_RATE_HZ)))
    with room(appliance, echo, np.concatenate((silence(CAPTURE_RATE_HZ), *(4 * [word])))) as made:
        mark = appliance.mark()
        made.ask()
        appliance.until_said(mark, f"(?s){REPLYING}.*idle, after", timeout_s=60)
        time.sleep(SETTLING_S)
        journal = appliance.said_since(mark)
    reply = journal.rpartition(REPLYING)[2]
    assert "after WakeWordDetected" not in reply, journal
    assert "idle, after PlayoutDrained" in reply, journal
    if echo == "none":
        assert "was our own" in reply, "it was not like a wake word in the first place"
