import os
from pathlib import Path

import pytest

from hardware.camera.picture import PictureFormat
from hardware.camera.v4l2 import v4l2_camera
from hardware.errors import DeviceMissing, HardwareError
from tests.hardware.camera.camera_program import FRAMES, install
from tests.hardware.camera.test_mjpeg import process_of


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in the place of a device, and a program that does not care."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    install(tmp_path, "v4l2-ctl", FRAMES)
    device = tmp_path / "usb-Webcam-video-index0"
    device.touch()
    return device


async def test_asks_v4l2_ctl_for_motion_jpeg_of_that_device_and_size(device: Path) -> None:
    """v4l2-ctl 1.22 took these options, as far as it could without a device."""
    async with v4l2_camera(str(device), PictureFormat(), width=640, height=480) as camera:
        await camera.frame()
    _, arguments, _ = process_of(device.parent)
    assert arguments == [
        "--device",
        str(device),
        "--silent",
        "--set-fmt-video=width=640,height=480,pixelformat=MJPG",
        "--set-parm=5",
        "--stream-mmap",
        "--stream-to=-",
    ]


async def test_a_camera_that_was_unplugged_is_told(device: Path) -> None:
    unplugged = f"{device}-unplugged"
    with pytest.raises(DeviceMissing, match=r"index0-unplugged is not there\. Fix: `ls /dev/v4l/by-id`"):
        async with v4l2_camera(unplugged, PictureFormat(), width=640, height=480):
            pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
async def test_a_camera_that_may_not_be_opened_is_told(device: Path) -> None:
    os.chmod(device, 0)  # noqa: PTH101
    with pytest.raises(HardwareError, match="no permission to use the camera"):
        async with v4l2_camera(str(device), PictureFormat(), width=640, height=480):
            pass
