from pathlib import Path

import pytest

from hardware.sound.holder import device_of, holder


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    """Two cards: "PCH" (card 0), whose playback pipewire has open, and "Mic" (card 1), whose capture process 99 has."""
    write(tmp_path / "asound/card0/pcm0c/sub0/status", "closed\n")
    write(tmp_path / "asound/card0/pcm0p/sub0/status", "state: RUNNING\nowner_pid   : 812\ntrigger_time: 1.5\n")
    write(tmp_path / "asound/card1/pcm0c/sub0/status", "state: RUNNING\nowner_pid   : 99\n")
    (tmp_path / "asound/PCH").symlink_to("card0")
    (tmp_path / "asound/Mic").symlink_to("card1")
    write(tmp_path / "812/comm", "pipewire\n")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text)


@pytest.mark.parametrize("device", ["hw:PCH", "plughw:CARD=PCH,DEV=0", "hw:0,0", "hw:CARD=0", "default", "pulse"])
def test_the_program_is_named(proc, device):
    assert holder(device, "p", proc) == "pipewire (process 812)"


def test_a_program_that_hides_its_name_is_known_by_number(proc):
    assert holder("plughw:CARD=Mic", "c", proc) == "process 99"


@pytest.mark.parametrize(("device", "stream"), [("hw:PCH", "c"), ("hw:Mic", "p"), ("hw:Nope", "c"), ("hw:7", "p")])
def test_nobody(proc, device, stream):
    assert holder(device, stream, proc) is None


def test_a_machine_without_sound(tmp_path):
    assert holder("default", "c", tmp_path) is None


@pytest.mark.parametrize(
    ("device", "number"),
    [
        ("plughw:CARD=Mic,DEV=1", 1),
        ("hw:DEV=2,CARD=Mic", 2),
        ("hw:Mic,1", 1),
        ("hw:1,0", 0),
        ("hw:1", 0),
        ("plug:'hw:Mic,3'", 3),
        ("usb:1-1.3,DEV=1", 1),
        ("usb:1-1.3", 0),
        ("default", 0),
    ],
)
def test_the_number_of_the_pcm_on_its_card(device: str, number: int) -> None:
    assert device_of(device) == number
