"""A USB camera, or any other that the kernel shows as a V4L2 device with Motion JPEG, through v4l2-ctl."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardware.camera.mjpeg import MjpegCamera, Program

if TYPE_CHECKING:
    from hardware.camera.picture import PictureFormat

FRAMES_PER_S = 5
"""Asked for; many cameras know only 15 or 30, which costs a little more and is no fault."""


def v4l2_camera(device: str, picture: PictureFormat, *, width: int, height: int) -> MjpegCamera:
    """The camera at `device`, such as /dev/v4l/by-id/usb-…-video-index0.

    The driver takes the nearest size that the camera has. A camera without Motion JPEG sends no picture that could be
    used, and `frame` says so at its deadline.
    """
    command = [
        *("v4l2-ctl", "--device", device, "--silent"),
        f"--set-fmt-video=width={width},height={height},pixelformat=MJPG",
        f"--set-parm={FRAMES_PER_S}",
        *("--stream-mmap", "--stream-to=-"),
    ]
    program = Program(
        command=command,
        camera=f"the camera {device}",
        install="sudo apt install v4l-utils",
        look_for=f"`ls /dev/v4l/by-id` lists cameras; `v4l2-ctl -d {device} --list-formats` must name MJPG",
        device=device,
    )
    return MjpegCamera(program, picture)
