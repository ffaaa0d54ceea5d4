"""How an attended command ends, by real signals."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from daemon.chat.ending import Attention, run_attended
from daemon.signals import ENDING


def press(number: int = signal.SIGINT) -> None:
    os.kill(os.getpid(), number)


async def stay() -> None:
    await asyncio.get_running_loop().create_future()


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_ends_it_in_order_with_the_status_a_shell_knows(number: int) -> None:
    closed: list[str] = []

    async def work(_: Attention) -> None:
        try:
            press(number)
            await stay()
        finally:
            closed.append("all")

    assert run_attended(work) == 128 + number
    assert closed == ["all"]
    assert signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}


@pytest.mark.parametrize("second", ENDING)
def test_a_second_signal_does_not_disturb_the_closing(second: int) -> None:
    closed: list[str] = []

    async def work(_: Attention) -> None:
        try:
            press(signal.SIGTERM)
            await stay()
        finally:
            press(second)
            await asyncio.sleep(0.001)
            closed.append("all")

    assert run_attended(work) == 128 + signal.SIGTERM
    assert closed == ["all"]


def test_ctrl_c_goes_first_to_what_can_be_interrupted() -> None:
    presses: list[bool] = []

    async def work(attention: Attention) -> None:
        again = asyncio.Event()

        def interrupt() -> bool:
            presses.append(not presses)
            again.set()
            return presses[-1]

        attention.interrupt = interrupt
        press()
        await again.wait()
        press()
        await stay()

    assert run_attended(work) == 130
    assert presses == [True, False]


def test_what_ends_by_itself_is_well() -> None:
    async def work(_: Attention) -> None:
        await asyncio.sleep(0)

    assert run_attended(work) == 0
