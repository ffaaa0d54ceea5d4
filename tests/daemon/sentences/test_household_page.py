"""What can I say? The tables of the page, by language: current, whole, and in the language's own words."""

import shutil
import tomllib
from pathlib import Path

import pytest

from daemon.sentences.household_page import ASKING, BEGIN, PAGE, ROWS, page, write
from daemon.sentences.shelf import written_languages

ROOT = Path(__file__).parents[3]
ASKED = tomllib.loads((ROOT / ASKING).read_text(encoding="utf-8"))


def test_the_committed_page_is_current() -> None:
    current = (ROOT / PAGE).read_text(encoding="utf-8")
    assert current == page(ROOT), "run `python -m daemon.sentences.household_page`"


def test_each_language_that_has_sentences_has_a_table() -> None:
    assert sorted(ASKED) == written_languages()


@pytest.mark.parametrize("tag", ASKED)
def test_each_says_something_of_everything_that_can_be_asked(tag: str) -> None:
    assert set(ASKED[tag]) == {"language", "name", "text", "device", *ROWS}
    assert all(ASKED[tag][row] for row in ROWS)


@pytest.mark.parametrize("tag", [tag for tag in ASKED if tag != "en"])
def test_nothing_is_left_in_english(tag: str) -> None:
    own, english = ASKED[tag], ASKED["en"]
    same = [row for row in ROWS if set(own[row]) & set(english[row]) - {"Stop."}]
    assert same == []


def test_what_pipit_says_is_of_its_sentences() -> None:
    text = page(ROOT)
    assert "“Der Timer ist abgelaufen: Nudeln.”" in text
    assert "“It is 7 AM. This is your alarm.”" in text


def copied(root: Path) -> Path:
    (root / "docs").mkdir()
    for file in (PAGE, ASKING):
        shutil.copy(ROOT / file, root / file)
    return root


def test_it_is_written_again_as_it_was(tmp_path: Path) -> None:
    root = copied(tmp_path)
    write(root)
    assert (root / PAGE).read_bytes() == (ROOT / PAGE).read_bytes()


def test_without_its_marks_nothing_is_overwritten(tmp_path: Path) -> None:
    root = copied(tmp_path)
    (root / PAGE).write_text((root / PAGE).read_text(encoding="utf-8").replace(BEGIN, ""), encoding="utf-8")
    with pytest.raises(ValueError, match="lost the marks"):
        write(root)
