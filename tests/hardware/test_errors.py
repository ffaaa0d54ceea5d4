"""What the user can mend is one line that says how, whatever is in it."""

import os

import pytest

from hardware.errors import DeviceBusy, DeviceMissing, FormatRefused, HardwareError, PinRefused, PipitError, one_line


def test_an_error_is_its_sentence_and_its_fix():
    error = PipitError("the lamp is gone", fix="plug it in")
    assert (str(error), error.message, error.fix) == (
        "the lamp is gone. Fix: plug it in",
        "the lamp is gone",
        "plug it in",
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Käthe's lamp", "Käthe's lamp"),
        ("a\nb", "a\\nb"),
        ("\x1b[31m", "\\x1b[31m"),
        ("no\u202ewhere", "no\\u202ewhere"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_is_not_printable_is_shown_and_not_done(text, shown):
    assert one_line(text) == shown
    assert str(PipitError(text, fix=text)) == f"{shown}. Fix: {shown}"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (HardwareError, os.EX_IOERR),
        (DeviceMissing, os.EX_NOINPUT),
        (DeviceBusy, os.EX_TEMPFAIL),
        (FormatRefused, os.EX_DATAERR),
        (PinRefused, os.EX_CONFIG),
    ],
)
def test_each_kind_ends_a_command_with_a_status_of_its_own(kind, status):
    assert kind("x", fix="y").exit_status == status
    assert issubclass(kind, HardwareError)
