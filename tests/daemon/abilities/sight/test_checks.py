"""A camera, and the model that shall see through it."""

import pytest

from daemon.abilities.sight.checks import faults_with_model
from daemon.abilities.sight.settings import CameraSettings
from tests.daemon.live.test_family import EXTENDED, FLASH, LIVE, NATIVE


@pytest.mark.parametrize(("model", "count"), [(FLASH, 1), (LIVE, 0), (NATIVE, 0), (EXTENDED, 0), ("gemma-voice", 0)])
def test_a_family_that_always_waits_cannot_watch_meanwhile(model: str, count: int) -> None:
    watching = CameraSettings.model_validate({"source": "picamera", "watch": True})
    faults = list(faults_with_model(watching, model))
    assert [fault.path for fault in faults] == [("camera", "watch")] * count
    assert list(faults_with_model(watching.model_copy(update={"source": "none"}), model)) == []
