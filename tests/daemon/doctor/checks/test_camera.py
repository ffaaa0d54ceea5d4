from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from daemon.doctor.checks.camera import CAMERA
from tests.daemon.doctor.machine import BAD, GOOD, SKIPPED, assert_finding

if TYPE_CHECKING:
    from pathlib import Path

    from tests.daemon.doctor.machine import Machine


def test_a_camera_that_sees(machine: Machine, tmp_path: Path) -> None:
    Image.new("RGB", (1600, 1200)).save(tmp_path / "wall.jpg")
    machine.settings(f'[camera]\nsource = "folder"\npath = "{tmp_path}"\n')
    finding = machine.finding(CAMERA)
    assert_finding(finding, GOOD, "768x576 pixels")
    assert finding.facts["width"] == 768


def test_a_camera_that_is_not_there(machine: Machine, tmp_path: Path) -> None:
    machine.settings(f'[camera]\nsource = "folder"\npath = "{tmp_path}"\n')
    assert_finding(machine.finding(CAMERA), BAD, "there is no picture in")


def test_a_usb_camera_that_is_not_plugged_in(machine: Machine) -> None:
    machine.settings('[camera]\nsource = "v4l2"\ndevice = "/dev/v4l/by-id/usb-Webcam-video-index0"\n')
    finding = machine.finding(CAMERA)
    assert_finding(finding, BAD)
    assert "v4l" in finding.fix


def test_no_camera(machine: Machine) -> None:
    machine.settings("")
    assert_finding(machine.finding(CAMERA), SKIPPED, "name no camera")
    machine.settings("[camera]\nsource = 5\n")
    assert_finding(machine.finding(CAMERA), SKIPPED, "cannot be used")
