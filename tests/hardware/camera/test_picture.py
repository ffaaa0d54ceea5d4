"""Pictures as they may be sent: upright, small, and with nothing in them but what the camera saw."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.camera.picture import LARGEST_PIXELS, PictureFormat, prepared
from hardware.errors import FormatRefused
from tests.fuzzing import EXAMPLES

ORIENTATION, MAKER = 0x0112, 0x010F
RED, BLUE = (200, 16, 16), (16, 16, 200)


def two_colours(width: int = 400, height: int = 300) -> Image.Image:
    """Red, and blue in the upper left quarter."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (0, 0, width // 2, height // 2))
    return image


def file_of(image: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def seen(data: bytes, **wanted: object) -> Image.Image:
    return Image.open(io.BytesIO(prepared(data, PictureFormat(**wanted), taken_s=0, name="it").jpeg))


def blue_corner(image: Image.Image) -> tuple[bool, bool]:
    """Which corner is blue: (at the right, at the bottom)."""
    width, height = image.size
    corners = {
        (right, low): image.getpixel((width * (1 + 2 * right) // 4, height * (1 + 2 * low) // 4))
        for right in (False, True)
        for low in (False, True)
    }
    (corner,) = [place for place, colour in corners.items() if colour[2] > 150]
    return corner


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_is_a_jpeg_that_fits(kind: str) -> None:
    picture = prepared(file_of(two_colours(1600, 1200), kind), PictureFormat(longest_side=768), taken_s=5, name="it")
    image = Image.open(io.BytesIO(picture.jpeg))
    assert (image.format, image.size) == ("JPEG", (768, 576))
    assert (picture.width, picture.height, picture.taken_s) == (768, 576, 5)


def test_is_not_blown_up() -> None:
    assert seen(file_of(two_colours(100, 60)), longest_side=768).size == (100, 60)


def test_stands_upright_as_its_exif_says_and_then_turned_as_the_settings_say() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be shown turned clockwise by 90 degrees
    data = file_of(two_colours(), exif=exif)
    assert seen(data).size == (300, 400)
    assert blue_corner(seen(data)) == (True, False)
    assert blue_corner(seen(data, rotation=90)) == (True, True)


@pytest.mark.parametrize(
    ("rotation", "corner"), [(0, (False, False)), (90, (True, False)), (180, (True, True)), (270, (False, True))]
)
def test_is_turned_clockwise(rotation: int, corner: tuple[bool, bool]) -> None:
    assert blue_corner(seen(file_of(two_colours()), rotation=rotation)) == corner


def test_tells_nothing_but_the_picture() -> None:
    exif = Image.Exif()
    exif[MAKER] = "who made it"
    data = file_of(two_colours(), exif=exif, comment=b"where it was", icc_profile=b"profile")
    for secret in (b"who made it", b"where it was", b"profile"):
        assert secret in data
    image = seen(data)
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_is_made_smaller_until_it_fits_in_bytes() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (600, 800, 3), dtype=np.uint8)
    data = file_of(Image.fromarray(noise))
    picture = prepared(data, PictureFormat(limit_bytes=30_000), taken_s=0, name="it")
    assert len(picture.jpeg) <= 30_000
    assert Image.open(io.BytesIO(picture.jpeg)).size == (picture.width, picture.height) != (768, 576)


def test_motion_jpeg_without_huffman_tables_can_be_read() -> None:
    """USB cameras leave the standard tables out (the UVC specification of Motion JPEG)."""
    data, bare, at = file_of(two_colours()), bytearray(b"\xff\xd8"), 2
    while data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        bare += b"" if data[at + 1] == 0xC4 else data[at:end]
        at = end
    assert blue_corner(seen(bytes(bare + data[at:]))) == (False, False)


@pytest.mark.parametrize(
    "data",
    [b"", b"no picture", file_of(two_colours())[:900], file_of(two_colours(), "GIF")],
    ids=["empty", "text", "cut off", "GIF"],
)
def test_what_is_no_picture_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(FormatRefused, match="it is no picture that can be read"):
        prepared(data, PictureFormat(), taken_s=0, name="it")


def test_more_pixels_than_the_memory_can_hold_are_refused_before_they_are_decoded() -> None:
    vast = file_of(Image.new("1", (LARGEST_PIXELS // 5_000 + 10, 5_000)), "PNG")
    with pytest.raises(FormatRefused, match="too many"):
        prepared(vast, PictureFormat(), taken_s=0, name="it")


def _with_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "who made it"
    return exif


SOUND = [file_of(two_colours(24, 16), kind, exif=_with_exif()) for kind in ("JPEG", "PNG", "WEBP")]


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says beside it what it makes of damaged tags
@settings(max_examples=max(1, EXAMPLES // 8), deadline=None)
@given(
    st.sampled_from(SOUND), st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 255)), max_size=12), st.integers(0)
)
def test_whatever_a_camera_sends_is_a_picture_or_refused(whole: bytes, hits: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(whole)
    for position, value in hits:
        data[position % len(data)] = value
    try:
        picture = prepared(bytes(data[: len(data) - cut % 64]), PictureFormat(), taken_s=0, name="it")
    except FormatRefused:
        return
    assert Image.open(io.BytesIO(picture.jpeg)).size == (picture.width, picture.height)
