"""What of a text is the program's own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.doctor.support.shapes import (
    HOLE,
    LONGEST,
    Gap,
    Shapes,
    functions_of,
    log_messages,
    module_text,
    names_of,
    program_text,
    strings_of,
)

SOURCE = '''
"""A docstring that nobody says."""
log.info("session open: %s", model)
_log.warning("%s took longer than %g s (%d times)", name, limit, count)
other.info("not a logger of ours: %s", name)

async def look(a):
    """Another docstring."""
    return Finding("the card is gone", f"wait {a:g} s" f" and look for {a!r}", fact_one=1, **{"fact-two": 2})
'''


def log_shapes(words: tuple[str, ...] = ()) -> Shapes:
    return Shapes(log_messages(SOURCE), words)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("session open: gemini", f"session open: {HOLE}"),
        ("session open: ", f"session open: {HOLE}"),
        ("session open: a\nb", f"session open: {HOLE}"),
        ("my secret took longer than 10 s (3 times)", f"{HOLE} took longer than 10 s (3 times)"),
        ("lamp took longer than 1.5 s (3 times)", "lamp took longer than 1.5 s (3 times)"),
        ("x took longer than many s (3 times)", None),
        ("not a logger of ours: x", None),
        ("session opens: x", None),
        ("before session open: x", None),
        ("turn on the lamp", None),
        ("session open: " + "x" * LONGEST, None),
    ],
)
def test_a_message_passes_without_what_was_put_into_it(text: str, own: str | None) -> None:
    assert log_shapes(("lamp",)).own_words(text) == own


def test_strings_with_what_formatting_says_of_their_gaps() -> None:
    assert ("the card is gone",) in set(strings_of(SOURCE))
    assert ("wait ", Gap(numeric=True), " s and look for ", Gap()) in set(strings_of(SOURCE))
    assert not any("docstring" in str(message) for message in strings_of(SOURCE))


def test_a_message_without_words_of_its_own_recognises_nothing() -> None:
    assert Shapes([(Gap(), ": ", Gap())]).own_words("the code is: 4711") is None


def test_the_message_with_the_most_words_is_taken() -> None:
    vague, exact = ("cannot open ", Gap()), ("cannot open ", Gap(), ": no such file")
    shapes = Shapes([vague, exact])
    assert shapes.own_words("cannot open x: no such file") == f"cannot open {HOLE}: no such file"


@given(st.text(max_size=100), st.text(max_size=100))
def test_nothing_that_is_put_into_a_gap_comes_out(one: str, other: str) -> None:
    shapes = Shapes([("the name ", Gap(), " is not the name ", Gap())])
    assert shapes.own_words(f"the name {one} is not the name {other}") == f"the name {HOLE} is not the name {HOLE}"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_a_number_comes_out_as_it_went_in(number: float) -> None:
    shapes = Shapes([("it took so long: ", Gap(numeric=True), " s")])
    assert shapes.own_words(f"it took so long: {number:.2f} s") == f"it took so long: {number:.2f} s"


def test_what_facts_and_functions_are_called() -> None:
    assert {"fact_one", "fact-two"} <= set(names_of(SOURCE))
    assert functions_of(SOURCE) == {"look", "<module>"}


def test_the_program_has_messages() -> None:
    shapes = Shapes(log_messages(module_text("daemon.hearing.wake_worker") or ""))
    behind = "the wake worker is behind: 120 ms skipped (2 times so far)"
    assert shapes.own_words(behind) == behind
    assert sum(1 for _ in program_text("daemon/doctor", "hardware/errors.py")) > 10


@pytest.mark.parametrize("name", ["os", "daemon.nothing", "daemon.../etc/passwd", "daemon", "daemon.Ears"])
def test_only_modules_of_the_program_are_read(name: str) -> None:
    assert module_text(name) is None
