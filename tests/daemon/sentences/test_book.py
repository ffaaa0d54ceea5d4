"""The sentences of a language, as a voice is given them."""

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from daemon.conversation.causes import Cause, Notice
from daemon.sentences.book import Book
from daemon.sentences.shelf import written_languages

LANGUAGES = written_languages()
HOUR, DAY = 3600, 86_400


@pytest.fixture(params=LANGUAGES)
def book(request: pytest.FixtureRequest) -> Book:
    return Book.of(request.param)


def test_every_cause_and_notice_is_said_in_words_of_its_own(book: Book) -> None:
    said = {book(what) for what in (*Cause, *Notice)}
    assert len(said) == len(Cause) + len(Notice)


def test_a_language_speaks_for_its_regions_and_english_for_what_is_missing() -> None:
    assert Book.of("de-CH")("while_i_was_off") == Book.of("de")("while_i_was_off") != Book.of("en")("while_i_was_off")
    assert Book.of("sv")("while_i_was_off") == Book.of("en")("while_i_was_off")


@pytest.mark.parametrize(
    ("language", "voice"),
    [("de-CH", "de-CH"), ("en-GB", "en-GB"), ("pt", "pt-BR"), ("pt-PT", "pt-PT"), ("sv-SE", "en")],
)
def test_it_says_in_which_language_a_voice_reads_it(language: str, voice: str) -> None:
    assert Book.of(language).language == voice


def test_english_that_says_what_is_written_loads_no_babel() -> None:
    code = (
        "import sys; from daemon.sentences.book import Book; from datetime import datetime; book = Book.of('en-GB');"
        "book('while_i_was_off'); book('timer_done', name='pasta'); book.clock(datetime(2026, 12, 1, 7));"
        "sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("key", ["timer_undone", "causes", "lost"])
def test_what_nobody_wrote_is_an_error_of_ours(book: Book, key: str) -> None:
    with pytest.raises(KeyError):
        book(key)


def test_a_value_that_lacks_is_an_error_of_ours(book: Book) -> None:
    with pytest.raises(KeyError):
        book("timer_done")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("<break time='9s'/>egg", "break time='9s'/ egg"),
        ("{name} {0.__class__}", "{name} {0.__class__}"),
        ("pasta\nand\r\n\tsauce\0", "pasta and sauce"),
        ("a\u00a0b\u202fc\u2028d\u202e", "a b c d"),
        ("fish & chips", "fish chips"),
    ],
)
def test_a_value_is_neither_markup_nor_a_placeholder_nor_a_line(book: Book, value: str, said: str) -> None:
    assert book("timer_done", name=value) == book("timer_done", name="!").replace("!", said)


DURATIONS = {
    "de": ("eine Sekunde", "eine Stunde und 21 Minuten", "2 Tage, eine Stunde und eine Minute"),
    "en": ("one second", "one hour and 21 minutes", "2 days, one hour, and one minute"),
    "es": ("un segundo", "una hora y veintiún minutos", "2 días, una hora y un minuto"),
    "fr": ("une seconde", "une heure et vingt et une minutes", "2 jours, une heure et une minute"),
    "it": ("un secondo", "un'ora e 21 minuti", "2 giorni, un'ora e un minuto"),
    "nl": ("één seconde", "één uur en 21 minuten", "2 dagen, één uur en één minuut"),
    "pl": ("jedna sekunda", "jedna godzina i 21 minut", "2 dni, jedna godzina i jedna minuta"),
    "pt-BR": ("um segundo", "uma hora e 21 minutos", "2 dias, uma hora e um minuto"),
}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_durations_of_one_two_and_three_parts(tag: str) -> None:
    book = Book.of(tag)
    seconds = (1, HOUR + 21 * 60, 2 * DAY + HOUR + 60)
    assert tuple(book.duration(s) for s in seconds) == DURATIONS[tag]


@pytest.mark.parametrize(
    ("language", "seconds", "said"),
    [
        *(("en", 0, "0 seconds"), ("en", -5, "0 seconds"), ("en", 90 * 60, "one hour and 30 minutes")),
        *(("en", DAY, "one day"), ("en", 3650 * DAY, "3650 days")),
        ("en", 2 * DAY + 3 * HOUR + 4 * 60 + 5, "2 days, 3 hours, and 4 minutes"),
        ("en", DAY + 5, "one day and 5 seconds"),
        *(("pt-BR", 2 * HOUR, "duas horas"), ("pt-BR", 22 * HOUR + 120, "vinte e duas horas e 2 minutos")),
        *(("pl", 2 * HOUR, "dwie godziny"), ("pl", 3 * HOUR, "3 godziny"), ("pl", 5 * HOUR, "5 godzin")),
        *(("pl", 22 * 60, "dwadzieścia dwie minuty"), ("pl", 12 * 60, "12 minut")),
        *(("es", 21 * HOUR, "veintiuna horas"), ("fr", 21 * HOUR, "vingt et une heures"), ("fr", 0, "0 seconde")),
    ],
)
def test_one_and_two_have_their_gender_and_every_number_its_plural(language: str, seconds: int, said: str) -> None:
    assert Book.of(language).duration(seconds) == said


def test_every_minute_of_a_day_has_a_name_of_its_own(book: Book) -> None:
    times = {book.clock(datetime(2026, 12, 1, *divmod(minute, 60), tzinfo=UTC)) for minute in range(24 * 60)}
    assert len(times) == 24 * 60
    assert all("{" not in time and ":" not in time for time in times)


@pytest.mark.parametrize(
    ("language", "times"),
    [
        ("de", ["Mitternacht", "null Uhr 5", "ein Uhr", "7 Uhr 30", "12 Uhr", "21 Uhr 1"]),
        ("en", ["midnight", "12 oh 5 AM", "1 AM", "7 30 AM", "noon", "9 oh 1 PM"]),
        ("es", ["las doce de la noche", "las cero horas y 5", "la una", "las 7 y 30", "las 12", "las veintiuna y 1"]),
        ("fr", ["minuit", "minuit 5", "une heure", "7 heures 30", "midi", "vingt et une heures une"]),
        ("it", ["a mezzanotte", "a mezzanotte e 5", "all'una", "alle 7 e 30", "a mezzogiorno", "alle 21 e 1"]),
        ("nl", ["middernacht", "nul uur 5", "één uur", "7 uur 30", "12 uur", "21 uur 1"]),
        (
            "pl",
            *(
                [
                    "północy",
                    "zerowej zero 5",
                    "pierwszej",
                    "siódmej 30",
                    "dwunastej",
                    "dwudziestej pierwszej zero jeden",
                ],
            ),
        ),
        (
            "pt-BR",
            *(["à meia-noite", "à meia-noite e 5", "à uma hora", "às 7 e 30", "ao meio-dia", "às vinte e uma e 1"],),
        ),
    ],
)
def test_times_of_day(language: str, times: list[str]) -> None:
    at = [(0, 0), (0, 5), (1, 0), (7, 30), (12, 0), (21, 1)]
    assert [Book.of(language).clock(datetime(2026, 12, 1, *time, tzinfo=UTC)) for time in at] == times


def test_a_time_is_that_of_its_zone() -> None:
    at = datetime(2026, 12, 1, 23, 5, 59, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin"))
    book = Book.of("de")
    assert (book.day(at), book.clock(at)) == ("Mittwoch, der zweite Dezember", "null Uhr 5")


@pytest.mark.parametrize(
    ("language", "first", "other"),
    [
        ("de", "Dienstag, der erste Dezember", "Montag, der zweiundzwanzigste März"),
        ("en", "Tuesday, December 1st", "Monday, March 22nd"),
        ("es", "martes, primero de diciembre", "lunes, 22 de marzo"),
        ("fr", "mardi premier décembre", "lundi 22 mars"),
        ("it", "martedì primo dicembre", "lunedì 22 marzo"),
        ("nl", "dinsdag 1 december", "maandag 22 maart"),
        ("pl", "wtorek, pierwszego grudnia", "poniedziałek, dwudziestego drugiego marca"),
        ("pt-BR", "terça-feira, primeiro de dezembro", "segunda-feira, 22 de março"),
    ],
)
def test_days(language: str, first: str, other: str) -> None:
    book = Book.of(language)
    assert (book.day(date(2026, 12, 1)), book.day(date(2027, 3, 22))) == (first, other)


def test_every_day_of_a_year_has_a_name_of_its_own(book: Book) -> None:
    first = date(2028, 1, 1).toordinal()  # a leap year
    assert len({book.day(date.fromordinal(first + day)) for day in range(366)}) == 366


@pytest.mark.parametrize(
    ("language", "value", "places", "said"),
    [
        *(("en", 12_500, 0, "12500"), ("de", 1.25, 1, "1,2"), ("pl", Decimal("1.5"), 2, "1,5"), ("fr", 3.0, 2, "3")),
        *(("en", -5, 0, "minus 5"), ("fr", -5, 0, "moins 5"), ("pt-BR", -5.5, 1, "menos 5,5"), ("nl", -5, 0, "min 5")),
        *(("it", -0.2, 0, "0"), ("es", 1_000_000, 0, "1000000")),
    ],
)
def test_numbers_have_words_for_signs_and_no_groups(language: str, value: float, places: int, said: str) -> None:
    assert Book.of(language).number(value, places) == said


def test_percent() -> None:
    assert [Book.of("de").percent(n) for n in (0, 1, 40)] == ["0 Prozent", "ein Prozent", "40 Prozent"]
    assert Book.of("fr").percent(40) == "40 pour cent"
