"""What each light is told, byte by byte."""

import pytest

from daemon.lights.films import bar_film, film_of, frame_at, left_film
from daemon.lights.looks import LOOKS
from daemon.lights.palettes import PALETTES


def test_listening_is_steady_and_blue() -> None:
    assert film_of("listening", 3) == ((b"\0\0\xff" * 3, None),)


def test_half_the_light_is_half_of_each_colour() -> None:
    assert film_of("ringing", 1, "usual", 0.5)[0] == (bytes((128, 96, 0)), 0.4)


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("pattern", [name for name in LOOKS if name != "idle"])
def test_what_is_shown_is_seen_however_faint(pattern: str, palette: str) -> None:
    frames = [frame for frame, _ in film_of(pattern, 12, palette, 0.0001)]
    assert any(any(frame) for frame in frames)
    assert all(len(frame) == 36 for frame in frames)


def test_an_unknown_pattern_is_dark() -> None:
    assert film_of("disco", 2) == ((bytes(6), None),)


def test_the_same_film_is_made_once() -> None:
    assert film_of("thinking", 12) is film_of("thinking", 12)


def test_a_frame_by_its_time() -> None:
    film = ((b"a", 0.5), (b"b", 0.25))
    assert [frame_at(film, seconds) for seconds in (0, 0.4, 0.6, 0.75, 1.3, 750.1)] == [
        b"a",
        b"a",
        b"b",
        b"a",
        b"b",
        b"a",
    ]
    assert frame_at(((b"a", 0.5), (b"b", None)), 9) == b"b"


def test_bars_stand_still() -> None:
    assert bar_film(0.5, 2) == ((b"\xff\xff\xff\0\0\0", None),)
    [(frame, seconds)] = left_film(1.0, 1)
    assert seconds is None
    assert 0 < max(frame) < 100
