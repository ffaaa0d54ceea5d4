"""What is said of a language that Pipit itself does not speak."""

from pathlib import Path

import pytest

from daemon.house.checks import warnings_about
from daemon.house.file import check
from daemon.house.settings import HouseholdSettings, Settings
from daemon.sentences.checks import warnings_of_language


@pytest.mark.parametrize("language", ["en", "de-CH", "pt"])
def test_a_language_that_it_speaks_is_no_matter(language: str) -> None:
    assert list(warnings_of_language(language)) == []


def test_of_another_it_is_told_that_pipit_itself_speaks_english() -> None:
    [fault] = warnings_of_language("sv")
    assert fault.path == ("household", "language")
    assert fault.what == 'there are no sentences in "sv": what the device says by itself is English'
    assert "pt-BR" in fault.fix


def test_the_whole_tells_it_once(tmp_path: Path) -> None:
    swedish = Settings(household=HouseholdSettings(language="sv"))
    assert [fault.path for fault in warnings_about(swedish)].count(("household", "language")) == 1
    file = tmp_path / "pipit.toml"
    file.write_text('[household]\nlanguage = "sv"\n')
    assert ["no sentences" in str(problem) for problem in check(file).warnings].count(True) == 1
