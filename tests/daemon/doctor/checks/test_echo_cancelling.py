from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.echo_cancelling import ECHO, examine_echo
from daemon.sound.echo.speexdsp import NoEchoLibrary, open_library
from tests.daemon.doctor.machine import GOOD, WARNING, assert_finding

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine

ROOM = 'device = "plughw:CARD=Room"'


@pytest.mark.parametrize("settings", ["", '[microphone]\necho = "software"'])
def test_the_library_can_be_loaded_or_not(machine: Machine, settings: str) -> None:
    machine.settings(f"{settings}\n")
    try:
        open_library()
    except NoEchoLibrary:
        assert_finding(machine.finding(ECHO), WARNING, "libspeexdsp.so.1 cannot be loaded")
    else:
        assert_finding(machine.finding(ECHO), GOOD, "libspeexdsp.so.1 takes the echo out")


def test_where_it_is_missing_that_is_a_warning(machine: Machine) -> None:
    finding = examine_echo(machine.site(), "libnothing-like-it.so.1")
    assert_finding(finding, WARNING, "cannot be loaded: the wake word is not heard over a loud reply")


def test_a_board_that_does_it_is_believed(machine: Machine) -> None:
    machine.settings(f"[microphone]\n{ROOM}\n[speaker]\n{ROOM}\n")
    machine.file("/proc/asound/Room/usbid", "0b0e:0412\n")
    assert_finding(machine.finding(ECHO), GOOD, "the board takes the echo out of what is heard")


def test_nobody_who_wants_none_is_warned(machine: Machine) -> None:
    machine.settings('[microphone]\necho = "none"\n')
    assert_finding(machine.finding(ECHO), GOOD, "the echo stays in what is heard")
