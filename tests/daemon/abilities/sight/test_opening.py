"""From the settings to a camera and its tools."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from daemon.abilities.sight.opening import Resolution, camera_of, sight_of
from daemon.abilities.sight.settings import CameraSettings
from hardware.camera.mjpeg import MjpegCamera
from hardware.camera.picture_files import FileCamera


def settings(**camera: Any) -> CameraSettings:
    return CameraSettings.model_validate(camera)


def test_without_a_source_there_is_no_camera() -> None:
    assert camera_of(settings(), "") is None
    assert sight_of(settings(), "") is None


@pytest.mark.parametrize(
    ("camera", "kind"),
    [
        ({"source": "picamera"}, MjpegCamera),
        ({"source": "v4l2", "device": "/dev/v4l/by-id/usb-Webcam-video-index0"}, MjpegCamera),
        ({"source": "file", "path": "/a.jpg"}, FileCamera),
        ({"source": "folder", "path": "/a"}, FileCamera),
    ],
)
def test_every_source_has_its_driver(camera: dict[str, Any], kind: type) -> None:
    assert isinstance(camera_of(settings(**camera), ""), kind)


@pytest.mark.parametrize(
    ("camera", "tools"),
    [
        ({}, ["look"]),
        ({"watch": True}, ["look", "watch"]),
        ({"look": False, "watch": True}, ["watch"]),
    ],
)
def test_the_model_gets_the_tools_that_are_wanted(camera: dict[str, Any], tools: list[str]) -> None:
    sight = sight_of(settings(source="file", path="/a.jpg", **camera), "")
    assert sight is not None
    assert [tool.name for tool in sight.tools] == tools


def test_a_camera_that_the_model_may_not_use_is_none() -> None:
    assert sight_of(settings(source="file", path="/a.jpg", look=False), "") is None


@pytest.mark.parametrize(("resolution", "side"), [("", 768), ("low", 384), ("medium", 768), ("high", 1536)])
async def test_pictures_are_as_large_as_the_service_looks_at_them(
    tmp_path: Path, resolution: Resolution, side: int
) -> None:
    Image.new("RGB", (2000, 1000)).save(tmp_path / "a.png")
    camera = camera_of(settings(source="folder", path=str(tmp_path), rotation=90), resolution)
    assert camera is not None
    async with camera:
        picture = await camera.frame()
    assert (picture.width, picture.height) == (side // 2, side)
