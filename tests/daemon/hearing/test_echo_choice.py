"""Who takes the echo out, of every choice on every kind of card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.hearing.echo_choice import EchoChoice, EchoChooser
from daemon.sound.echo.speexdsp import NoEchoLibrary
from hardware.base import PcmFormat

if TYPE_CHECKING:
    import ctypes
    from pathlib import Path

FORMAT = PcmFormat(rate_hz=24_000, period_frames=480)
JABRA, XVF, PLAIN = "0b0e:0412", "2886:001a", "0d8c:0014"


def missing() -> ctypes.CDLL:
    raise NoEchoLibrary("libspeexdsp.so.1 cannot be loaded", fix="sudo apt install libspeexdsp1")


def card(tmp_path: Path, usb: str) -> Path:
    folder = tmp_path / "asound/Room"
    folder.mkdir(parents=True)
    (folder / "usbid").write_text(f"{usb}\n")
    (tmp_path / "asound/card1").symlink_to(folder)
    return tmp_path


def chosen(choice: EchoChoice, microphone: str, speaker: str, proc: Path) -> str:
    return EchoChooser(choice, microphone, speaker, (), proc=proc).chosen()


@pytest.mark.parametrize(("usb", "wanted"), [(JABRA, "hardware"), (XVF, "hardware"), (PLAIN, "software")])
@pytest.mark.parametrize("device", ["plughw:CARD=Room", "hw:1"])
def test_auto_asks_the_board(usb: str, wanted: str, device: str, tmp_path: Path) -> None:
    assert chosen("auto", device, device, card(tmp_path, usb)) == wanted


def test_a_board_knows_only_what_it_plays_itself(tmp_path: Path) -> None:
    proc = card(tmp_path, JABRA)
    assert chosen("auto", "plughw:CARD=Room", "plughw:CARD=Headphones", proc) == "software"
    assert chosen("auto", "default", "default", proc) == "software"


def test_boards_that_are_no_usb_cards_have_none(tmp_path: Path) -> None:
    assert chosen("auto", "plughw:CARD=wm8960soundcard", "plughw:CARD=wm8960soundcard", tmp_path) == "software"


@pytest.mark.parametrize("choice", ["none", "hardware", "software"])
def test_whoever_has_chosen_is_not_asked_about(choice: EchoChoice, tmp_path: Path) -> None:
    assert chosen(choice, "plughw:CARD=Room", "plughw:CARD=Room", card(tmp_path, JABRA)) == choice


@pytest.mark.parametrize(
    ("choice", "told", "level"), [("auto", False, "INFO"), ("software", True, "WARNING")], ids=["auto", "software"]
)
def test_without_the_library_it_goes_on_and_says_so_once(
    choice: EchoChoice, told: bool, level: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    path = EchoChooser(choice, "a", "b", (), open=missing).path(FORMAT, lambda: 0.0)
    assert path.without_library is told
    (record,) = caplog.records
    assert record.levelname == level
    assert "sudo apt install libspeexdsp1" in record.getMessage()
    microphone = PcmFormat(rate_hz=16_000, period_frames=320)
    sound = np.arange(320, dtype=np.int16)
    assert np.array_equal(path.clean(Plain(), microphone).convert(sound.tobytes()), sound)


@pytest.mark.parametrize("choice", ["none", "hardware"])
def test_where_it_is_not_to_be_taken_out_nothing_is_loaded(choice: EchoChoice) -> None:
    EchoChooser(choice, "a", "b", (), open=_never).path(FORMAT, lambda: 0.0)


class Plain:
    def convert(self, period: bytes) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
        return np.frombuffer(period, "<i2")


def _never() -> ctypes.CDLL:
    raise AssertionError
