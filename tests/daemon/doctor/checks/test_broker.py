"""What the doctor says of a token broker: a real one, and none."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from daemon.doctor.checks.broker import BROKER, STORED
from daemon.doctor.checks.key import KEY, MODEL
from tests.daemon.broker.house import broker
from tests.daemon.doctor.machine import BAD, GOOD, SKIPPED, assert_finding

if TYPE_CHECKING:
    from pathlib import Path

    from tests.daemon.broker.house import House
    from tests.daemon.doctor.machine import Machine


def tell(machine: Machine, house: House, model: str = "gemini-3.8-live", secret: str | None = None) -> None:
    """Write settings and secret of a device of `house`."""
    machine.file(STORED, secret or house.secret, 0o600)
    machine.settings(
        f'[live]\nmodel = "{model}"\n[live.credential]\nbroker = "{house.url}"\n'
        f'broker_ca_file = "{house.files.ca_file}"\n'
    )
    house.clocks.broker = time.time()


async def test_a_broker_that_knows_us(machine: Machine, tmp_path: Path) -> None:
    async with broker(tmp_path) as house:
        tell(machine, house)
        finding = await asyncio.to_thread(machine.finding, BROKER)
        assert_finding(finding, GOOD, 'knows this device as "kitchen"')
        assert house.secret not in str(finding)
        assert house.mint.count == 0


async def test_a_broker_that_does_not(machine: Machine, tmp_path: Path) -> None:
    async with broker(tmp_path) as house:
        tell(machine, house, secret="kitchen:wrong")
        assert_finding(await asyncio.to_thread(machine.finding, BROKER), BAD, "does not know this device's secret")


async def test_another_model(machine: Machine, tmp_path: Path) -> None:
    async with broker(tmp_path) as house:
        tell(machine, house, model="gemini-3.1-flash-live-preview")
        assert_finding(await asyncio.to_thread(machine.finding, BROKER), BAD, "tokens are for gemini-3.8-live")


async def test_nobody_there(machine: Machine, tmp_path: Path) -> None:
    async with broker(tmp_path) as house:
        tell(machine, house)
    assert_finding(await asyncio.to_thread(machine.finding, BROKER), BAD, "cannot be reached")


def test_none_is_meant(machine: Machine) -> None:
    assert_finding(machine.finding(BROKER), SKIPPED, "the settings name no token broker")


def test_with_a_broker_a_key_is_one_too_many(machine: Machine) -> None:
    machine.settings('[live.credential]\nbroker = "https://b"\n')
    assert_finding(machine.finding(KEY), GOOD, "no key is needed")
    assert_finding(machine.finding(MODEL), SKIPPED, "a token broker has the key")
    machine.environ["GEMINI_API_KEY"] = "hush"
    finding = machine.finding(KEY)
    assert_finding(finding, BAD, "both a token broker and a key, in $GEMINI_API_KEY")
    assert "hush" not in str(finding)
