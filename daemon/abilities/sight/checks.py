"""What of `[camera]` cannot be: by itself, and with the family of the model that shall see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from daemon.live.family import RECOMMENDED
from daemon.live.profiles import CAUTIOUS, profile_of
from daemon.settings.problems import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from daemon.abilities.sight.settings import CameraSettings

_SOURCES: Final = {"device": ("v4l2", "picamera"), "path": ("file", "folder")}
"""Of which each key tells where pictures come from."""


def faults_of_camera(camera: Mapping[str, Any]) -> Iterator[Fault]:
    """What a kind of camera needs to be found; of the raw table."""
    device, path = camera.get("device", ""), camera.get("path", "")
    match camera.get("source"):
        case "v4l2" if not str(device).startswith("/"):
            fix = "write device = and a path that `ls /dev/v4l/by-id/*index0` prints"
            yield Fault(("camera", "device"), 'must name the camera when source is "v4l2"', fix)
        case "picamera" if str(device).startswith("/"):
            yield Fault(("camera", "device"), 'is a number when source is "picamera"', 'remove it, or use "v4l2"')
        case ("file" | "folder") as source if not path:
            yield Fault(("camera", "path"), f'must name the {source} when source is "{source}"', "write path =")


def warnings_of_camera(camera: CameraSettings) -> Iterator[Fault]:
    """Where pictures would come from, beside a source that takes none from there."""
    for key, sources in _SOURCES.items():
        if getattr(camera, key) and camera.source not in sources:
            instead = " or ".join(f'"{source}"' for source in sources)
            what = f'does nothing while source is "{camera.source}"'
            yield Fault(("camera", key), what, f"remove it, or write source = {instead}")


def faults_with_model(camera: CameraSettings, model: str) -> Iterator[Fault]:
    """What the family of `model` cannot do with a camera; one that is not known is not second-guessed."""
    profile = profile_of(model)
    if profile is CAUTIOUS or profile.lets_talk_on:
        return
    if camera.source != "none" and camera.watch:
        yield Fault(
            ("camera", "watch"),
            f"{profile.name} see nothing while they wait for a tool, and always wait",
            f"remove it and use look, or use {RECOMMENDED}",
        )
