import os
from pathlib import Path

import pytest

from hardware.camera.picamera import pi_camera
from hardware.camera.picture import PictureFormat
from hardware.errors import DeviceMissing
from tests.hardware.camera.camera_program import FRAMES, complaint, install
from tests.hardware.camera.test_mjpeg import process_of


async def test_asks_rpicam_vid_for_motion_jpeg_of_that_camera_and_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The options are those of rpicam-apps 1.4 to 1.10; whether a Pi's camera follows, only a Pi can tell."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    install(tmp_path, "rpicam-vid", FRAMES)
    async with pi_camera(PictureFormat(), number=1, width=1280, height=720) as camera:
        await camera.frame()
    _, arguments, _ = process_of(tmp_path)
    assert " ".join(arguments) == (
        "--camera 1 --width 1280 --height 720 --codec mjpeg --quality 90 --framerate 5"
        " --timeout 0 --nopreview --flush --output -"
    )


async def test_without_a_camera_it_says_what_to_look_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    install(tmp_path, "rpicam-vid", complaint("ERROR: *** no cameras available ***"))
    async with pi_camera(PictureFormat(), width=1280, height=960) as camera:
        with pytest.raises(DeviceMissing, match="ribbon cable"):
            await camera.frame()


async def test_without_rpicam_vid_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeviceMissing, match="apt install rpicam-apps-lite"):
        async with pi_camera(PictureFormat(), width=1280, height=960):
            pass
