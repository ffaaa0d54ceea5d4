from typing import Any

import pytest
from pydantic import ValidationError

from daemon.abilities.sight.settings import CameraSettings
from daemon.abilities.sight.tools import LONGEST_LOOK_S


def test_by_default_there_is_none_and_nothing_is_watched() -> None:
    camera = CameraSettings()
    assert (camera.source, camera.watch) == ("none", False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "webcam"},
        {"device": "video0"},
        {"device": "/dev/video0; reboot"},
        {"path": "pictures"},
        {"width": 641},
        {"rotation": 45},
        {"quality": 100},
        {"watch_s": LONGEST_LOOK_S + 0.1},
        {"watch_s": 0},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CameraSettings.model_validate(wrong)


@pytest.mark.parametrize("device", ["", "0", "/dev/video0", "/dev/v4l/by-id/usb-046d_HD_Webcam_C525-video-index0"])
def test_a_device_is_a_number_or_a_path_below_dev(device: str) -> None:
    assert CameraSettings.model_validate({"device": device}).device == device
