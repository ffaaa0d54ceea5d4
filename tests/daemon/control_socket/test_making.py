"""The control socket of an appliance."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

from daemon.control_socket.control_client import ControlClient
from daemon.control_socket.making import control_of
from tests.daemon.control_socket.home import Home

if TYPE_CHECKING:
    from pathlib import Path


async def test_it_is_where_the_commands_look_for_it(tmp_path: Path) -> None:
    def asked() -> dict[str, object]:
        with ControlClient(tmp_path / "control.sock") as appliance:
            return appliance.ask("mute", on=True)

    home = Home()
    control = control_of(home.powers(), {"RUNTIME_DIRECTORY": str(tmp_path)})
    assert control
    task = asyncio.create_task(control.run())
    async with asyncio.timeout(60):
        await control.listening.wait()
        assert await asyncio.to_thread(asked) == {"ok": True, "muted": True}
    task.cancel()
    await asyncio.wait([task])
    assert home.standing.is_muted


async def test_outside_a_service_there_is_none() -> None:
    assert control_of(Home().powers(), {}) is None


async def test_the_verbs_are_loaded_by_the_first_request() -> None:
    """They are half a megabyte that most days nobody asks for."""
    program = "import daemon.control_socket.making, sys; print('daemon.control_socket.verbs' in sys.modules)"
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
