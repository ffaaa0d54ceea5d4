"""The settings of the camera."""

from typing import Final, Literal

from daemon.files import MB
from daemon.settings.field import OptionalFile, Table, setting
from daemon.settings.place import Place, PlaceBy

LARGEST_PICTURE_BYTES: Final = 64 * MB


class CameraSettings(Table):
    """What the model may see, when it asks. Without `source` there is no camera, and it cannot ask."""

    source: Literal["none", "picamera", "v4l2", "file", "folder"] = setting(
        "none",
        'The camera: "picamera" on the ribbon cable of a Pi, "v4l2" by USB, or pictures from a "file" or a "folder".',
    )
    device: str = setting(
        "",
        'For "v4l2" its path, which `ls /dev/v4l/by-id/*index0` prints; for "picamera" its number, empty is 0.',
        pattern=r"^(|[0-9]|/dev/[\w./:+-]+)$",
        max_length=200,
        fix="choose a path that `ls /dev/v4l/by-id/*index0` prints: /dev/video numbers change",
    )
    path: OptionalFile = setting(
        "",
        'For "file" the picture, for "folder" the folder: JPEG, PNG or WebP.',
        place=PlaceBy("source", {"file": Place(largest_bytes=LARGEST_PICTURE_BYTES), "folder": Place(kind="folder")}),
    )
    width: int = setting(
        1280, "Pixels that the camera is asked for, across.", ge=160, le=4096, multiple_of=2, fix="try 1280"
    )
    height: int = setting(
        960,
        "… and down. The shape of the sensor sees most: 4 to 3, or 16 to 9 for Camera Module 3.",
        ge=120,
        le=4096,
        multiple_of=2,
        fix="try 960",
    )
    rotation: Literal[0, 90, 180, 270] = setting(
        0, "Turn the picture clockwise by so many degrees, if the camera does not hang upright."
    )
    quality: int = setting(80, "Quality of the JPEGs that are sent.", ge=40, le=95, fix="try 80")
    look: bool = setting(True, "Let the model take one picture when it is asked about what it sees.")  # noqa: FBT003
    watch: bool = setting(
        False,  # noqa: FBT003
        "Let the model watch for some seconds, one picture a second, each of which is paid for.",
    )
    watch_s: float = setting(5.0, "Longest time that it may watch for one question.", ge=1, le=8, fix="try 5")
