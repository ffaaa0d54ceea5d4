"""Processes that use a GPIO chip one after the other: gpiozero's real factory over the recording stand-in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hardware.fake_board import Board
from hardware.fake_lgpio import in_place_of_lgpio
from hardware.header.factory import PinFactory
from hardware.header.lines import header_factory
from hardware.header.output import GpioOutput, OutputSpec

PIN = 26
KINDS = ("led", "relay", "pwm")


@contextmanager
def process(board: Board, *, killed: bool = False) -> Iterator[PinFactory]:
    """The factory of one process, which ends in order, or is killed."""
    with in_place_of_lgpio(board) as lgpio:
        factory = header_factory(lgpio, 0)
        try:
            yield factory
        finally:
            if killed:
                lgpio.die()
            factory.close()


def output(factory: PinFactory, **options: Any) -> GpioOutput:
    return GpioOutput(
        OutputSpec(
            **{"name": "lamp", "pin": PIN} | {key: options[key] for key in options if key != "kind"},
            dimmable=options.get("kind") == "pwm",
        ),
        factory,
    )
