"""Real signals: to this process, and to one that has an output on."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from daemon.signals import ENDING, heed, run_until_told, stray
from tests.daemon.processes import run_code

TERMINATING = ["HUP", "INT", "QUIT", "TERM", "USR1", "USR2", "ALRM", "VTALRM", "PROF", "IO", "PWR", "STKFLT", "XCPU"]
"""Of signal(7): what ends a program by default, but for faults of its own, SIGKILL, and what Python ignores."""


async def stay() -> None:
    await asyncio.get_running_loop().create_future()


async def settle() -> None:
    """Let the loop hear of a signal, which comes by a socket."""
    for _ in range(3):
        await asyncio.sleep(0.001)


def send(number: int) -> None:
    os.kill(os.getpid(), number)


def test_every_signal_that_ends_a_program_is_heeded() -> None:
    known = {int(getattr(signal, f"SIG{name}")) for name in TERMINATING if hasattr(signal, f"SIG{name}")}
    assert known <= {*ENDING, *stray()}
    assert not set(ENDING) & set(stray())
    assert not {signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL, signal.SIGTSTP, signal.SIGCHLD} & {*ENDING, *stray()}


@pytest.mark.parametrize("number", ENDING)
def test_an_ending_signal_lets_all_be_closed_in_order_and_a_second_does_not_disturb_that(number: int) -> None:
    happened: list[str] = []

    async def work() -> None:
        try:
            send(number)
            await stay()
        finally:
            for second in (signal.SIGTERM, number, signal.SIGINT):
                send(second)
                await settle()
            happened.append("closed")

    run_until_told(work(), lambda: happened.append("told"))
    assert happened == ["told", "closed"]
    assert signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}


def test_what_means_nothing_is_passed_over() -> None:
    heard: list[int] = []

    async def work() -> None:
        heed(heard.append)
        for number in stray():
            send(number)
        await settle()
        send(signal.SIGTERM)
        await settle()

    asyncio.run(work())
    assert heard == [signal.SIGTERM]


def test_what_ends_by_itself_tells_nobody() -> None:
    happened: list[str] = []

    async def work() -> None:
        happened.append("done")

    run_until_told(work(), lambda: happened.append("told"))
    assert happened == ["done"]


def test_a_fault_comes_out() -> None:
    async def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_until_told(work())


def test_nohup_is_respected() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    heard: list[int] = []

    async def work() -> None:
        heed(heard.append)
        send(signal.SIGHUP)
        await settle()

    try:
        asyncio.run(work())
        assert heard == []
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


CHILD = """
import asyncio, os, signal, sys
from daemon.house.settings import Settings
from daemon.signals import run_until_told
from daemon.conversation.events import ToolCall
from daemon.house.wiring import gpio_pins, wired

async def main():
    settings = Settings.model_validate(
        {"gpio": {"factory": "mock"}, "device": [{"name": "lamp", "kind": "led", "pin": 17}]}
    )
    factory = gpio_pins(settings.gpio)
    try:
        with wired(settings, lambda _: factory) as wiring:
            pin = factory.pin(17)
            await wiring.toolbox.call(ToolCall("1", "set_device", {"device": "lamp", "state": "on"}))
            print("on", flush=True)
            os.kill(os.getpid(), signal.SIGUSR1)
            os.kill(os.getpid(), int(sys.argv[1]))
            await asyncio.get_running_loop().create_future()
    finally:
        print([bool(entry.state) for entry in pin.states], pin.function, flush=True)

run_until_told(main())
"""


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM])
def test_a_lamp_that_is_on_is_off_afterwards(number: int) -> None:
    """After a stray signal it still runs; of the ending one it dies with status 0, the lamp off."""
    child = run_code(CHILD, str(int(number)))
    assert child.returncode == 0, child.stderr
    assert child.stdout.splitlines() == ["on", "[False, True, False] input"]
