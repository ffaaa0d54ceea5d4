"""What each verb does, and that nothing gets past the check of its arguments."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from pydantic import Field

from daemon import __version__
from daemon.control_socket.control_lines import ControlError, refusal
from daemon.control_socket.verbs import verbs_of
from daemon.conversation.events import MessageTold
from daemon.conversation.situation import Situation
from daemon.errors import PipitError
from daemon.speech.bulletins import MOST
from daemon.speech.message_text import MessageRefused
from daemon.tools.tool import Tool, Toolbox
from tests.daemon.control_socket.home import Home
from tests.fuzzing import any_of, doubles, fuzzed, integers, letters, sampled, several, some_fields, tupled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.control_socket.verbs import Verbs


@pytest.fixture
async def home() -> Home:
    return Home()


async def test_the_status_says_how_it_stands_and_nothing_that_is_somebodys(home: Home) -> None:
    home.bulletins.post("secret")
    told = await home.verbs()["status"]({})
    assert told == {
        "ok": True,
        "version": __version__,
        "state": "idle",
        "light": "idle",
        "muted": False,
        "microphone": "works",
        "speaker": "works",
        "session": "closed",
        "brain": "service",
        "quiet": False,
        "messages": 1,
        "timers": 3,
        "next_timer_s": 600,
        "volume": {"voice": 60, "alarm": 60, "announcements": 60},
    }


async def test_without_timers_the_status_has_no_next(home: Home) -> None:
    home.timers = []
    told = await home.verbs()["status"]({})
    assert (told["timers"], told["next_timer_s"]) == (0, None)


async def test_an_appliance_without_any_of_it_says_so(home: Home) -> None:
    verbs = verbs_of(home.bare())
    assert "timers" not in await verbs["status"]({})
    asked: dict[str, dict[str, Any]] = {"say": {"text": "x"}, "message": {"number": 1}}
    for name in ("say", "message", "ring", "timers", "volume"):
        with pytest.raises(ControlError, match="this appliance has no") as refused:
            await verbs[name](asked.get(name, {}))
        assert refused.value.exit_status == 69


async def test_what_is_wrong_is_told_as_long_as_something_is(home: Home) -> None:
    wrong = "the speaker is gone"
    verbs = verbs_of(replace(home.bare(), troubles=lambda: wrong))
    assert (await verbs["status"]({}))["troubles"] == "the speaker is gone"
    wrong = ""
    assert "troubles" not in await verbs["status"]({})


async def test_a_message_is_posted_and_asked_for(home: Home) -> None:
    verbs = home.verbs()
    assert await verbs["say"]({"text": "dinner", "expires_s": 60}) == {"ok": True, "number": 1}
    assert (await verbs["message"]({"number": 1}))["fate"] == "waiting"
    await asyncio.sleep(0)
    assert home.bulletins.next() is not None
    home.bulletins.happened(MessageTold(), (), Situation())
    assert (await verbs["message"]({"number": 1}))["fate"] == "told"
    await verbs["say"]({"text": "tea", "expires_s": 60})
    home.now_s = 60
    assert (await verbs["message"]({"number": 2}))["fate"] == "expired"


async def test_a_message_that_cannot_be_said_is_refused(home: Home) -> None:
    for text in ("", "x" * 501):
        with pytest.raises(MessageRefused):
            await home.verbs()["say"]({"text": text})
    for _ in range(MOST):
        await home.verbs()["say"]({"text": "x"})
    with pytest.raises(MessageRefused):
        await home.verbs()["say"]({"text": "x", "expires_s": 0})
    assert (await home.verbs()["message"]({"number": 1}))["fate"] == "waiting", "what is refused drops nothing"


async def test_it_rings(home: Home) -> None:
    assert await home.verbs()["ring"]({}) == {"ok": True}
    assert home.rings == 1


@pytest.mark.parametrize(
    ("before", "on", "after"),
    [(False, True, True), (True, True, True), (True, False, False), (False, "toggle", True), (True, "toggle", False)],
)
async def test_the_microphone_is_closed_and_opened(home: Home, before: bool, on: bool | str, after: bool) -> None:
    home.mute(before)
    assert await home.verbs()["mute"]({"on": on}) == {"ok": True, "muted": after}
    assert home.standing.is_muted is after


async def test_what_is_muted_already_is_not_muted_again(home: Home) -> None:
    home.mute(True)
    calls: list[bool] = []
    powers = home.powers()
    object.__setattr__(powers, "mute", calls.append)
    await verbs_of(powers)["mute"]({"on": True})
    assert calls == []


@pytest.mark.parametrize(
    "arguments",
    [{"on": "maybe"}, {}, {"on": 1}, {"on": None}, {"on": True, "of": "x"}],
)
async def test_arguments_that_do_not_fit_change_nothing(home: Home, arguments: dict[str, Any]) -> None:
    with pytest.raises(ControlError) as refused:
        await home.verbs()["mute"](arguments)
    assert refused.value.exit_status == 64
    assert not home.standing.is_muted


VALUES = any_of(
    sampled(True, None, "", "toggle", "voice", "list", "alarm", "07:00", [], {}, -1, 0, 2**70, "last"),
    *(doubles, letters(8), integers(-9, 120)),
)
ARGUMENTS = some_fields(
    dict.fromkeys(
        (
            *("text", "expires_s", "number", "on", "percent", "change", "of", "do", "seconds", "at", "repeat"),
            *("name", "which", "x"),
        ),
        VALUES,
    )
)
ASKED = several(tupled(sampled("status", "say", "message", "ring", "mute", "volume", "timers"), ARGUMENTS), 3)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as loop:
        yield loop


@pytest.fixture(scope="module")
def verbs() -> Verbs:
    """Of one home for all of them: to make its tools takes longer than what is tried."""
    return Home().verbs()


@fuzzed(asked=ASKED)
def test_whatever_a_verb_is_told_it_answers_or_says_why_not(
    asked: list[Any], runner: asyncio.Runner, verbs: Verbs
) -> None:
    async def all_of_it() -> None:
        for name, arguments in asked:
            try:
                answer = await verbs[name](arguments)
            except PipitError as error:
                answer = refusal(error)
            assert answer.get("ok") is True or (answer["error"].isprintable() and answer["fix"])

    runner.run(all_of_it())


async def test_what_sensors_measure_is_read_beside_how_devices_stand(home: Home) -> None:
    asked: list[str] = []
    row = {"sensor": "air", "quantity": "temperature", "value": 21.5, "unit": "°C", "age_s": 0.0}

    async def read_sensor(sensor: Annotated[str, Field(description="Which.")]) -> dict[str, Any]:
        """Read."""
        asked.append(sensor)
        return {"ok": True, "readings": [row]} if len(asked) == 1 else {"error": "it is not there", "fix": "look"}

    async def list_devices() -> dict[str, Any]:
        """List."""
        return {"ok": True, "devices": [{"device": "lamp", "state": "on"}]}

    powers = replace(home.powers(), toolbox=Toolbox([Tool.of(read_sensor), Tool.of(list_devices)]))
    answer = await verbs_of(powers)["devices"]({})
    assert (answer["devices"], answer["readings"]) == ([{"device": "lamp", "state": "on"}], [row])
    bare = replace(powers, toolbox=Toolbox([Tool.of(read_sensor)]))
    assert await verbs_of(bare)["devices"]({}) == {
        "ok": True,
        "devices": [],
        "readings": [{"sensor": "all", "error": "it is not there"}],
    }
    assert asked == ["everything", "everything"]
