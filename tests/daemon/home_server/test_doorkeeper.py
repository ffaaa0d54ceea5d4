"""Who comes in, how often, and how many at a time."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from daemon.broker.enrolled import Devices
from daemon.home_server.doorkeeper import Doorkeeper, TurnedAway
from daemon.home_server.settings import HomeServerSettings
from daemon.offline.wire.access import Visitor
from tests.daemon.home_server.home import Clock

if TYPE_CHECKING:
    from pathlib import Path


def keeper(folder: Path, clock: Clock | None = None, **limits: int) -> tuple[Doorkeeper, Devices]:
    devices = Devices(folder / "devices")
    return Doorkeeper(devices, HomeServerSettings(**limits), clock or Clock()), devices


async def test_a_secret_is_known_whatever_else_is_shown(tmp_path: Path) -> None:
    doors, devices = keeper(tmp_path)
    secret = devices.add("hall")
    assert await doors.recognised(Visitor("v1beta", frozenset({secret, "another"}))) == "hall"


async def test_of_many_secrets_few_are_tried(tmp_path: Path) -> None:
    doors, devices = keeper(tmp_path)
    shown = frozenset({devices.add("zoo"), *(f"a{number}" for number in range(3))})
    with pytest.raises(TurnedAway):
        await doors.recognised(Visitor("v1beta", shown))


async def test_what_is_shown_is_not_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    doors, _ = keeper(tmp_path)
    with pytest.raises(TurnedAway):
        await doors.recognised(Visitor("v1beta", frozenset({"hall:shown"})))
    assert "not known here" in caplog.text
    assert "hall" not in caplog.text


def test_rates_are_a_devices_own_and_all_of_theirs(tmp_path: Path) -> None:
    clock = Clock()
    doors, _ = keeper(tmp_path, clock, device_per_minute=2, per_minute=3)
    doors.count("hall")
    doors.count("hall")
    with pytest.raises(TurnedAway):
        doors.count("hall")
    doors.count("attic")
    with pytest.raises(TurnedAway) as away:
        doors.count("kitchen")
    assert (away.value.status, away.value.headers) == (429, {"Retry-After": "60"})
    clock.now_s += 60
    doors.count("hall")
