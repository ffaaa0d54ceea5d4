"""What a USB card takes, as kernels list it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.examining.patient import Patient
from daemon.machine.usb_streams import Offer, offers

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine

DONGLE = """C-Media USB Headphone Set at usb-0000:01:00.0-1.3, full speed : USB Audio

Playback:
  Status: Stop
  Interface 1
    Altset 1
    Format: S16_LE
    Channels: 2
    Endpoint: 0x01 (1 OUT) (ADAPTIVE)
    Rates: 48000, 44100
    Bits: 16
    Channel map: FL FR

Capture:
  Status: Stop
  Interface 2
    Altset 1
    Format: S16_LE
    Channels: 1
    Endpoint: 0x82 (2 IN) (ASYNC)
    Rates: 48000, 44100
    Bits: 16
    Channel map: MONO
  Interface 2
    Altset 2
    Format: S24_3LE
    Channels: 2
    Endpoint: 0x82 (2 IN) (ASYNC)
    Rates: 8000 - 96000 (continuous)
    Bits: 24
"""


def test_each_direction_has_ways_of_its_own(machine: Machine) -> None:
    machine.file("/proc/asound/card1/stream0", DONGLE)
    site = Patient(machine.root)
    assert offers(site, 1, 0, "p") == (Offer(("S16_LE",), 2, (48_000, 44_100)),)
    plain, fine = offers(site, 1, 0, "c")
    assert plain == Offer(("S16_LE",), 1, (48_000, 44_100))
    assert fine == Offer(("S24_3LE",), 2, (8_000, 96_000), continuous=True)
    assert [plain.has_rate(rate) for rate in (16_000, 44_100)] == [False, True]
    assert [fine.has_rate(rate) for rate in (7_999, 16_000, 96_001)] == [False, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Capture:\n",
        "x\n\nCapture:\n  Interface 1\n    Altset 1\n    Format: S16_LE\n    Channels: many\n    Rates: 8000\n",
        "x\n\nCapture:\n  Interface 1\n    Altset 1\n    Format: S16_LE\n    Channels: 1\n    Rates: none\n",
        "x\n\nCapture:\n  Interface 1\n    Altset 1\n    Format: S16_LE\n    Channels: 1\n",
    ],
)
def test_what_cannot_be_read_is_nothing(machine: Machine, text: str) -> None:
    machine.file("/proc/asound/card1/stream0", text)
    assert offers(Patient(machine.root), 1, 0, "c") == ()
    assert offers(Patient(machine.root), 2, 0, "c") == ()
