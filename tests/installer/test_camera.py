"""What the installer reads of the settings: whether there is a camera, and of which kind."""

import pytest

from tests.installer.parts import Parts, parts

__all__ = ["parts"]

SETTINGS = "etc/pipit/pipit.toml"
READ = 'SETTINGS=$ROOT/etc/pipit/pipit.toml; source "$CHECKOUT/installer/camera.sh"; '


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("", ""),
        ('[camera]\n#source = "none"\n', ""),
        ('[camera]\nsource = "none"\n', ""),
        ('[camera]\nwidth = 640\nsource="picamera" # on the ribbon\n', "picamera"),
        ('[camera]\n[other]\nsource = "v4l2"\n', ""),
        ('camera.source = "v4l2"\n[other]\n', "v4l2"),
    ],
)
def test_the_source_is_found(parts: Parts, text: str, source: str) -> None:
    parts.write(SETTINGS, text.replace("\\\n", "\n"))
    assert parts.ran(READ + "camera_source").strip() == source


def test_a_drop_in_wins(parts: Parts) -> None:
    parts.write(SETTINGS, '[camera]\nsource = "picamera"\n')
    parts.write("etc/pipit/conf.d/10-none.toml", '[camera]\nsource = "none"\n')
    assert parts.ran(READ + "camera_source") == ""
    parts.write("etc/pipit/conf.d/20-usb.toml", '[camera]\nsource = "v4l2"\n')
    parts.write("etc/pipit/conf.d/30-other.toml", "[live]\n")
    assert parts.ran(READ + "camera_source") == "v4l2\n"


def test_the_program_that_reads_it_is_asked_for_if_it_is_not_there(parts: Parts) -> None:
    parts.write(SETTINGS, '[camera]\nsource = "picamera"\n')
    assert parts.ran(READ + "camera_packages", PATH="/usr/bin:/bin") == "rpicam-apps-lite\n"
    parts.stand_in("rpicam-vid", "true")
    assert parts.ran(READ + "camera_packages") == ""
