"""GPIO: the header's chip, who may use it, who has claimed which line, and lgpio, which drives it."""

from __future__ import annotations

import importlib.metadata
import json
import stat
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from daemon.doctor.examining.child import own_module
from daemon.house.settings import Settings
from daemon.machine.check import Check
from daemon.machine.facts import CONFIG_FILES
from daemon.machine.finding import CannotTell, Finding, bad, good, skipped, warning
from daemon.machine.model import PYTHON, SUDO, USER, board, groups, unit_properties
from hardware.boards.matching import config_lines, pins_beside
from hardware.errors import PipitError
from hardware.header.pins import RESERVED, PinUse, check_pins

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from daemon.doctor.examining.patient import Patient, PatientCheck
    from hardware.header.pins import Purpose, Wired

OUR_CONSUMER: Final = "lg"
"""What lgpio calls itself when it claims a line; so does any other program that uses it."""

STUB_BELOW: Final = (0, 2)
"""lgpio 0.0.0.2 is an empty package, which pip takes where there is no wheel of a real one."""
INSTALL_LGPIO: Final = "run `sudo ./install.sh install` again: it builds lgpio where there is no wheel"
LINES_TIMEOUT_S: Final = 15.0
"""A Python starts, and imports."""

HEADER_DRIVERS: Final = ("pinctrl_rp1", "pinctrl_bcm2835")
"""Modules that drive a header. Linux 6.12 has their parameter persist_gpio_outputs, and N is its default; that of
Raspberry Pi's kernels is Y (raspberrypi/linux #6117)."""

Version = Callable[[str], str]
"""The version of an installed package; raises PackageNotFoundError."""


def pins_of(settings: Settings) -> list[PinUse]:
    """Every pin that the settings name, and for what."""
    uses: list[tuple[int | None, str, Purpose]] = [
        (settings.button.pin, "the button", "button"),
        (settings.mute.pin, "the mute button", "button"),
        *((pin, "the light", "light") for pin in settings.indicator.wired),
        (settings.volume.up_pin, "the button for louder", "button"),
        (settings.volume.down_pin, "the button for quieter", "button"),
        (settings.volume.encoder_a, "the knob's A", "knob"),
        (settings.volume.encoder_b, "the knob's B", "knob"),
        *((pin, f'the device "{device.name}"', "device") for device in settings.devices for pin in device.pins),
        *((pin, f'the input "{one.name}"', one.purpose) for one in settings.inputs for pin in one.pins),
    ]
    return [PinUse(pin, owner, purpose) for pin, owner, purpose in uses if pin is not None]


def _wired(site: Patient, settings: Settings) -> Mapping[int, Wired]:
    """What the sound board has on the header."""
    config = config_lines(site.path(file) for file in CONFIG_FILES)
    return pins_beside((settings.microphone.device, settings.speaker.device), config)


def outputs_of(settings: Settings) -> list[int]:
    """The pins that Pipit drives."""
    return [*(pin for device in settings.devices for pin in device.pins), *settings.indicator.wired]


def _wanted(site: Patient) -> Settings:
    """The settings, if they name pins of a real chip. Raises CannotTell if there is nothing to look at."""
    settings = site.settings or Settings()
    if not pins_of(settings):
        raise CannotTell("the settings name no pins")
    if settings.gpio.factory == "mock":
        raise CannotTell('the pins are only played: factory = "mock" in [gpio]')
    if not _chips(site) and not board(site):
        raise CannotTell("this machine has no GPIO chips")
    return settings


def _chips(site: Patient) -> list[Path]:
    return sorted(site.path("/dev").glob("gpiochip*"))


# The chip


def _examine_chip(site: Patient, python: str) -> Finding:
    settings = _wanted(site)
    chips = _chips(site)
    if not chips:
        return bad("the kernel has no GPIO chip", "sudo apt full-upgrade and restart: this kernel is not the Pi's own")
    wanted = [chip for chip in chips if settings.gpio.chip in ("auto", chip.name)]
    closed = [chip for chip in wanted if not _open_to_service(site, chip)]
    if closed:
        names = ", ".join(chip.name for chip in closed)
        return bad(
            f"the service may not use {names}: they do not belong to the group gpio",
            "sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=gpio, or restart",
        )
    chip = _described(site, settings.gpio.chip, python)
    return good(f"the header is gpiochip{chip['number']} ({chip['label']}), and the service may use it")


def _open_to_service(site: Patient, chip: Path) -> bool:
    """Whether the group gpio, which the unit gives the service, or everyone may read and write it.

    Where no service is installed, it is not asked for.
    """
    known = groups(site)
    if USER not in known and f"{USER}:" not in (site.text("/etc/passwd") or ""):
        return True
    state = chip.stat()
    for_group = stat.S_IRGRP | stat.S_IWGRP
    for_all = stat.S_IROTH | stat.S_IWOTH
    in_group = state.st_gid == known.get("gpio", (-1, frozenset()))[0]
    return (in_group and state.st_mode & for_group == for_group) or state.st_mode & for_all == for_all


def _described(site: Patient, wanted: str, python: str) -> dict[str, Any]:
    """The chip as `checks.claims` prints it. Raises PipitError with its reason, CannotTell where we may not."""
    done = site.run(own_module("daemon.doctor.checks.claims", wanted, python=python), LINES_TIMEOUT_S)
    if not done.found:
        raise CannotTell(f"{python} cannot be started by this user", fix=SUDO)
    try:
        answer: dict[str, Any] = json.loads(done.output)
    except ValueError:
        last = done.last_error or f"it ended with {done.signal or done.status}"
        raise PipitError(f"the GPIO lines cannot be asked ({last})", fix=INSTALL_LGPIO) from None
    if "error" in answer:
        if not site.is_root and "permission" in answer["error"]:
            raise CannotTell(answer["error"], fix=SUDO)
        raise PipitError(answer["error"], fix=answer["fix"])
    return answer


# The pins


def _examine_pins(site: Patient, python: str) -> Finding:
    settings = _wanted(site)
    uses = pins_of(settings)
    for problem in check_pins(uses, wired=_wired(site, settings)):
        return bad(problem.message, problem.fix, pin=problem.use.pin)
    if not _chips(site):
        raise CannotTell("there is no GPIO chip, see the check gpio")
    users = {line["number"]: line["user"] for line in _described(site, settings.gpio.chip, python)["lines"]}
    ours = _service_is_active(site)
    for use in uses:
        user = users.get(use.pin, "")
        if user and not (user == OUR_CONSUMER and ours):
            return bad(
                f"pin {use.pin} of {use.owner} is claimed by {user!r}",
                "free it (a dtoverlay or dtparam in config.txt, or another program), or use another pin",
                pin=use.pin,
                user=user,
            )
    if outputs_of(settings) and _lets_go_of_outputs(site):
        return warning(
            "this kernel makes an output an input when Pipit stops or crashes: nothing holds its safe level then",
            "add pinctrl_bcm2835.persist_gpio_outputs=1 to cmdline.txt, or take dtparam=strict_gpiod out of config.txt",
            pins=len(uses),
        )
    held = f", and the service holds {'it' if len(uses) == 1 else 'them'}" if ours else ""
    count = "1 pin is" if len(uses) == 1 else f"{len(uses)} pins are"
    return good(f"{count} free for Pipit{held}; reserved are {', '.join(map(str, RESERVED))}", pins=len(uses))


def _lets_go_of_outputs(site: Patient) -> bool:
    """What the kernel's driver of the header says; Raspberry Pi's own kernels keep outputs, Debian's does not."""
    return any(site.text(f"/sys/module/{driver}/parameters/persist_gpio_outputs") == "N" for driver in HEADER_DRIVERS)


def _service_is_active(site: Patient) -> bool:
    try:
        return unit_properties(site, ["ActiveState"]).get("ActiveState") in {"active", "activating"}
    except CannotTell:
        return False


# lgpio


def _examine_lgpio(site: Patient, version_of: Version) -> Finding:
    _wanted(site)
    try:
        version = version_of("lgpio")
    except importlib.metadata.PackageNotFoundError:
        return bad("lgpio, which drives the pins, is not installed", INSTALL_LGPIO)
    if tuple(int(part) for part in version.split(".")[:2] if part.isdecimal()) < STUB_BELOW:
        return bad(f"the installed lgpio {version} is an empty package", INSTALL_LGPIO, version=version)
    try:
        environment = unit_properties(site, ["LoadState", "Environment"])
    except CannotTell:
        environment = {}
    if environment.get("LoadState") == "loaded" and "LG_WD=" not in environment.get("Environment", ""):
        return warning(
            "the unit does not set LG_WD, and lgpio cannot write its pipe into / then: no pin would work",
            "sudo systemctl edit pipit, and write [Service] and Environment=LG_WD=%t/pipit into it",
            version=version,
        )
    if not environment:
        return skipped(f"lgpio {version} is installed; what LG_WD is for the service, nobody can say here")
    return good(f"lgpio {version} is installed, and has a folder for its pipe", version=version)


def gpio_checks(
    python: str = PYTHON, version_of: Version = importlib.metadata.version
) -> tuple[PatientCheck, PatientCheck, PatientCheck]:
    """The three checks; `python` runs `daemon.doctor.checks.claims`."""
    return (
        Check(
            "gpio", "Is the chip of the header there, and may the service use it?", lambda s: _examine_chip(s, python)
        ),
        Check("pins", "Are the pins of the settings free?", lambda s: _examine_pins(s, python)),
        Check("lgpio", "Is lgpio a real one, and can it work?", lambda s: _examine_lgpio(s, version_of)),
    )


GPIO, PINS, LGPIO = gpio_checks()
