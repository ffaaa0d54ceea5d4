"""A reading, or what is wrong with the sensor: missing, hanging, stuck, nonsense; told once, and refused each time."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest

from daemon.abilities.inputs.kinds.ds18b20_input import DS18B20
from daemon.abilities.inputs.sensor_reader import APART_S, DEADLINE_S, FRESH_S, Expected, Reader
from daemon.errors import DeviceMissing, HardwareError
from hardware.base import Measured

if TYPE_CHECKING:
    from collections.abc import Callable


class Bath:
    """A thermometer in it, and a clock that is set by hand."""

    def __init__(self, deadline_s: float = DEADLINE_S, **expected: Any) -> None:
        self.name = "bath"
        self.now_s = 100.0
        self.reads = 0
        self.measures: Callable[[], float] = lambda: 37.5
        self.told: list[str] = []
        self.reader = Reader(
            self,
            DS18B20,
            Expected(**expected),
            now=lambda: self.now_s,
            deadline_s=deadline_s,
            told=self.told.append,
        )

    def read(self) -> tuple[Measured, ...]:
        self.reads += 1
        return (Measured("temperature", self.measures(), "°C"),)

    async def degrees(self) -> float:
        [measured] = (await self.reader.read()).measured
        return measured.value

    async def refusal(self) -> str:
        with pytest.raises(HardwareError) as error:
            await self.degrees()
        assert error.value.fix
        return error.value.message


async def test_a_thousand_questions_at_once_are_one_reading_and_it_has_an_age() -> None:
    bath = Bath()
    assert await asyncio.gather(*(bath.degrees() for _ in range(1000))) == [37.5] * 1000
    assert bath.reads == 1
    bath.now_s += FRESH_S
    assert (await bath.reader.read()).age_s == FRESH_S
    bath.now_s += 0.1
    assert (await bath.reader.read()).age_s == 0
    assert bath.reads == 2


@pytest.mark.parametrize("degrees", [-55.1, 125.1, 85.0, float("inf"), float("nan")])
async def test_what_cannot_be_is_refused(degrees: float) -> None:
    bath = Bath()
    bath.measures = lambda: degrees
    assert await bath.refusal() == f'"bath" reads {degrees:g} °C, which cannot be'


async def test_what_is_wrong_is_told_once_and_refused_each_time_until_it_is_well(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bath = Bath()

    def unplugged() -> float:
        raise DeviceMissing('"bath" is not there', fix="check its wires")

    with caplog.at_level(logging.INFO):
        bath.measures = unplugged
        for _ in range(5):
            bath.now_s += 60
            assert await bath.refusal() == '"bath" is not there'
        assert len(caplog.messages) == 1
        bath.measures = lambda: 36.0
        assert await bath.refusal(), "it was asked a moment ago"
        bath.now_s += 60
        assert await bath.degrees() == 36.0
    assert caplog.messages[1:] == ['"bath" can be read again']
    assert bath.told == ['"bath" is not there', ""]


@pytest.mark.parametrize(("degrees", "bound"), [(4.9, "min_value is 5"), (45.5, "max_value is 45")])
async def test_what_cannot_be_where_it_is_is_refused_with_its_value(degrees: float, bound: str) -> None:
    bath = Bath(lowest=5.0, highest=45.0)
    for well in (5.0, 45.0):
        bath.measures = lambda well=well: well
        assert await bath.degrees() == well
        bath.now_s += 60
    bath.measures = lambda: degrees
    assert await bath.refusal() == f'"bath" reads {degrees:g} °C, and its {bound}'


async def test_one_that_is_stuck_is_told_with_its_value() -> None:
    bath = Bath(frozen_after=3)
    for _ in range(2):
        bath.now_s += APART_S
        assert await bath.degrees() == 37.5
    bath.now_s += APART_S
    assert await bath.refusal() == '"bath" reads 37.5 °C, as it did the last 3 times, and may be stuck'
    bath.measures = lambda: 37.4
    bath.now_s += APART_S
    assert await bath.degrees() == 37.4


async def test_readings_that_follow_one_another_say_nothing_of_being_stuck() -> None:
    bath = Bath(frozen_after=3)
    for _ in range(3):
        bath.now_s += APART_S / 2
        assert await bath.degrees() == 37.5


async def test_one_that_hangs_is_refused_and_not_asked_again_until_it_answers() -> None:
    bath, may_answer = Bath(deadline_s=0.0), threading.Event()

    def hangs() -> float:
        may_answer.wait()
        return 38.0

    bath.measures = hangs
    for _ in range(3):
        bath.now_s += 60
        assert "has not answered for" in await bath.refusal()
    assert bath.reads == 1
    may_answer.set()
    pending = bath.reader._pending
    assert pending
    await pending
    assert await bath.degrees() == 38.0


async def test_a_fault_of_the_driver_is_refused_and_the_next_reading_is_another() -> None:
    bath = Bath()
    bath.measures = lambda: 1 / 0
    assert await bath.refusal() == '"bath" cannot be read because of an internal fault'
    bath.measures = lambda: 36.0
    bath.now_s += 60
    assert await bath.degrees() == 36.0
