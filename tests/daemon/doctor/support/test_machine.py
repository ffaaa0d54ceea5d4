"""The machine of a support bundle: what is known passes, anything else is left out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from daemon.doctor.examining.patient import Patient
from daemon.doctor.support.machine import (
    PACKAGES,
    STEPS,
    boot_lines,
    card_ids,
    install_lines,
    machine_lines,
    package_lines,
    pin_lines,
    sound_lines,
    unit_lines,
)
from daemon.machine.site import Completed
from hardware.boards.reading import known_boards

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine

ROOT = Path(__file__).parents[4]


def test_a_pi(machine: Machine) -> None:
    machine.file("/proc/device-tree/model", "Raspberry Pi Zero 2 W Rev 1.0\0")
    machine.file("/proc/sys/kernel/osrelease", "6.12.47+rpt-rpi-v8\n")
    machine.file("/etc/os-release", 'ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\nHOME_URL=secret\n')
    machine.file("/proc/meminfo", "MemTotal:         427000 kB\n")
    told = [*machine_lines(machine.site())]
    for line in (
        "board: Raspberry Pi Zero 2 W Rev 1.0",
        "kernel: 6.12.47+rpt-rpi-v8",
        "ID: debian",
        "VERSION_ID: 13",
        "VERSION_CODENAME: trixie",
        "memory: 427000 kB",
    ):
        assert line in told
    assert not [line for line in told if "secret" in line]


@pytest.mark.parametrize(
    "model",
    [
        "Raspberry Pi 4 Model B Rev 1.5",
        "Raspberry Pi 3 Model A Plus Rev 1.0",
        "Raspberry Pi 5 Model B Rev 1.1",
        "Raspberry Pi Compute Module 4 Rev 1.1",
        "Raspberry Pi 400 Rev 1.0",
    ],
)
def test_every_pi(machine: Machine, model: str) -> None:
    machine.file("/proc/device-tree/model", f"{model}\0")
    assert f"board: {model}" in [*machine_lines(machine.site())]


def test_a_machine_with_a_name_of_its_own(machine: Machine) -> None:
    machine.file("/proc/device-tree/model", "Annas Board")
    machine.file("/proc/sys/kernel/osrelease", "6.1.0-anna")
    machine.file("/etc/os-release", "ID=annas\nVERSION_ID=secret\n")
    told = [*machine_lines(machine.site())]
    assert {"board: (left out)", "kernel: (left out)", "ID: (left out)", "VERSION_ID: (left out)"} <= set(told)


def test_packages_and_their_versions() -> None:
    told = [*package_lines()]
    assert len(told) == len(PACKAGES)
    assert any(re.fullmatch(r"numpy \d+\.\d+\.\d+", line) for line in told)
    assert not [line for line in told if "left out" in line]


def test_every_package_of_ours_is_asked_for() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    wanted = re.findall(r'^ {4}"([a-z0-9-]+)[=><]', text.partition("[dependency-groups]")[0], re.MULTILINE)
    assert set(wanted) <= set(PACKAGES)


def test_the_unit(machine: Machine) -> None:
    machine.unit(NRestarts="3", Result="watchdog", StatusText="listening in Annas room", WatchdogUSec="30s")
    told = [*unit_lines(machine.site())]
    assert {"ActiveState: active", "NRestarts: 3", "Result: watchdog", "WatchdogUSec: 30s"} <= set(told)
    assert not [line for line in told if "Anna" in line]


def test_a_unit_that_says_something_else(machine: Machine) -> None:
    machine.unit(Result="annas secret")
    assert "Result: (left out)" in [*unit_lines(machine.site())]


def test_without_systemd(machine: Machine) -> None:
    assert [*unit_lines(machine.site())] == ["systemctl does not say"]


CARDS = """ 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0
                      vc4-hdmi-0
 2 [Annas          ]: USB-Audio - Annas Headset
                      Annas Headset at usb-0000:01:00.0-1.3, full speed
"""


def test_sound_cards(machine: Machine) -> None:
    machine.file("/proc/asound/cards", CARDS)
    machine.file("/proc/asound/card2/usbid", "0b0e:0412\n")
    machine.file(
        "/proc/asound/card2/pcm0c/sub0/hw_params",
        "access: RW_INTERLEAVED\nformat: S16_LE\nsubformat: annas\nchannels: 1\nrate: 16000 (16000/1)\n",
    )
    machine.file("/proc/asound/card2/pcm0c/sub0/status", "state: RUNNING\nowner_pid   : 812\n")
    machine.file("/proc/asound/card2/pcm0p/sub0/hw_params", "closed\n")
    site = machine.site()
    assert [*sound_lines(site)] == [
        "card 0: vc4hdmi0, vc4-hdmi",
        "card 2: (left out), USB-Audio, USB 0b0e:0412",
        "  pcm0c hw_params: access RW_INTERLEAVED, format S16_LE, channels 1, rate 16000 (16000/1)",
        "  pcm0c status: state RUNNING",
        "  pcm0p hw_params: closed",
    ]
    assert card_ids(site) == ["vc4hdmi0", "", "Annas"]


def test_no_sound(machine: Machine) -> None:
    assert [*sound_lines(machine.site())] == []
    assert card_ids(machine.site()) == []


def header(machine: Machine, **said: object) -> list[str]:
    """The lines of a machine whose header is what `said` says."""

    class Asked(Patient):
        def run(self, command: object, timeout_s: float = 5.0) -> Completed:  # noqa: ARG002
            return Completed(0, json.dumps(said))

    return [*pin_lines(Asked(root=machine.root))]


def test_the_header(machine: Machine) -> None:
    machine.file("/sys/bus/gpio/devices/gpiochip0/uevent")
    machine.file("/sys/bus/gpio/devices/annas/uevent")
    told = ["chips: gpiochip0", "header: gpiochip0, pinctrl-rp1"]
    assert header(machine, number=0, label="pinctrl-rp1", lines=["annas lamp"]) == told
    assert header(machine, number="annas", label="annas")[1] == "header: gpiochip?, (left out)"


def test_without_pins(machine: Machine) -> None:
    machine.root.mkdir()
    assert [*pin_lines(machine.site())] == ["chips: none", "header: not found"]


BOOT = """# annas wifi is hunter2
[all]
dtparam=audio=on
dtparam=annas_secret=on
dtoverlay=vc4-kms-v3d,noaudio
dtoverlay=annas-overlay
dtoverlay=max98357a,psk=hunter2
initial_turbo=4711
# >>> pipit (managed) >>>
[all]
dtoverlay=googlevoicehat-soundcard
# <<< pipit (managed) <<<
"""


def test_config_txt(machine: Machine) -> None:
    machine.file("/boot/firmware/config.txt", BOOT)
    assert [*boot_lines(machine.site())] == [
        "[all]",
        "dtparam=audio=on",
        "(left out)",
        "dtoverlay=vc4-kms-v3d,noaudio",
        "dtoverlay=(left out)",
        "dtoverlay=(left out)",
        "# >>> pipit (managed) >>>",
        "[all]",
        "dtoverlay=googlevoicehat-soundcard",
        "# <<< pipit (managed) <<<",
    ]


def test_without_config_txt(machine: Machine) -> None:
    assert [*boot_lines(machine.site())] == ["there is no config.txt"]


def test_every_line_that_the_installer_may_write_passes(machine: Machine) -> None:
    lines = {line for board in known_boards() for line in board.lines if line.startswith("dt")}
    assert lines
    machine.file("/boot/firmware/config.txt", "\n".join(sorted(lines)))
    assert set(boot_lines(machine.site())) == lines


LOG = """==== 2026-11-22 21:00:00 +0000: install.sh install --answers /home/anna/answers

$ apt-get update
Get:1 the package list of annas mirror
$ env -C / /opt/pipit/x/venv/bin/python -m daemon.wake.install /home/anna
$ system_control restart pipit.service
$ annas_own_command hunter2
$ write_text /etc/pipit/answers 0644 api key AIza
the api key AIza
"""


def test_the_steps_of_the_installer(machine: Machine) -> None:
    machine.file("/var/log/pipit-install.log", LOG)
    assert [*install_lines(machine.site())] == [
        "a run of install.sh",
        "  apt-get update",
        "  python",
        "  system_control restart",
        "  (left out)",
        "  write_text",
    ]


def test_every_step_on_a_household_s_machine_has_a_name_here() -> None:
    """Of install, upgrade and removal; `bundle` is made elsewhere."""
    found = set()
    said = r"[^\"$]|\$\([^)]*\)|\$\{[^}]*\}|\$\w+"
    for part in sorted((ROOT / "installer").glob("*.sh")):
        if part.name != "bundle.sh":
            text = part.read_text().replace("\\\n", " ")
            found |= set(re.findall(rf'\b(?:change|attempt|verify) "(?:{said})*" +([\w.-]+)', text))
    assert found
    assert found - STEPS - {"env"} == set(), "add them to STEPS of daemon/doctor/support/machine.py"
