"""A camera, and the model that shall see through it."""

import pytest

from daemon.abilities.sight.checks import faults_with_model, warnings_of_camera
from daemon.abilities.sight.settings import CameraSettings
from tests.daemon.live.test_family import EXTENDED, FLASH, LIVE, NATIVE


@pytest.mark.parametrize(("model", "count"), [(FLASH, 1), (LIVE, 0), (NATIVE, 0), (EXTENDED, 0), ("gemma-voice", 0)])
def test_a_family_that_always_waits_cannot_watch_meanwhile(model: str, count: int) -> None:
    watching = CameraSettings.model_validate({"source": "picamera", "watch": True})
    faults = list(faults_with_model(watching, model))
    assert [fault.path for fault in faults] == [("camera", "watch")] * count
    assert list(faults_with_model(watching.model_copy(update={"source": "none"}), model)) == []


USB = "/dev/v4l/by-id/usb-eye-index0"


@pytest.mark.parametrize(
    ("source", "key", "value"),
    [("file", "device", USB), ("none", "device", USB), ("v4l2", "path", "/eye.png"), ("none", "path", "/eye.png")],
)
def test_where_no_picture_comes_from_is_told(source: str, key: str, value: str) -> None:
    [warning] = warnings_of_camera(CameraSettings.model_validate({"source": source, key: value}))
    assert warning.path == ("camera", key)
    assert warning.what == f'does nothing while source is "{source}"'
    assert warning.fix.startswith("remove it, or write source = ")


@pytest.mark.parametrize(
    ("source", "key", "value"),
    [("v4l2", "device", USB), ("picamera", "device", "1"), ("file", "path", "/eye.png"), ("none", "device", "")],
)
def test_where_pictures_come_from_is_not(source: str, key: str, value: str) -> None:
    assert list(warnings_of_camera(CameraSettings.model_validate({"source": source, key: value}))) == []
