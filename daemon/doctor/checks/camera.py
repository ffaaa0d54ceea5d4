"""The camera: is it there, and does it give a picture?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from daemon.abilities.sight.opening import camera_of
from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Finding, good

if TYPE_CHECKING:
    from daemon.doctor.examining.patient import Patient
    from hardware.base import Camera, Picture


def _examine(site: Patient) -> Finding:
    """One picture is taken, and thrown away. What is wrong with the camera, its driver says itself."""
    if site.settings is None:
        raise CannotTell("the settings cannot be used")
    camera = camera_of(site.settings.camera, site.settings.live.media_resolution)
    if camera is None:
        raise CannotTell("the settings name no camera")
    picture = asyncio.run(_picture_of(camera))
    kilobytes = round(len(picture.jpeg) / 1024)
    return good(
        f"the camera gives a picture: {picture.width}x{picture.height} pixels, {kilobytes} kB",
        width=picture.width,
        height=picture.height,
        bytes=len(picture.jpeg),
    )


async def _picture_of(camera: Camera) -> Picture:
    async with camera:
        return await camera.frame()


CAMERA = Check("camera", "Is there the camera of the settings, and does it give a picture?", _examine)
