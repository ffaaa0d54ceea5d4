"""systemd/: the unit holds what the appliance relies on, and systemd finds nothing wrong with it."""

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest

SYSTEMD: Final = Path(__file__).parents[1] / "systemd"
UNIT: Final = SYSTEMD / "pipit.service"

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
    assert unit["Restart"] == ["on-failure"]


def test_a_settings_error_is_not_retried(unit: dict[str, list[str]]) -> None:
    assert unit["RestartPreventExitStatus"] == ["78"]


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


def test_it_waits_for_no_network(unit: dict[str, list[str]]) -> None:
    assert not any("network" in value for key in ("Wants", "After", "Requires") for value in unit[key])


def test_it_runs_as_the_user_that_sysusers_makes(unit: dict[str, list[str]]) -> None:
    users = (SYSTEMD / "pipit.sysusers.conf").read_text()
    assert unit["User"] == ["pipit"]
    assert re.search(r"^u pipit ", users, re.MULTILINE)
    for group in unit["SupplementaryGroups"][0].split():
        assert re.search(rf"^m pipit {group}$", users, re.MULTILINE), group


def test_a_missing_key_does_not_keep_it_from_starting(unit: dict[str, list[str]]) -> None:
    drop_in = settings(SYSTEMD / "gemini-api-key.conf")
    assert "LoadCredential" not in unit
    name, _, source = drop_in["LoadCredential"][0].partition(":")
    assert source == "/etc/pipit/gemini-api-key"
    assert drop_in["SetCredential"][0].startswith(f"{name}:")


def test_the_udev_rule_gives_gpio_lines_to_the_units_group(unit: dict[str, list[str]]) -> None:
    rule = (SYSTEMD / "60-pipit.rules").read_text()
    group = re.search(r'KERNEL=="gpiochip\*", GROUP="(\w+)", MODE="0660"', rule)
    assert group
    assert group[1] in unit["SupplementaryGroups"][0].split()


@needs_systemd
def test_systemd_accepts_the_unit_and_the_drop_in(tmp_path: Path) -> None:
    program = tmp_path / "pipit"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    copy = tmp_path / UNIT.name
    copy.write_text(re.sub(r"/opt/pipit/current/venv/bin/pipit", str(program), UNIT.read_text()))
    (tmp_path / f"{UNIT.name}.d").mkdir()
    shutil.copy(SYSTEMD / "gemini-api-key.conf", tmp_path / f"{UNIT.name}.d")
    verified = _analyze("verify", "--man=no", str(copy))
    assert verified.returncode == 0, verified.stderr
    complaints = [line for line in verified.stderr.splitlines() if "pipit" in line or "gemini" in line]
    assert complaints == []


@needs_systemd
def test_its_exposure_stays_low() -> None:
    report = _analyze("security", "--offline=true", str(UNIT))
    score = re.search(r"Overall exposure level for pipit.service: ([\d.]+)", report.stdout)
    assert score, report.stdout + report.stderr
    assert float(score[1]) <= HIGHEST_EXPOSURE


def _analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, timeout=60, check=False
    )
