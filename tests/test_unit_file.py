"""systemd/: the unit holds what the appliance relies on, and systemd finds nothing wrong with it."""

import json
import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest

from daemon.control_socket.socket_file import SERVICE_FOLDER
from hardware.lights.usb_ring import RINGS

SYSTEMD: Final = Path(__file__).parents[1] / "systemd"
UNIT: Final = SYSTEMD / "pipit.service"
TRIAL: Final = SYSTEMD / "pipit-key.service"
BROKER: Final = SYSTEMD / "pipit-token-broker.service"
HOME_SERVER: Final = SYSTEMD / "pipit-home-server.service"
KEY_DROP_INS: Final = ("gemini-api-key.conf", "gemini-api-key.encrypted.conf")
BUSES: Final = {"spi": ("spidev", "spidev"), "i2c": ("i2c_dev", "i2c-dev")}
"""Of each bus the kernel module that makes its group of devices, and their subsystem (drivers/spi/spidev.c and
drivers/i2c/i2c-dev.c register the groups `spi` and `i2c`)."""

HIGHEST_EXPOSURE: Final = 1.7
"""Of 10; what `systemd-analyze security` gives with everything on that does not break sound or pins."""

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")


def settings(file: Path) -> dict[str, list[str]]:
    """Every value of each key of a unit file, in order."""
    values: defaultdict[str, list[str]] = defaultdict(list)
    for line in file.read_text().splitlines():
        if match := re.match(r"(\w+)=(.*)", line):
            values[match[1]].append(match[2])
    return values


@pytest.fixture
def unit() -> dict[str, list[str]]:
    return settings(UNIT)


def test_it_is_ready_when_it_says_so_and_watched(unit: dict[str, list[str]]) -> None:
    assert unit["Type"] == ["notify"]
    assert unit["WatchdogSec"] == ["30s"]


@pytest.mark.parametrize("file", [UNIT, BROKER, HOME_SERVER], ids=lambda file: file.name)
def test_it_is_started_again_however_it_ended(file: Path) -> None:
    """On-failure leaves it dead after a SIGHUP, which is a clean end to systemd."""
    assert settings(file)["Restart"] == ["always"]


def test_a_settings_error_is_not_retried(unit: dict[str, list[str]]) -> None:
    assert unit["RestartPreventExitStatus"] == ["78"]


def test_it_comes_back_at_once(unit: dict[str, list[str]]) -> None:
    """Of the five seconds from a kill to READY most belong to two starts of Python, on the slowest boards."""
    assert unit["RestartSec"] == ["500ms"]
    assert unit["StartLimitIntervalSec"] == ["0"]


def test_outputs_are_made_safe_after_every_end(unit: dict[str, list[str]]) -> None:
    command = unit["ExecStopPost"][0]
    assert command.startswith("-"), "its failure must not hide why the service ended"
    assert " safe " in command
    assert command.lstrip("-").split()[0] == unit["ExecStart"][0].split()[0]


def test_sound_cards_and_gpio_lines_are_the_only_devices(unit: dict[str, list[str]]) -> None:
    assert unit["DevicePolicy"] == ["closed"]
    assert unit["DeviceAllow"] == ["char-alsa rw", "char-gpiochip rw"]
    assert "PrivateDevices" not in unit


def test_the_sound_device_group_is_there_before_the_unit_starts(unit: dict[str, list[str]]) -> None:
    assert "modprobe@snd.service" in unit["Wants"][0]
    assert "modprobe@snd.service" in unit["After"][0]


def test_lgpio_may_write_where_it_makes_its_pipe(unit: dict[str, list[str]]) -> None:
    folder = f"%t/{unit['RuntimeDirectory'][0]}"
    assert unit["WorkingDirectory"] == [folder]
    assert f"LG_WD={folder}" in unit["Environment"]
    assert "GPIOZERO_PIN_FACTORY=lgpio" in unit["Environment"]


def test_the_control_socket_is_in_reach_of_its_group_alone(unit: dict[str, list[str]]) -> None:
    assert unit["RuntimeDirectoryMode"] == ["0750"]
    assert f"/run/{unit['RuntimeDirectory'][0]}" == str(SERVICE_FOLDER)
    assert "Group" not in unit, "else it is not the one that `usermod -aG pipit` adds to"
    assert "AF_UNIX" in unit["RestrictAddressFamilies"][0].split()


def test_it_waits_for_no_network(unit: dict[str, list[str]]) -> None:
    assert not any("network" in value for key in ("Wants", "After", "Requires") for value in unit[key])


def test_it_runs_as_the_user_that_sysusers_makes(unit: dict[str, list[str]]) -> None:
    users = (SYSTEMD / "pipit.sysusers.conf").read_text()
    assert unit["User"] == ["pipit"]
    assert re.search(r"^u pipit ", users, re.MULTILINE)
    for group in unit["SupplementaryGroups"][0].split():
        assert re.search(rf"^m pipit {group}$", users, re.MULTILINE), group


@pytest.mark.parametrize("drop_in", KEY_DROP_INS)
def test_a_missing_key_does_not_keep_it_from_starting(unit: dict[str, list[str]], drop_in: str) -> None:
    values = settings(SYSTEMD / drop_in)
    assert not any("LoadCredential" in key for key in unit)
    loaded = values.get("LoadCredential") or values["LoadCredentialEncrypted"]
    name = loaded[0].partition(":")[0]
    assert values["SetCredential"] == [rf"{name}:\n"], "what it gets without one"


def test_a_key_that_cannot_be_decrypted_does_not_keep_it_from_starting() -> None:
    drop_in, trial = settings(SYSTEMD / "gemini-api-key.encrypted.conf"), settings(TRIAL)
    assert drop_in["Wants"] == drop_in["After"] == [TRIAL.name]
    tried, copied = trial["ExecStart"]
    stored = "/etc/pipit/gemini-api-key.cred"
    assert f"decrypt --name=gemini-api-key {stored} -" in tried
    assert f"{stored} %t/" in copied
    assert drop_in["LoadCredentialEncrypted"] == [f"gemini-api-key:{copied.split()[-1].replace('%t', '/run')}"]
    assert f"%t/{trial['RuntimeDirectory'][0]}/" in copied


def test_the_decrypted_key_goes_nowhere() -> None:
    trial = settings(TRIAL)
    assert trial["StandardOutput"] == ["null"], "what is tried is printed"
    assert trial["RuntimeDirectoryMode"] == ["0700"]
    assert trial["LimitCORE"] == ["0"]


def test_a_crash_leaves_no_core_file_but_says_where(unit: dict[str, list[str]]) -> None:
    assert unit["LimitCORE"] == ["0"], "it would hold the key and what was said in the room"
    assert "PYTHONFAULTHANDLER=1" in unit["Environment"]


@pytest.mark.parametrize("file", [UNIT, TRIAL, BROKER], ids=lambda file: file.name)
def test_no_service_needs_a_writable_root(file: Path) -> None:
    values = settings(file)
    assert values["ProtectSystem"] == ["strict"]
    assert "PrivateDevices" not in values, "systemd 252 makes its /dev below /tmp"


def test_limits_leave_room_for_what_is_used_and_less_than_a_small_board_has(unit: dict[str, list[str]]) -> None:
    in_conversation_mb, zero_2_w_mb = 133, 417  # docs/benchmarks.md; what 512 MB are without the GPU's part
    limit = re.fullmatch(r"(\d+)M", unit["MemoryMax"][0])
    assert limit
    assert 1.5 * in_conversation_mb < int(limit[1]) < zero_2_w_mb


def test_the_broker_has_a_user_of_its_own_and_its_key_from_systemd() -> None:
    unit = settings(BROKER)
    users = (SYSTEMD / "pipit-token-broker.sysusers.conf").read_text()
    assert f"u {unit['User'][0]} - " in users
    assert unit["User"] != settings(UNIT)["User"]
    assert unit["LoadCredential"] == ["gemini-api-key:/etc/pipit/gemini-api-key"]
    assert unit["RestartPreventExitStatus"] == ["78"]
    assert unit["LimitCORE"] == ["0"], "it would hold the key"


def test_the_home_server_has_a_user_of_its_own_and_starts_without_a_key() -> None:
    unit = settings(HOME_SERVER)
    users = (SYSTEMD / "pipit-home-server.sysusers.conf").read_text()
    assert f"u {unit['User'][0]} - " in users
    assert unit["User"][0] not in {*settings(UNIT)["User"], *settings(BROKER)["User"]}
    assert unit["LoadCredential"] == ["gemini-api-key:/etc/pipit/gemini-api-key"]
    assert unit["SetCredential"] == [r"gemini-api-key:\n"]
    assert unit["LimitCORE"] == ["0"], "it would hold the key"
    assert "live-server --listen " in unit["ExecStart"][0]


def test_a_missing_secret_does_not_keep_the_appliance_from_starting() -> None:
    drop_in = settings(SYSTEMD / "broker-secret.conf")
    assert drop_in["LoadCredential"] == ["broker-secret:/etc/pipit/broker-secret"]
    assert drop_in["SetCredential"] == [r"broker-secret:\n"]


@pytest.mark.parametrize("bus", BUSES)
def test_a_bus_is_opened_with_its_module_and_its_group(bus: str) -> None:
    module, subsystem = BUSES[bus]
    drop_in = settings(SYSTEMD / f"{bus}.conf")
    assert drop_in["DeviceAllow"] == [f"char-{bus} rw"]
    assert drop_in["Wants"] == drop_in["After"] == [f"modprobe@{module}.service"]
    assert drop_in["SupplementaryGroups"] == [bus]
    users = (SYSTEMD / f"{bus}.sysusers.conf").read_text().splitlines()
    assert {f"g {bus} - -", f"m pipit {bus}"} <= set(users)
    rule = (SYSTEMD / f"{bus}.rules").read_text()
    assert f'SUBSYSTEM=="{subsystem}", GROUP="{bus}", MODE="0660"' in rule.splitlines()


def test_of_usb_only_arrays_with_lights_are_opened() -> None:
    drop_in = settings(SYSTEMD / "usb.conf")
    assert drop_in["DeviceAllow"] == ["char-usb_device rw"]
    assert drop_in["SupplementaryGroups"] == ["usb"]
    users = (SYSTEMD / "usb.sysusers.conf").read_text().splitlines()
    assert {"g usb - -", "m pipit usb"} <= set(users)
    [rule] = [line for line in (SYSTEMD / "usb.rules").read_text().splitlines() if not line.startswith("#")]
    products = "|".join(f"{ring.product:04x}" for ring in RINGS)
    assert f'ATTR{{idVendor}}=="2886", ATTR{{idProduct}}=="{products}", GROUP="usb", MODE="0660"' in rule
    assert {ring.vendor for ring in RINGS} == {0x2886}


def test_keys_are_read_and_never_written() -> None:
    drop_in = settings(SYSTEMD / "input.conf")
    assert drop_in["DeviceAllow"] == ["char-input r"]
    assert drop_in["SupplementaryGroups"] == ["input"]
    users = (SYSTEMD / "input.sysusers.conf").read_text().splitlines()
    assert {"g input - -", "m pipit input"} <= set(users)


def test_the_udev_rule_gives_gpio_lines_to_the_units_group(unit: dict[str, list[str]]) -> None:
    rule = (SYSTEMD / "60-pipit.rules").read_text()
    group = re.search(r'KERNEL=="gpiochip\*", GROUP="(\w+)", MODE="0660"', rule)
    assert group
    assert group[1] in unit["SupplementaryGroups"][0].split()


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder of units as systemd would see them, with every drop-in that does not exclude another; the service."""
    program = tmp_path / "pipit"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    folder = tmp_path / "units"
    (folder / f"{UNIT.name}.d").mkdir(parents=True)
    for file in (UNIT, TRIAL, BROKER, HOME_SERVER):
        text = re.sub(r"/opt/pipit/current/venv/bin/pipit|/usr/bin/systemd-creds", str(program), file.read_text())
        (folder / file.name).write_text(text)
    for name in ("gemini-api-key.encrypted.conf", "broker-secret.conf", "spi.conf", "i2c.conf"):
        shutil.copy(SYSTEMD / name, folder / f"{UNIT.name}.d")
    return folder / UNIT.name


@needs_systemd
@pytest.mark.parametrize("key", KEY_DROP_INS)
def test_systemd_accepts_the_units_and_the_drop_ins(installed: Path, key: str) -> None:
    (installed.parent / f"{UNIT.name}.d" / "gemini-api-key.encrypted.conf").unlink()
    shutil.copy(SYSTEMD / key, installed.parent / f"{UNIT.name}.d")
    others = [str(installed.with_name(unit.name)) for unit in (TRIAL, BROKER)]
    verified = _analyze("verify", "--man=no", str(installed), *others)
    assert verified.returncode == 0, verified.stderr
    complaints = [line for line in verified.stderr.splitlines() if "pipit" in line or str(installed.parent) in line]
    assert complaints == []


@needs_systemd
@pytest.mark.parametrize("name", [UNIT.name, TRIAL.name, BROKER.name])
def test_its_exposure_stays_low_with_every_drop_in(installed: Path, name: str) -> None:
    report = _analyze("security", "--offline=true", str(installed.with_name(name)))
    score = re.search(rf"Overall exposure level for {name}: ([\d.]+)", report.stdout)
    assert score, report.stdout + report.stderr
    assert float(score[1]) <= HIGHEST_EXPOSURE


@needs_systemd
def test_whatever_is_left_open_has_its_reason_in_a_comment() -> None:
    report = _analyze("security", "--offline=true", "--json=short", str(UNIT))
    names = [entry["name"] for entry in json.loads(report.stdout) if entry["exposure"]]
    words = {re.sub(r"^\w+=~|=.*|[()]", "", name).replace("AF_INET|INET6", "AF_INET6") for name in names}
    assert {"PrivateDevices", "@resources", "AF_NETLINK", "AF_INET6"} <= words
    reasons = "".join(line for line in UNIT.read_text().splitlines(keepends=True) if line.startswith("#"))
    assert [word for word in sorted(words) if word not in reasons and word != "DeviceAllow"] == []


def _analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, timeout=60, check=False
    )
