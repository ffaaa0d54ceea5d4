"""config.txt on a real FAT file system, where a Raspberry Pi has it: the board's lines go in, and out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.vm.installation import INSTALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.vm.appliance import Appliance

REBOOT_NEEDED = 10
FIRMWARE = "/boot/firmware"
CONFIG = f"{FIRMWARE}/config.txt"
STOCK = """\
# For more options and information see
# http://rptl.io/configtxt

# Uncomment some or all of these to enable the optional hardware interfaces
#dtparam=i2c_arm=on
#dtparam=i2s=on
#dtparam=spi=on

# Enable audio (loads snd_bcm2835)
dtparam=audio=on

# Automatically load overlays for detected cameras
camera_auto_detect=1

# Enable DRM VC4 V3D driver
dtoverlay=vc4-kms-v3d
max_framebuffers=2
arm_64bit=1

[cm4]
otg_mode=1

[cm5]
dtoverlay=dwc2,dr_mode=host

[all]
"""
"""As Raspberry Pi OS (trixie) ships it, less some remarks."""


@pytest.fixture(scope="module", autouse=True)
def firmware(appliance: Appliance) -> Iterator[None]:
    """The boot partition."""
    guest = appliance.guest
    # Not mount -o loop: that of bookworm holds the device open, which this kernel takes for a second writer.
    guest.sh(f"truncate -s 64M /fat && mkfs.vfat /fat && mount $(losetup --find --show /fat) {FIRMWARE}")
    guest.sh(f"mkdir {FIRMWARE}/overlays && touch {FIRMWARE}/overlays/googlevoicehat-soundcard.dtbo")
    guest.sh(f"cat > {CONFIG} <<'END'\n{STOCK}END")
    yield
    guest.sh(f"umount {FIRMWARE}")


def test_the_lines_of_the_board_are_written(appliance: Appliance) -> None:
    appliance.guest.sh("sed -i 's/^board = .*/board = voicehat/' /root/answers")
    result = appliance.installer(INSTALL)
    assert result.status == REBOOT_NEEDED, result.output
    config = appliance.guest.sh(f"cat {CONFIG}")
    assert "dtoverlay=googlevoicehat-soundcard" in config
    assert config.startswith(STOCK.rstrip())
    assert appliance.guest.sh(f"cat {CONFIG}.pipit-*") == STOCK.strip()


def test_another_run_changes_nothing_and_still_asks_for_a_restart(appliance: Appliance) -> None:
    before = appliance.guest.sh(f"cd {FIRMWARE} && sha256sum * ; ls -l --time-style=full-iso")
    result = appliance.installer(INSTALL)
    assert result.status == REBOOT_NEEDED, result.output
    assert appliance.guest.sh(f"cd {FIRMWARE} && sha256sum * ; ls -l --time-style=full-iso") == before


def test_removal_gives_every_byte_back(appliance: Appliance) -> None:
    result = appliance.installer("uninstall --unattended")
    assert result.status == 0, result.output
    assert appliance.guest.sh(f"cat {CONFIG}; echo end") == f"{STOCK}end"
