"""How a problem is shown: one line, in which everything can be seen but a secret."""

from pathlib import Path

import pytest

from daemon.house.file import check
from daemon.settings.problems import shown_key
from tests.daemon.settings.files import Write


def test_shown_keys() -> None:
    assert shown_key(("device", 1, "pin")) == "device[2].pin"
    assert shown_key(("a b", "c")) == "'a b'.c"
    assert shown_key(()) == ""


@pytest.mark.parametrize(
    "text",
    [
        '[microphone]\ndevice = "a\\nb"',
        '"a\\u001b[31m" = 1',
        '[wake]\nthreshold = "\\u001b[31m"',
        '[live]\nca_file = "/no\\u202ewhere"',
        '[[device]]\nname = "a\\u0000"\nkind = "led"\npin = 4\n[[device]]\nname = "a\\u0000"\nkind = "led"\npin = 4',
        "[wake.a\u202eb]",
        "a = \x07",
        '[wake]\nmodels = ["hey\\u0085"]',
        '["a\\nb"]\n["a\\nb"]',
    ],
)
def test_a_problem_is_one_line_that_shows_what_is_there(write: Write, text: str) -> None:
    report = check(write(text))
    assert report.problems
    for line in str(report).split("\n"):
        assert line.isprintable()
        assert ". Fix: " in line


def test_the_name_of_a_file_is_shown_as_well(tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "pipit.toml").touch()
    (tmp_path / "conf.d" / "a\nb\x1b.toml").touch()
    assert str(check(tmp_path / "pipit.toml")).endswith("a\\nb\\x1b.toml: ok, 0 devices")


KEY = "AIzaSyA-0123456789abcdefghijklmnopqrstu"


@pytest.mark.parametrize(
    "text",
    [
        f'[live]\nmodel = "{KEY}"',
        f'[live]\nmodel = "{KEY}"\nvoice = 3',
        f'[wake]\nmodels = ["a/{KEY}"]',
        f'[live]\nca_file = "/{KEY}"',
        f'[[device]]\nname = "{KEY}"\nkind = "led"\npin = 0',
        f"[{KEY}]\n[{KEY}]",
        f'[broker]\nhost = "{KEY}."',
        f'[live.credential]\nfile = "/home/{KEY}"\nsecret_file = "/{KEY}"',
    ],
)
def test_a_key_in_the_wrong_place_is_not_shown(write: Write, text: str) -> None:
    report = check(write(text))
    assert report.problems or report.warnings
    assert KEY not in str(report)
