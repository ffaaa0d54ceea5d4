"""A verb that the appliance has no part for, or that was asked for wrongly, is refused with a way out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel, Field

from daemon.control_socket.control_lines import ControlError
from daemon.control_socket.powers import verb
from tests.daemon.control_socket.home import Home

if TYPE_CHECKING:
    from daemon.tools.tool import Answer


@pytest.fixture
async def home() -> Home:
    return Home()


async def test_what_there_is_a_tool_for_is_asked_of_it_and_a_refusal_is_its_answer(home: Home) -> None:
    powers = home.powers()
    assert (await powers.by_tool("get_volume", {"of": "alarm"}, of="volume"))["percent"] == home.percent
    assert "error" in await powers.by_tool("set_volume", {"percent": "loud"}, of="volume")


async def test_what_this_appliance_has_no_tool_for_is_refused_by_its_name(home: Home) -> None:
    with pytest.raises(ControlError, match="no timers") as refused:
        await home.bare().by_tool("list_timers", {}, of="timers")
    assert refused.value.exit_status == os.EX_UNAVAILABLE
    assert refused.value.fix


class Asked(BaseModel):
    number: int = Field(ge=1, le=9)
    also: str = "nothing"


async def told(asked: Asked) -> Answer:
    return {"number": asked.number, "also": asked.also}


async def test_a_verb_acts_with_what_was_given_and_the_defaults() -> None:
    assert await verb(Asked, told)({"number": 3}) == {"number": 3, "also": "nothing"}


@pytest.mark.parametrize("given", [{}, {"number": 10}, {"number": "three"}, {"number": 3, "stranger": 1}])
async def test_what_does_not_fit_is_refused_and_nothing_is_done(given: dict[str, Any]) -> None:
    done: list[Asked] = []

    async def act(asked: Asked) -> Answer:
        done.append(asked)
        return {}

    with pytest.raises(ControlError):
        await verb(Asked, act)(given)
    assert done == []
