"""What a row of lights shows of all that it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.lights.films import bar_film, film_of, left_film
from daemon.lights.pixel_indicator import BAR_S, DIMMED, PixelIndicator
from hardware.base import Dimmable
from hardware.fake_lights import RecordingPixels
from hardware.lights.projector import Projector
from tests.hardware.manual_clock import ManualTimers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hardware.base import Film


class Screen(Projector):
    """A projector without a thread, which remembers what it was to show."""

    def __init__(self) -> None:
        super().__init__(RecordingPixels())
        self.films: list[Film] = []
        self.running = False

    def start(self) -> None:
        self.running = True

    def show(self, film: Film) -> None:
        self.films.append(film)

    def stop(self) -> None:
        self.running = False


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def timers() -> ManualTimers:
    return ManualTimers()


@pytest.fixture
async def light(screen: Screen, timers: ManualTimers) -> AsyncIterator[PixelIndicator]:
    shining = PixelIndicator(RecordingPixels(12), later=timers, clock=lambda: timers.now, projector=screen)
    async with shining:
        yield shining


async def test_it_is_dark_until_it_is_told(light: PixelIndicator, screen: Screen) -> None:
    assert screen.films == [film_of("idle", 12)]
    light.show("thinking")
    assert screen.films[-1] == film_of("thinking", 12)


async def test_it_shows_nothing_before_it_is_open_nor_after(screen: Screen, timers: ManualTimers) -> None:
    light = PixelIndicator(RecordingPixels(12), later=timers, projector=screen)
    light.show("listening")
    assert screen.films == []
    async with light:
        assert screen.films == [film_of("listening", 12)]
        light.bar(0.5)
        light.count_down(10, 10)
    assert not screen.running
    assert timers.pending == []
    light.show("failed")
    assert screen.films[-1] == bar_film(0.5, 12)


async def test_in_quiet_hours_it_looks_a_quarter_as_bright(light: PixelIndicator, screen: Screen) -> None:
    assert isinstance(light, Dimmable)
    light.dim(True)
    light.show("listening")
    assert screen.films[-1] == film_of("listening", 12, "usual", DIMMED**2.2)
    light.dim(False)
    light.show("listening")
    assert screen.films[-1] == film_of("listening", 12)


async def test_the_volume_is_shown_for_two_seconds(light: PixelIndicator, screen: Screen, timers: ManualTimers) -> None:
    light.bar(0.4)
    timers.advance(BAR_S - 0.1)
    light.bar(0.5)
    timers.advance(BAR_S - 0.1)
    assert screen.films[-1] == bar_film(0.5, 12)
    timers.advance(0.2)
    assert screen.films[-1] == film_of("idle", 12)
    assert timers.pending == []


@pytest.mark.parametrize("pattern", ["watching", "muted"])
async def test_no_bar_hides_a_promise(light: PixelIndicator, screen: Screen, pattern: str) -> None:
    light.show(pattern)
    light.bar(0.5)
    assert screen.films[-1] == film_of(pattern, 12)


async def test_what_is_left_of_a_timer_is_shown_at_rest(
    light: PixelIndicator, screen: Screen, timers: ManualTimers
) -> None:
    light.count_down(60, 120)
    assert screen.films[-1] == left_film(0.5, 12)
    timers.advance(30)
    assert screen.films[-1] == left_film(0.25, 12)
    light.show("listening")
    assert screen.films[-1] == film_of("listening", 12)
    assert timers.pending == [], "nothing wakes for what is not shown"
    timers.advance(15)
    light.show("idle")
    assert screen.films[-1] == left_film(0.125, 12)
    timers.advance(20)
    assert screen.films[-1] == left_film(0.0, 12)
    assert timers.pending == []


async def test_a_timer_that_is_cancelled_leaves_it_dark(
    light: PixelIndicator, screen: Screen, timers: ManualTimers
) -> None:
    light.count_down(60, 60)
    light.count_down(0, 0)
    assert screen.films[-1] == film_of("idle", 12)
    assert timers.pending == []


async def test_how_loud_it_is_shows_while_it_hears_and_only_then(light: PixelIndicator, screen: Screen) -> None:
    light.loudness(1.0)
    assert len(screen.films) == 1
    light.show("hearing")
    assert light.wants_loudness
    for level in (0.5, 0.51, 0.5):
        light.loudness(level)
    assert screen.films[1:] == [film_of("hearing", 12), film_of("hearing", 12, "usual", 1.0, 0.5)]
    light.show("thinking")
    assert not light.wants_loudness


async def test_its_own_thread_ends_with_it() -> None:
    pixels = RecordingPixels(3)
    async with PixelIndicator(pixels) as light:
        light.show("listening")
        assert pixels.arrived.wait(10)
    assert pixels.closed == 1
    assert pixels.frames[-1] == bytes(9)
