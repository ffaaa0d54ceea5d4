"""Which handle the next session resumes with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.abilities.memory.resumption import VALID_S, Resumption
from daemon.conversation.messages import HandleIssued, HandleRefused
from daemon.state.store import FILE, Store
from tests.daemon.offline.live_client import ManualClock

if TYPE_CHECKING:
    from pathlib import Path


async def test_the_newest_handle_counts_and_outlives_a_restart(tmp_path: Path) -> None:
    clock = ManualClock()
    async with Store(tmp_path / FILE) as store:
        kept = Resumption(store, "m", clock)
        assert kept.handle == ""
        kept.received(HandleIssued("one"))
        kept.received(HandleIssued("two"))
        assert kept.handle == "two"
    async with Store(tmp_path / FILE) as store:
        assert Resumption(store, "m", clock).handle == "two"


@pytest.mark.parametrize(("passed_s", "handle"), [(VALID_S - 1, "h"), (VALID_S, ""), (-1, "")])
async def test_a_handle_has_its_time(passed_s: float, handle: str) -> None:
    clock = ManualClock()
    async with Store() as store:
        kept = Resumption(store, "m", clock)
        kept.received(HandleIssued("h"))
        clock.advance(passed_s)
        assert kept.handle == handle


async def test_the_age_of_what_can_be_taken_up_is_known() -> None:
    clock = ManualClock()
    async with Store() as store:
        kept = Resumption(store, "m", clock)
        assert kept.age_s is None
        kept.received(HandleIssued("h"))
        clock.advance(90)
        assert kept.age_s == 90
        clock.advance(VALID_S)
        assert kept.age_s is None


async def test_another_model_has_another_conversation(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        Resumption(store, "m", ManualClock()).received(HandleIssued("h"))
    async with Store(tmp_path / FILE) as store:
        assert Resumption(store, "other", ManualClock()).handle == ""


async def test_a_handle_that_was_refused_is_not_tried_again(tmp_path: Path) -> None:
    clock = ManualClock()
    async with Store(tmp_path / FILE) as store:
        kept = Resumption(store, "m", clock)
        kept.received(HandleIssued("h"))
        kept.received(HandleRefused())
        assert kept.handle == ""
    async with Store(tmp_path / FILE) as store:
        assert Resumption(store, "m", clock).handle == ""


async def test_with_no_time_to_keep_it_nothing_is_resumed() -> None:
    async with Store() as store:
        kept = Resumption(store, "m", ManualClock(), valid_s=0)
        kept.received(HandleIssued("h"))
        assert kept.handle == ""
