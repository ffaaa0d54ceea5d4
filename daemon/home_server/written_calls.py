"""Calls of tools that a model wrote into its text, where a server leaves them or the model is too small to do better.

Where one begins the words for the household end: what follows in the same answer is of the machine, or was said before
anything was done. Forms that people meet with llama.cpp and Ollama: an object with `name` and `arguments` or
`parameters`, alone, in a list, fenced, or between `<tool_call>` and its like (Qwen, Hermes, Llama, Granite); the
arguments alone after the name (`<function=name>`, `[TOOL_CALLS]name`); Python (`name(…)`), which is known and not read.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from daemon.home_server.completion_reader import MOST_CALLS, Wanted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_BEGINS: Final = (
    r"(?:```\w*\s*)?(?:\[\s*)?\{\s*[\"']",  # no sentence has a brace before a quotation mark
    r"```tool",
    r"<[|｜]?/?(?:tool|function|python_tag)",  # with the bar of DeepSeek, too
    r"\[TOOL_",
)
_MAY_BEGIN: Final = r"(?:```\w{0,20}|[\[{])[\s\[{]{0,40}"
_LONGEST_HEAD: Final = 200
"""Characters before an object that are of its call."""
_HEAD: Final = re.compile(r"(?:<[^<>]*>|[\s,;\[\]`|])*(?:[\w.-]+\W{0,3}){0,3}")
_BETWEEN: Final = re.compile(r"(?:</?[|｜]?/?(?:tool_call|function)[^<>]*>|[\s,;\[\]`|])*")
"""What may stand between two calls of one answer; whoever writes anything else tells how the talk may go on."""
_NAMED: Final = re.compile(r"([\w.-]+)(?:\[ARGS\])?\W{0,3}$")
_DECODER: Final = json.JSONDecoder()


class Signs:
    """Where text for the household ends. `names` are those of the tools that there are."""

    def __init__(self, names: Collection[str]) -> None:
        name = "|".join(re.escape(name) for name in sorted(names))
        called = [rf"(?:\[\s*|`+)?\b(?:{name})(?:\(|:?\s*\{{)"] if name else []
        may_be = rf"{_MAY_BEGIN}|\b(?:{name}):?\s*" if name else _MAY_BEGIN
        self._begins = re.compile("|".join((*_BEGINS, *called)))
        self._may_begin = re.compile(rf"(?:{may_be})\Z")

    def split(self, text: str) -> tuple[str, str, bool]:
        """What is said, the rest, and whether that is a call for sure; else it is what may become the head of one."""
        sign = self._begins.search(text) or self._may_begin.search(text)
        at = sign.start() if sign else len(text)
        return text[:at], text[at:], bool(sign and sign.re is self._begins)


def calls_in(text: str, names: Collection[str]) -> list[Wanted]:
    """The calls that `text` begins with, each once, in order; empty if none of them is one of a tool in `names`."""
    written = list(dict.fromkeys(_written(text, names)))[:MOST_CALLS]
    calls = [Wanted(f"call_{number}", name, arguments) for number, (name, arguments) in enumerate(written, 1)]
    return calls if any(call.name in names and call.read() is not None for call in calls) else []


def _written(text: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Name and arguments (JSON) of each. What cannot be read ends it."""
    end, head = 0, _HEAD
    while 0 <= (start := text.find("{", end)) <= end + _LONGEST_HEAD and head.fullmatch(text, end, start):
        try:
            value, after = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            return
        if (named := _NAMED.search(text, end, start)) and named[1] in names:
            yield named[1], json.dumps(value)
        else:
            yield from _calls(value)
        end, head = after, _BETWEEN


def _calls(value: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        return
    listed, function = value.get("tool_calls"), value.get("function")
    for each in listed if isinstance(listed, list) else ():
        yield from _calls(each)
    if isinstance(function, dict):
        yield from _calls(function)
    elif isinstance(name := value.get("name", function), str):
        arguments = value.get("arguments", value.get("parameters", {}))
        yield name, arguments if isinstance(arguments, str) else json.dumps(arguments)
