"""The page about lights has the table that the code has."""

from pathlib import Path

from daemon.lights.lights_page import MOTIONS, looks_table
from daemon.lights.looks import LOOKS

PAGE = Path(__file__).parents[3] / "docs" / "lights.md"


def test_the_page_has_the_table_of_the_code() -> None:
    assert looks_table() in PAGE.read_text(encoding="utf-8"), "run `python -m daemon.lights.lights_page`"


def test_every_motion_has_its_words() -> None:
    assert {look.motion for look in LOOKS.values()} - set(MOTIONS) == {"blink"}


def test_a_row_of_it() -> None:
    assert "| `listening` | your turn: nothing was said yet | lit | as a single light | blue |" in looks_table()
    assert "| `idle` | waits for the wake word | dark | as a single light |  |" in looks_table()
