"""Whatever a model sends: each call is answered once, in JSON, and no device leaves its bounds."""

import asyncio
import json
import logging
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import pytest
from pydantic import ConfigDict, Field, create_model

from daemon.abilities.devices.tools import device_tools
from daemon.abilities.devices.working.gate import Gate
from daemon.abilities.memory.tools import Remembered, Which, remembering_tools
from daemon.conversation.tool_call import ToolCall
from daemon.tools.arguments import WrongArguments, checked, quoted, whole
from daemon.tools.tool import Toolbox
from tests.daemon.tools.outputs import Bounds, Clock, Pretended
from tests.fuzzing import any_of, between, doubles, fuzzed, integers, keyed, sampled, some_fields

SECRET = "my mother's birthday"
ARGUMENTS = create_model(
    "arguments",
    __config__=ConfigDict(extra="forbid", strict=True, allow_inf_nan=False),
    share=(Annotated[float, Field(ge=0, le=1)], ...),
    name=(str, "lamp"),
)


def test_what_is_left_out_gets_its_default() -> None:
    assert checked(ARGUMENTS, {"share": 1, "name": None}) == {"share": 1.0, "name": "lamp"}


@pytest.mark.parametrize("share", [True, "1", None, [], {}, float("nan"), float("-inf"), 10**400, 2**64, -1e-9])
def test_what_is_no_share_is_refused_by_name(share: Any) -> None:
    with pytest.raises(WrongArguments, match=r'^argument "share"[: ]'):
        checked(ARGUMENTS, {"share": share})


def test_a_value_is_never_quoted() -> None:
    with pytest.raises(WrongArguments) as wrong:
        checked(ARGUMENTS, {"share": SECRET, "name": [SECRET]})
    assert SECRET not in str(wrong.value)


def test_what_does_not_fit_is_known_by_the_names_of_the_declaration_alone() -> None:
    with pytest.raises(WrongArguments) as wrong:
        checked(ARGUMENTS, {"share": "half", "SAID": 1, "TOO": 2})
    assert (wrong.value.names, wrong.value.unknown) == (("share",), 2)


@pytest.mark.parametrize(
    ("value", "taken"), [(2.0, 2), (-0.0, 0), (2.5, 2.5), (True, True), ("2", "2"), (None, None), (1e300, int(1e300))]
)
def test_whole_numbers(value: Any, taken: Any) -> None:
    assert (whole(value), type(whole(value))) == (taken, type(taken))


def test_a_name_is_quoted_in_one_short_line() -> None:
    assert quoted("a\x1b[2J\nb") == r"a\u001b[2J\u000ab"
    assert len(quoted("x" * 1_000_000)) == 41


class Keeper:
    """Remembers nothing."""

    async def find(self, words: Sequence[str], limit: int) -> list[Remembered]:
        json.dumps(words, ensure_ascii=False).encode()
        return [Remembered("today", "you", word) for word in words[:limit]]

    async def forget(self, which: Which) -> int:
        return len(which)


class House:
    """Every tool that needs no camera, a lamp and a fan, and a log that is read."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.lamp = Pretended("lamp", dimmable=True)
        self.fan = Pretended("fan")
        bounds = Bounds(max_on_s=5, min_level=0.2, max_level=0.8, max_switches_per_minute=60)
        gate = Gate([(self.lamp, bounds), (self.fan, bounds)], now=self.clock, schedule=self.clock.schedule)
        devices = device_tools([self.lamp, self.fan], gate, sleep=self.pass_time)
        self.toolbox = Toolbox([*devices, *remembering_tools(Keeper())])
        self.logged: list[str] = []

    async def pass_time(self, seconds: float) -> None:
        self.clock.step(seconds)

    def check(self) -> None:
        for output in (self.lamp, self.fan):
            assert not output.state.on or output.state.level is None or 0.2 <= output.state.level <= 0.8
            assert all(level == 0 or not output.dimmable or 0.2 <= level <= 0.8 for level in output.history)
            output.history.clear()
        assert SECRET not in "".join(self.logged)
        self.logged.clear()


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[asyncio.Runner, House]]:
    house = House()
    handler = logging.Handler()
    handler.emit = lambda record: house.logged.append(logging.Formatter().format(record))  # type: ignore[method-assign]
    logging.getLogger("daemon.tools").addHandler(handler)
    with asyncio.Runner() as runner:
        yield runner, house
    logging.getLogger("daemon.tools").removeHandler(handler)


ODD = sampled(
    *(None, True, "", SECRET, "LAMP ", "fan", "on", "Toggle", "off", "last", "\ud800", "5", 0, 1, 2.0, 80.4, 0.1),
    *(-0.0, 10**400, 2**63, float("nan"), float("inf"), 1e300, [], {}, [SECRET], {SECRET: 1}, [[[[1]]]]),
)
VALUES = any_of(ODD, integers(-(2**130), 2**130), integers(-3, 120), doubles)
NAMES = sampled("device", "state", "percent", "seconds", "times", "about", "what", SECRET, "\ud800", "undo")
FITTING = some_fields(
    {
        "device": sampled("lamp", "fan"),
        "state": any_of(sampled("on", "off", "toggle"), ODD),
        "percent": any_of(between(0, 100), ODD),
        "seconds": any_of(between(0.1, 8), ODD),
        "times": any_of(integers(1, 8), ODD),
    }
)
TOOLS = sampled("set_device", "set_level", "pulse", "list_devices", "recall", "forget_that", SECRET, "", "\ud800")


@fuzzed(
    name=TOOLS,
    arguments=any_of(FITTING, keyed(NAMES, VALUES, 3), ODD),
    pause_s=sampled(0.0, 1.0, 60.0),
)
def test_every_call_is_answered_in_json_and_within_the_bounds(
    house: tuple[asyncio.Runner, House], name: str, arguments: Any, pause_s: float
) -> None:
    runner, home = house
    home.clock.step(pause_s)
    answer = runner.run(home.toolbox.call(ToolCall("1", name, arguments)))
    assert ("ok" in answer) != ("error" in answer)
    assert all(isinstance(answer[key], str) and answer[key] for key in ("error", "fix") if "error" in answer)
    json.dumps(answer, allow_nan=False, ensure_ascii=False).encode()
    home.check()
