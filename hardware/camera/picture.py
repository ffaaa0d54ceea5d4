"""Pictures as they may be sent: turned upright, made small, and rid of everything that is not picture.

The only file that imports Pillow, which is there only if a camera is set up.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from hardware.base import Picture
from hardware.errors import FormatRefused, HardwareError

if TYPE_CHECKING:
    from PIL.Image import Image

Rotation = Literal[0, 90, 180, 270]

LIMIT_BYTES: Final = 256 * 1024
"""Of one JPEG: two seconds of an uplink of 1 Mbit/s, and far below what the service takes in one message."""
LEAST_QUALITY: Final = 40
LARGEST_PIXELS: Final = 50_000_000
"""More than any camera of a Pi has; a picture of more would not fit into a small one's memory."""
READABLE: Final = ("JPEG", "PNG", "WEBP")
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    EOFError,
    struct.error,
    zlib.error,
)
"""What Pillow's readers raise for damaged files besides what they document: they trust lengths, tags and counts."""


@dataclass(frozen=True, kw_only=True)
class PictureFormat:
    """What becomes of a picture. `longest_side` is in pixels; `rotation` is clockwise, in degrees."""

    longest_side: int = 768
    quality: int = 80
    rotation: Rotation = 0
    limit_bytes: int = LIMIT_BYTES


def check_pillow() -> None:
    """Raises HardwareError if pictures cannot be worked on here."""
    try:
        import PIL.Image  # noqa: F401
    except ImportError as error:
        raise HardwareError(
            "pictures need the Python package Pillow, which is not installed",
            fix="run `sudo ./install.sh install` again: it installs it when the settings name a camera",
        ) from error


def prepared(data: bytes, wanted: PictureFormat, *, taken_s: float, name: str) -> Picture:
    """The picture in the file contents `data`, as `wanted`. It takes a while, so not on the loop's thread.

    The orientation that its EXIF tells is honoured; EXIF, thumbnail, colour profile and comments stay behind. `name`
    is for the message. Raises FormatRefused if it cannot be read.
    """
    check_pillow()
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=READABLE) as image:
            if image.width * image.height > LARGEST_PIXELS:
                raise _unreadable(name, f"{image.width}x{image.height} pixels are too many")
            side = wanted.longest_side
            image.draft("RGB", (side, side))  # a JPEG is decoded no larger than it need be
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (*_BROKEN, Image.DecompressionBombError) as error:
        raise _unreadable(name, str(error)) from error
    turned = upright.rotate(-wanted.rotation, expand=True)
    turned.thumbnail((side, side))
    jpeg, width, height = _small_enough(turned, wanted)
    return Picture(jpeg, width, height, taken_s)


def _small_enough(image: Image, wanted: PictureFormat) -> tuple[bytes, int, int]:
    """The JPEG with its size in pixels: of less quality if it must be, and then of half the size."""
    while True:
        for quality in range(wanted.quality, min(LEAST_QUALITY, wanted.quality) - 1, -10):
            jpeg = _encoded(image, quality)
            if len(jpeg) <= wanted.limit_bytes or max(image.size) == 1:
                return jpeg, image.width, image.height
        image = image.reduce(2)


def _encoded(image: Image, quality: int) -> bytes:
    plain = image.copy()
    plain.info.clear()  # what Pillow would otherwise carry over: comment, resolution, profile
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _unreadable(name: str, why: str) -> FormatRefused:
    return FormatRefused(f"{name} is no picture that can be read ({why})", fix="use a JPEG, PNG or WebP picture")
