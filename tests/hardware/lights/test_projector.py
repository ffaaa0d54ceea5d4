"""Which frame is written when, and what becomes of lights that come and go."""

import logging
import threading

import pytest

from hardware.fake_lights import RecordingPixels
from hardware.lights.projector import AGAIN_S, Projector

RED, BLUE = b"\xff\0\0", b"\0\0\xff"
BLINK = ((RED, 0.5), (BLUE, 0.25))
STILL = ((RED, None),)


@pytest.fixture
def pixels() -> RecordingPixels:
    return RecordingPixels(1)


class Time:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def projector_of(pixels: RecordingPixels) -> tuple[Projector, Time]:
    time = Time()
    return Projector(pixels, clock=time), time


def play(projector: Projector, time: Time, seconds: float) -> list[float]:
    """The moments at which it woke; what it sleeps goes by at once."""
    ends, woke = time.now_s + seconds, []
    while time.now_s < ends:
        woke.append(round(time.now_s - 100.0, 6))
        wait_s = projector.step(time.now_s)
        if wait_s is None:
            break
        time.now_s += wait_s
    return woke


def test_each_frame_stays_for_its_time(pixels: RecordingPixels) -> None:
    projector, time = projector_of(pixels)
    projector.show(BLINK)
    assert play(projector, time, 1.5) == [0.0, 0.5, 0.75, 1.25]
    assert pixels.frames == [RED, BLUE, RED, BLUE]


def test_what_stands_still_wakes_nobody(pixels: RecordingPixels) -> None:
    projector, time = projector_of(pixels)
    projector.show(STILL)
    assert play(projector, time, 60) == [0.0]
    assert projector.step(time.now_s + 60) is None
    assert pixels.frames == [RED]


def test_before_there_is_a_film_nothing_is_written(pixels: RecordingPixels) -> None:
    projector, time = projector_of(pixels)
    assert projector.step(time.now_s) is None
    assert (pixels.opened, pixels.frames) == (1, [])


def test_another_film_begins_at_once_and_the_same_one_goes_on(pixels: RecordingPixels) -> None:
    projector, time = projector_of(pixels)
    projector.show(BLINK)
    projector.step(time.now_s)
    projector.show(BLINK)
    assert projector.step(time.now_s + 0.2) == pytest.approx(0.3)
    projector.show(((BLUE, 1.0),))
    assert projector.step(time.now_s + 0.2) == 1.0
    assert pixels.frames == [RED, BLUE]


def test_after_a_halt_it_makes_up_for_nothing(pixels: RecordingPixels) -> None:
    projector, time = projector_of(pixels)
    projector.show(BLINK)
    projector.step(time.now_s)
    assert projector.step(time.now_s + 1000) == 0
    assert projector.step(time.now_s + 1000) == 0.5
    assert pixels.frames == [RED, BLUE, RED]


def test_a_frame_like_the_one_before_is_not_written_again(pixels: RecordingPixels) -> None:
    projector, time = projector_of(pixels)
    projector.show(((RED, 0.1), (RED, 0.1), (BLUE, 0.1)))
    play(projector, time, 0.55)
    assert pixels.frames == [RED, BLUE, RED, BLUE]


def test_lights_that_are_missing_are_told_once_and_looked_for(
    pixels: RecordingPixels, caplog: pytest.LogCaptureFixture
) -> None:
    projector, time = projector_of(pixels)
    pixels.missing = True
    projector.show(STILL)
    assert play(projector, time, 3 * AGAIN_S) == [0.0, AGAIN_S, 2 * AGAIN_S]
    assert caplog.text.count("there are no lights") == 1
    pixels.missing = False
    with caplog.at_level(logging.INFO):
        play(projector, time, AGAIN_S)
    assert "the recorded lights are there again" in caplog.text
    assert pixels.frames == [RED]


def test_lights_that_go_away_come_back_with_what_is_to_be_seen(
    pixels: RecordingPixels, caplog: pytest.LogCaptureFixture
) -> None:
    projector, time = projector_of(pixels)
    projector.show(BLINK)
    projector.step(time.now_s)
    pixels.broken = True
    time.now_s += 0.5
    assert projector.step(time.now_s) == AGAIN_S
    assert (caplog.text.count("the lights fail"), pixels.closed) == (1, 1)
    pixels.broken = False
    projector.show(STILL)
    assert projector.step(time.now_s + 1) == pytest.approx(AGAIN_S - 1)
    assert projector.step(time.now_s + AGAIN_S) is None
    assert pixels.frames[-1] == RED
    assert pixels.opened == 2


def test_its_thread_shows_and_ends_dark(pixels: RecordingPixels) -> None:
    projector = Projector(pixels)
    projector.start()
    projector.show(STILL)
    assert pixels.arrived.wait(10)
    projector.stop()
    assert pixels.frames == [RED, bytes(3)]


class Hanging(RecordingPixels):
    def __init__(self) -> None:
        super().__init__(1)
        self.release = threading.Event()

    def write(self, frame: bytes) -> None:
        super().write(frame)
        self.release.wait(10)


def test_lights_that_hang_do_not_hold_up_the_end(caplog: pytest.LogCaptureFixture) -> None:
    pixels = Hanging()
    projector = Projector(pixels, patience_s=0.01)
    projector.start()
    projector.show(STILL)
    assert pixels.arrived.wait(10)
    projector.stop()
    assert "do not answer, and may stay lit" in caplog.text
    pixels.release.set()
