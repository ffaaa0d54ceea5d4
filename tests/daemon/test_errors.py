"""What a command ends with, and where an error came from, without what it says."""

from __future__ import annotations

import os

import pytest

from daemon.errors import (
    AudioFileError,
    ModelFileError,
    PipitError,
    PortInUse,
    SettingsError,
    UsageError,
    one_line,
    place_of,
)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (SettingsError, os.EX_CONFIG),
        (UsageError, os.EX_USAGE),
        (AudioFileError, os.EX_DATAERR),
        (ModelFileError, os.EX_NOINPUT),
        (PortInUse, os.EX_UNAVAILABLE),
        (PipitError, 1),
    ],
)
def test_each_family_ends_a_command_with_its_status(kind: type[PipitError], status: int) -> None:
    assert kind("what", fix="how").exit_status == status


def test_problems_of_the_settings_are_a_line_each_and_say_their_fixes_themselves() -> None:
    lines = "pipit.toml:1: a: unknown key. Fix: remove it\npipit.toml:2: b: unknown key. Fix: remove it"
    assert str(SettingsError(lines, fix="correct the 2 lines")) == lines
    assert "\n" not in str(UsageError(lines, fix="correct them"))


def test_the_place_of_an_error_says_nothing_of_what_it_says() -> None:
    def fail() -> None:
        raise ValueError("my secret")

    with pytest.raises(ValueError, match="secret") as raised:
        fail()
    line = fail.__code__.co_firstlineno + 1
    assert place_of(raised.value) == f"test_errors.py:{line}"
    assert place_of(ValueError("never raised")) == "an unknown place"


def test_what_is_shown_of_others_is_one_line() -> None:
    assert one_line("a\r\nb\x1b") == r"a\r\nb\x1b"
