"""Schemas read off signatures, and a toolbox that answers whatever it is asked."""

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from daemon.conversation.tool_call import ToolCall
from daemon.errors import HardwareError
from daemon.tools.tool import Answer, Answering, Progress, Tool, Toolbox
from daemon.tools.undo import Undo


async def paint(
    room: Annotated[str, Field(description="Which room.")],
    colour: Annotated[Literal["red", "Light Blue"], Field(description="Which colour.")] = "red",
    coats: Annotated[int, Field(description="How often.", ge=1, le=3)] = 1,
) -> Answer:
    """Paint a room.

    The answer says how.
    """
    return {"ok": True, "room": room, "colour": colour, "coats": coats}


async def rest() -> Answer:
    """Do nothing."""
    return {"ok": True}


def ask(toolbox: Toolbox, name: str, arguments: Any) -> Answer:
    return asyncio.run(toolbox.call(ToolCall("1", name, arguments)))


def toolbox_of(function: Any, **options: float) -> Toolbox:
    return Toolbox([Tool.of(function)], **options)


def test_a_declaration_is_read_off_the_function() -> None:
    assert toolbox_of(paint).declarations() == [
        {
            "name": "paint",
            "description": "Paint a room. The answer says how.",
            "parameters_json_schema": {
                "type": "object",
                "properties": {
                    "room": {"type": "string", "description": "Which room."},
                    "colour": {
                        "type": "string",
                        "enum": ["red", "Light Blue"],
                        "description": "Which colour.",
                        "default": "red",
                    },
                    "coats": {
                        "type": "integer",
                        "description": "How often.",
                        "minimum": 1,
                        "maximum": 3,
                        "default": 1,
                    },
                },
                "required": ["room"],
            },
        }
    ]


def test_a_function_without_parameters() -> None:
    (declaration,) = toolbox_of(rest).declarations()
    assert declaration["parameters_json_schema"] == {"type": "object", "properties": {}, "required": []}
    assert ask(toolbox_of(rest), "rest", {}) == {"ok": True}


def test_choices_known_only_at_run_time() -> None:
    tool = Tool.of(paint, choices={"room": ["Kitchen", "hall"]})
    assert tool.signature.declared()["properties"]["room"] == {
        "type": "string",
        "enum": ["Kitchen", "hall"],
        "description": "Which room.",
    }
    assert ask(Toolbox([tool]), "paint", {"room": " kitchen"})["room"] == "Kitchen"
    assert ask(Toolbox([tool]), "paint", {"room": "ＫＩＴＣＨＥＮ\u00a0"})["room"] == "Kitchen"
    named = Tool.of(paint, choices={"room": ["Ku\u0308che", "Straße"]})
    assert ask(Toolbox([named]), "paint", {"room": "KÜCHE"})["room"] == "Ku\u0308che"
    assert ask(Toolbox([named]), "paint", {"room": "strasse"})["room"] == "Straße"
    assert ask(Toolbox([tool]), "paint", {"room": "cellar"})["error"] == 'argument "room": must be one of Kitchen, hall'


def test_declarations_are_json_and_may_be_changed_by_their_user() -> None:
    toolbox = Toolbox([Tool.of(paint), Tool.of(rest)])
    first = toolbox.declarations()
    assert json.loads(json.dumps(first)) == first
    first[0]["parameters_json_schema"].clear()
    assert toolbox.declarations() != first


def test_no_two_tools_of_one_name() -> None:
    with pytest.raises(ValueError, match="two tools are called 'rest'"):
        Toolbox([Tool.of(rest), Tool.of(rest)])


def test_a_call() -> None:
    answer = ask(toolbox_of(paint), "paint", {"room": "hall", "colour": "LIGHT  blue", "coats": 2})
    assert answer == {"ok": True, "room": "hall", "colour": "Light Blue", "coats": 2}


def test_defaults() -> None:
    answer = ask(toolbox_of(paint), "paint", {"room": "hall"})
    assert answer == {"ok": True, "room": "hall", "colour": "red", "coats": 1}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, 'argument "room" is missing'),
        ({"room": None}, 'argument "room" is missing'),
        ({"room": 3}, 'argument "room": input should be a valid string'),
        ({"room": "hall", "colour": "green"}, 'argument "colour": must be one of red, Light Blue'),
        ({"room": "hall", "coats": "2"}, 'argument "coats": input should be a valid integer'),
        ({"room": "hall", "coats": 4}, 'argument "coats": input should be less than or equal to 3'),
        ({"room": "hall", "coats": True}, 'argument "coats": input should be a valid integer'),
        ({"room": "hall", "coats": 1.5}, 'argument "coats": input should be a valid integer'),
        ({"room": "hall", "coats": float("nan")}, 'argument "coats": input should be a valid integer'),
        ({"room": "hall", "coats": 1e300}, 'argument "coats": input should be less than or equal to 3'),
        ({"room": "hall", "coats": 10**400}, 'argument "coats": input should be less than or equal to 3'),
        ({"room": "hall", "coats": [1]}, 'argument "coats": input should be a valid integer'),
        ({"room": ["hall"]}, 'argument "room": input should be a valid string'),
        ({"room": "hall", "size": 4}, 'there is no argument "size", the arguments are: room, colour, coats'),
        (
            {"room": "hall", "a\nb\ud800": None},
            r'there is no argument "a\u000ab\ud800", the arguments are: room, colour, coats',
        ),
        ({"room": "hall", "x" * 90: 1}, f'there is no argument "{"x" * 40}…", the arguments are: room, colour, coats'),
        (
            {"a": 1, "b": 2, "coats": 0},
            (
                'there is no argument "a"; there is no argument "b", the arguments are: room, colour, coats; '
                'argument "room" is missing; and 1 more'
            ),
        ),
        ({"coats": 0}, 'argument "room" is missing; argument "coats": input should be greater than or equal to 1'),
        (None, "the arguments are not a JSON object"),
        ([1], "the arguments are not a JSON object"),
        ([["room", "hall"]], "the arguments are not a JSON object"),
        ({1: 2}, "the arguments are not a JSON object"),
    ],
)
def test_wrong_arguments_are_named(arguments: Any, error: str) -> None:
    assert ask(toolbox_of(paint), "paint", arguments) == {
        "error": error,
        "fix": "call paint again with arguments that fit its declaration",
    }


@pytest.mark.parametrize("coats", [2, 2.0])
def test_a_whole_number_may_be_written_with_a_point(coats: float) -> None:
    answer = ask(toolbox_of(paint), "paint", {"room": "hall", "coats": coats})
    assert (answer["coats"], type(answer["coats"])) == (2, int)


def test_null_is_what_was_left_out() -> None:
    answer = ask(toolbox_of(paint), "paint", {"room": "hall", "colour": None, "coats": None})
    assert answer == {"ok": True, "room": "hall", "colour": "red", "coats": 1}


def test_half_a_character_does_not_get_as_far_as_a_tool() -> None:
    assert ask(toolbox_of(paint), "paint", {"room": "ha\ud800"})["room"] == "ha?"


def test_what_a_model_writes_where_a_name_should_be_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    toolbox = toolbox_of(paint)
    ask(toolbox, "my_secret", {})
    ask(toolbox, "paint", {"my_secret": "my_secret"})
    assert "paint refused: its arguments do not fit" in caplog.text
    assert "my_secret" not in caplog.text
    assert toolbox.title(ToolCall("1", "my_secret")) == "an unknown function"
    assert toolbox.title(ToolCall("1", "paint")) == "paint"


def test_the_log_says_which_arguments_do_not_fit_but_not_what_they_were(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "daemon")
    toolbox = toolbox_of(paint)
    ask(toolbox, "paint", {"room": "hall"})
    assert caplog.messages == []
    ask(toolbox, "paint", {"coats": "my_secret", "room": 3, "my_secret": 1})
    assert caplog.messages[1:] == ["of the arguments of paint do not fit: room, coats; not declared: 1"]
    caplog.clear()
    ask(toolbox, "my_secret", {})
    assert caplog.messages == ["a call is refused: no function has its name, of 1"]


def test_an_unknown_function() -> None:
    answer = ask(toolbox_of(rest), "unlock_door", {})
    assert answer == {"error": "there is no function 'unlock_door'", "fix": "the functions are: rest"}
    assert ask(Toolbox([]), "rest", {})["fix"] == "the functions are: none"


def test_a_refusal_keeps_its_words() -> None:
    async def refuse() -> Answer:
        raise HardwareError("the lamp is tired", fix="wait a minute")

    assert ask(toolbox_of(refuse), "refuse", {}) == {"error": "the lamp is tired", "fix": "wait a minute"}


@pytest.mark.parametrize("error", [RuntimeError("secret at 0x1234"), KeyError("x"), TimeoutError("a pin's own")])
def test_a_fault_is_logged_and_not_told(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> Answer:
        raise error

    answer = ask(toolbox_of(fail), "fail", {})
    assert answer == {"error": "fail failed because of an internal fault", "fix": "say that it did not work"}
    assert type(error).__name__ in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("result", [{"x": object()}, {"x": float("nan")}, {("a",): 1}])
def test_an_answer_that_is_no_json_is_a_fault(result: Mapping[Any, Any]) -> None:
    async def answer() -> Answer:
        return result

    assert "internal fault" in ask(toolbox_of(answer), "answer", {})["error"]


def test_a_tool_that_takes_too_long() -> None:
    async def wait() -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    answer = ask(toolbox_of(wait, time_limit_s=0.01), "wait", {})
    assert answer == {"error": "wait did not finish in 0.01 s", "fix": "say so, and try again later"}


async def test_cancellation_gets_through() -> None:
    started = asyncio.Event()

    async def wait() -> Answer:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError

    task = asyncio.ensure_future(toolbox_of(wait).call(ToolCall("1", "wait")))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


# Answers in parts


async def count(to: int, pause: float = 0.0) -> Answering:
    """Count."""
    for number in range(1, to):
        yield Progress({"ok": True, "number": number})
        await asyncio.sleep(pause)
    yield {"ok": True, "number": to}


async def parts_of(toolbox: Toolbox, name: str, **arguments: Any) -> tuple[list[Answer], Answer]:
    told: list[Answer] = []
    answer = await toolbox.call(ToolCall("1", name, arguments), on_progress=told.append)
    return told, answer


async def test_parts_are_told_as_they_come_and_the_last_is_the_answer() -> None:
    told, answer = await parts_of(toolbox_of(count), "count", to=3)
    assert [part["number"] for part in told] == [1, 2]
    assert answer == {"ok": True, "number": 3}


def test_a_model_that_waits_gets_the_last_alone() -> None:
    assert ask(toolbox_of(count), "count", {"to": 3}) == {"ok": True, "number": 3}


async def test_without_an_answer_the_last_progress_is_the_answer_and_without_that_there_is_a_fault() -> None:
    async def trail_off(parts: int) -> Answering:
        for number in range(parts):
            yield Progress({"ok": True, "number": number})

    told, answer = await parts_of(toolbox_of(trail_off), "trail_off", parts=2)
    assert told[-1] == answer == {"ok": True, "number": 1}
    _, answer = await parts_of(toolbox_of(trail_off), "trail_off", parts=0)
    assert "internal fault" in answer["error"]


async def test_what_follows_the_answer_is_not_run() -> None:
    closed: list[str] = []

    async def go_on() -> Answering:
        try:
            yield {"ok": True}
            raise AssertionError
        finally:
            closed.append("closed")

    assert await parts_of(toolbox_of(go_on), "go_on") == ([], {"ok": True})
    assert closed == ["closed"]


async def test_a_part_that_is_no_json_is_a_fault() -> None:
    async def babble() -> Answering:
        yield Progress({"x": object()})
        yield {"ok": True}

    told, answer = await parts_of(toolbox_of(babble), "babble")
    assert told == []
    assert "internal fault" in answer["error"]


async def test_a_refusal_after_a_part_is_the_answer() -> None:
    async def give_up() -> Answering:
        yield Progress({"ok": True})
        raise HardwareError("the lamp is tired", fix="wait a minute")

    told, answer = await parts_of(toolbox_of(give_up), "give_up")
    assert (told, answer["error"]) == ([{"ok": True}], "the lamp is tired")


@pytest.mark.parametrize(
    ("limits", "in_parts", "limit_s"),
    [
        ({"time_limit_s": 0.02, "longest_s": 60.0}, True, 0.02),  # each part
        ({"time_limit_s": 60.0, "longest_s": 0.05}, True, 0.05),  # all of them
        ({"time_limit_s": 0.02, "longest_s": 60.0}, False, 0.02),  # all of them, while the model waits
    ],
)
async def test_parts_have_their_time_limits(limits: dict[str, float], in_parts: bool, limit_s: float) -> None:
    closed = asyncio.Event()

    async def dawdle() -> Answering:
        try:
            while True:
                yield Progress({"ok": True})
                await asyncio.sleep(0.001 if limits["time_limit_s"] > 1 or not in_parts else 60)
        finally:
            closed.set()

    told: list[Answer] = []
    toolbox = toolbox_of(dawdle, **limits)
    answer = await toolbox.call(ToolCall("1", "dawdle"), on_progress=told.append if in_parts else None)
    assert answer["error"] == f"dawdle did not finish in {limit_s:g} s"
    assert closed.is_set()
    assert bool(told) == in_parts


async def test_parts_without_a_pause_have_an_end_too() -> None:
    async def babble() -> Answering:
        while True:
            yield Progress({"ok": True})

    answer = await toolbox_of(babble, time_limit_s=0.02).call(ToolCall("1", "babble"))
    assert answer["error"] == "babble did not finish in 0.02 s"


async def test_a_cancelled_call_closes_its_generator() -> None:
    started, closed = asyncio.Event(), asyncio.Event()

    async def watch() -> Answering:
        try:
            yield Progress({"ok": True})
            started.set()
            await asyncio.Event().wait()
        finally:
            closed.set()

    task = asyncio.ensure_future(parts_of(toolbox_of(watch), "watch"))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert closed.is_set()


# Undo and scheduling


async def test_a_tool_notes_how_to_undo_what_it_does() -> None:
    undone: list[str] = []

    async def paint_over(room: str, undo: Undo) -> Answer:
        """Paint."""

        async def scrape() -> None:
            undone.append(room)

        undo.add(scrape)
        return {"ok": True}

    toolbox = toolbox_of(paint_over)
    assert [*toolbox.declarations()[0]["parameters_json_schema"]["properties"]] == ["room"]
    assert 'argument "undo"' in (await toolbox.call(ToolCall("1", "paint_over", {"room": "hall", "undo": 1})))["error"]
    undo = Undo()
    await toolbox.call(ToolCall("1", "paint_over", {"room": "hall"}), undo=undo)
    await undo.run()
    assert undone == ["hall"]
    assert await toolbox.call(ToolCall("1", "paint_over", {"room": "hall"})) == {"ok": True}, "who does not care"


def test_a_tool_may_say_what_is_done_with_its_answer_but_not_with_an_error() -> None:
    loud = Tool.of(count, scheduling="interrupt", progress="when_idle")
    toolbox = Toolbox([loud, Tool.of(rest)])
    counted, rested = ToolCall("1", "count"), ToolCall("2", "rest")
    assert toolbox.scheduling(counted, {"ok": True}) == "interrupt"
    assert toolbox.scheduling(counted, {"ok": True}, more=True) == "when_idle"
    assert toolbox.scheduling(counted, {"error": "x"}) is None
    assert toolbox.scheduling(rested, {"ok": True}) is None
    assert toolbox.scheduling(rested, {"ok": True}, more=True) == "silent"
    assert toolbox.scheduling(ToolCall("3", "unheard_of"), {"ok": True}) is None
