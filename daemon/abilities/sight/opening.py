"""From the settings to a camera, and to what lets the model see through it: loaded if there is one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daemon.abilities.sight.settings import CameraSettings
    from daemon.abilities.sight.viewfinder import Viewfinder
    from daemon.tools.tool import Tool
    from hardware.base import Camera
    from hardware.camera.picture import PictureFormat

Resolution: TypeAlias = Literal["", "low", "medium", "high"]

LONGEST_SIDE: Final[dict[Resolution, int]] = {
    "": 768,
    "low": 384,
    "medium": 768,
    "high": 1536,
}
"""Pixels that are worth sending for a `media_resolution`. Live frames are looked at in 768x768 (Google's Live API
guide); "low" spends 64 tokens on one and "high" 256 on a part of it (the SDK's `MediaResolution`), so half as much and
twice as much."""


@dataclass(frozen=True)
class Sight:
    """A camera, the tools that use it, and the way of its pictures."""

    camera: Camera
    tools: Sequence[Tool]
    viewfinder: Viewfinder


def sight_of(wanted: CameraSettings, resolution: Resolution, now: Callable[[], float] = time.monotonic) -> Sight | None:
    """What `[camera]` says, for a model that is sent pictures of this `media_resolution`.

    None without a camera, or if the model may neither look nor watch.
    """
    camera = camera_of(wanted, resolution)
    watch_s = wanted.watch_s if wanted.watch else 0.0
    if camera is None or not (wanted.look or watch_s):
        return None
    from daemon.abilities.sight.tools import camera_tools
    from daemon.abilities.sight.viewfinder import Viewfinder, allowances

    viewfinder = Viewfinder(allowances(look=wanted.look, watch_s=watch_s), now)
    return Sight(camera, camera_tools(camera, viewfinder, look=wanted.look, watch_s=watch_s), viewfinder)


def camera_of(wanted: CameraSettings, resolution: Resolution) -> Camera | None:
    """The camera, switched off; None if there is none."""
    if wanted.source == "none":
        return None
    from hardware.camera.picture import PictureFormat

    picture = PictureFormat(longest_side=LONGEST_SIDE[resolution], quality=wanted.quality, rotation=wanted.rotation)
    match wanted.source:
        case "picamera":
            return _pi_camera(wanted, picture)
        case "v4l2":
            from hardware.camera.v4l2 import v4l2_camera

            return v4l2_camera(wanted.device, picture, width=wanted.width, height=wanted.height)
        case "file" | "folder":
            from hardware.camera.picture_files import FileCamera

            return FileCamera(Path(wanted.path), picture)


def _pi_camera(wanted: CameraSettings, picture: PictureFormat) -> Camera:
    from hardware.camera.picamera import pi_camera

    return pi_camera(picture, number=int(wanted.device or 0), width=wanted.width, height=wanted.height)
