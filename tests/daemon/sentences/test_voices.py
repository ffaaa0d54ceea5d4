"""What espeak-ng makes of the sentences: of what is different when it is read, a sound that is different."""

from datetime import UTC, datetime

import numpy as np
import pytest

from daemon.sentences.book import Book
from daemon.sentences.shelf import written_languages
from daemon.sound.pcm import Samples
from daemon.speech.synthesis import Espeak


@pytest.fixture(params=written_languages())
def book(request: pytest.FixtureRequest) -> Book:
    return Book.of(request.param)


async def sound(book: Book, text: str) -> Samples:
    return await Espeak(book.language).speak(text)


async def sounds_the_same(book: Book, one: str, other: str) -> bool:
    return np.array_equal(await sound(book, one), await sound(book, other))


async def test_the_same_text_is_the_same_sound(book: Book) -> None:
    """Else the tests below would be worth nothing."""
    assert await sounds_the_same(book, book("while_i_was_off"), book("while_i_was_off"))


async def test_what_is_below_zero_does_not_sound_like_what_is_above(book: Book) -> None:
    assert not await sounds_the_same(book, book.number(-5), book.number(5))
    assert not await sounds_the_same(book, book.number(-1.5, 1), book.number(1.5, 1))


async def test_a_large_number_sounds_like_its_digits(book: Book) -> None:
    assert await sounds_the_same(book, book.number(12_500), "12500")


async def test_a_decimal_point_is_heard(book: Book) -> None:
    assert not await sounds_the_same(book, book.number(1.5, 1), book.number(15))


@pytest.mark.parametrize("minutes", [(7 * 60, 7 * 60 + 5), (7 * 60 + 5, 7 * 60 + 50), (7 * 60, 19 * 60), (0, 12 * 60)])
async def test_two_times_are_told_apart(book: Book, minutes: tuple[int, int]) -> None:
    one, other = (book.clock(datetime(2026, 12, 1, *divmod(at, 60), tzinfo=UTC)) for at in minutes)
    assert not await sounds_the_same(book, one, other)


async def test_a_name_that_looks_like_markup_swallows_nothing(book: Book) -> None:
    whole, cut = book("timer_done", name="<break time egg"), book("timer_done", name="")
    assert len(await sound(book, whole)) > len(await sound(book, cut))
