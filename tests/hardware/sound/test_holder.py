from pathlib import Path

import pytest

from hardware.sound.holder import holder


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
