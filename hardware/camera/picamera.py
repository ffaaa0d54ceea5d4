"""The camera on a Pi's ribbon cable, through rpicam-vid of Raspberry Pi OS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardware.camera.mjpeg import MjpegCamera, Program

if TYPE_CHECKING:
    from hardware.camera.picture import PictureFormat

FRAMES_PER_S = 5
"""Enough for exposure to settle within a second, and little work for a Pi that encodes in software."""
QUALITY = 90
"""Of what the program hands us; what is sent is encoded anew."""


def pi_camera(picture: PictureFormat, *, number: int = 0, width: int, height: int) -> MjpegCamera:
    """The camera that `rpicam-hello --list-cameras` lists by `number`; the size is that of the whole picture."""
    command = [
        *("rpicam-vid", "--camera", str(number), "--width", str(width), "--height", str(height)),
        *("--codec", "mjpeg", "--quality", str(QUALITY), "--framerate", str(FRAMES_PER_S)),
        *("--timeout", "0", "--nopreview", "--flush", "--output", "-"),
    ]
    program = Program(
        command=command,
        camera=f"the Pi's camera {number}",
        install="sudo apt install rpicam-apps-lite (Raspberry Pi OS; the desktop edition has rpicam-apps)",
        look_for="check its ribbon cable; `rpicam-hello --list-cameras` lists the cameras that are found",
    )
    return MjpegCamera(program, picture)
