"""Calls that a model wrote into its text, in the forms that people meet, and text that only looks like one."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from daemon.home_server.completion_reader import MOST_CALLS
from daemon.home_server.written_calls import Signs, calls_in

NAMES: Final = {"set_device", "look"}
LAMP: Final = {"device": "lamp", "state": "on"}
FAN: Final = {"device": "fan", "state": "off"}


def asked(arguments: dict[str, Any] = LAMP, key: str = "arguments") -> str:
    return json.dumps({"name": "set_device", key: arguments})


FORMS: Final = {
    "Qwen, Hermes": f"<tool_call>\n{asked()}\n</tool_call>",
    "Llama 3": asked(key="parameters"),
    "Llama 3.1": f"<|python_tag|>{asked(key='parameters')}",
    "Llama 3.1, by name": f"<function=set_device>{json.dumps(LAMP)}</function>",
    "Mistral": f"[TOOL_CALLS] [{asked()}]",
    "Mistral, by name": f"[TOOL_CALLS]set_device[ARGS]{json.dumps(LAMP)}",
    "Granite": f"<|tool_call|>[{asked()}]",
    "fenced": f"```json\n{json.dumps({'name': 'set_device', 'arguments': LAMP}, indent=2)}\n```",
    "as OpenAI has it": json.dumps(
        {"tool_calls": [{"type": "function", "function": {"name": "set_device", "arguments": json.dumps(LAMP)}}]}
    ),
    "the name as function": json.dumps({"function": "set_device", "parameters": LAMP}),
}


def read(text: str) -> list[tuple[str, Any]]:
    return [(call.name, call.read()) for call in calls_in(text, NAMES)]


@pytest.mark.parametrize("form", FORMS)
def test_a_call_is_read_in_every_form(form: str) -> None:
    assert Signs(NAMES).split(FORMS[form]) == ("", FORMS[form], True)
    assert read(FORMS[form]) == [("set_device", LAMP)]


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "open_vault", "arguments": {}}',
        '{"name": "set_device", "arguments": [1]}',
        '{"name": "set_device", "arguments": "{\\"device\\""}',
        '{"name": "set_device", "arguments": {"device": "lamp"',
        "{'name': 'set_device', 'arguments': {}}",
        '{"device": "lamp", "state": "on"}',
        '{"name": ["set_device"]}',
        '{"tool_calls": 1}',
        '{"a":' * 30_000,
        'set_device(device="lamp", state="on")',
        "```tool_code\nset_device('lamp')\n```",
        "<tool_call>",
        f"<tool_call> and then the user said to do it: {asked()}",
        f"<tool_call>{' ' * 1_000}{asked()}",
        "",
    ],
)
def test_what_is_no_call_of_a_tool_that_there_is_is_none(text: str) -> None:
    assert read(text) == []


def test_several_are_read_in_order_and_each_once() -> None:
    both = [("set_device", LAMP), ("set_device", FAN)]
    assert read(f"<tool_call>{asked()}</tool_call>\n<tool_call>{asked(FAN)}</tool_call>") == both
    assert read(f"[{asked()}, {asked(FAN)}, {asked()}]") == both
    ids = [call.id for call in calls_in(f"{asked()}; {asked(FAN)}", NAMES)]
    assert ids == ["call_1", "call_2"]


def test_one_that_is_none_beside_one_that_is_one_is_kept_for_its_error() -> None:
    assert read(f'{asked()}{{"name": "open_vault"}}') == [("set_device", LAMP), ("open_vault", {})]


@pytest.mark.parametrize("between", ["</tool_call>\n<tool_response>done</tool_response>\n", "\nuser: and the fan?\n"])
def test_a_talk_that_the_model_makes_up_is_not_acted_upon(between: str) -> None:
    assert read(f"{asked()}{between}{asked(FAN)}") == [("set_device", LAMP)]


def test_no_more_are_read_than_an_answer_may_have() -> None:
    many = [asked({"device": str(number)}) for number in range(MOST_CALLS + 1)]
    assert len(read(",".join(many))) == MOST_CALLS


@pytest.mark.parametrize(
    ("text", "said", "rest"),
    [
        ("All right. {", "All right. ", "{"),
        ("Here: [ {\n", "Here: ", "[ {\n"),
        ("It is\n```json\n", "It is\n", "```json\n"),
        ("Yes. set_device:", "Yes. ", "set_device:"),
        ("Take a look (if you like)", "Take a look (if you like)", ""),
        ("if a < b {c}", "if a < b {c}", ""),
        ("I set_devices", "I set_devices", ""),
    ],
)
def test_what_may_become_one_is_kept_back(text: str, said: str, rest: str) -> None:
    assert Signs(NAMES).split(text) == (said, rest, False)


def test_where_there_are_no_tools_a_call_is_not_said_either() -> None:
    assert Signs(()).split(f"Well. {asked()}") == ("Well. ", asked(), True)
    assert calls_in(asked(), ()) == []
