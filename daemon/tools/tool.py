"""What the model may call: typed async functions, and the toolbox that answers every call of them.

A tool's name, description and JSON Schema are read off the function; its arguments are validated against the same
types before it runs.
"""

import asyncio
import inspect
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from daemon.conversation.rules import LONGEST_TOOL_S
from daemon.conversation.tool_call import Scheduling, ToolCall
from daemon.errors import PipitError, place_of
from daemon.tools.arguments import WrongArguments, checked, quoted
from daemon.tools.signature import Choices, Signature
from daemon.tools.undo import Undo

Answer = Mapping[str, Any]
"""A JSON object: `{"ok": True, …}`, or `{"error": one sentence, "fix": what to do instead}`."""

TIME_LIMIT_S: Final = LONGEST_TOOL_S - 2
"""Longest time for an answer, or for each part of one, in seconds: what follows from it takes a moment, too."""
LONGEST_S: Final = 60.0
"""Longest time for an answer that comes in parts, to a model that hears of them."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a call has come: a part of its answer, with more to follow."""

    so_far: Answer


Answering = AsyncGenerator[Progress | Answer, None]
"""Any number of `Progress`, then the answer; without one, the last progress is the answer."""
ToolFunction = Callable[..., Awaitable[Answer] | Answering]
OnProgress = Callable[[Answer], None]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tool:
    """A function the model may call, and what it takes."""

    name: str
    description: str
    signature: Signature
    function: ToolFunction
    scheduling: Scheduling | None = None
    """What a model that did not wait does with the answer; None is as the settings say."""
    progress: Scheduling | None = "silent"
    """… and with the parts before it: keep them in mind, in case that it is asked."""

    @classmethod
    def of(
        cls,
        function: ToolFunction,
        *,
        choices: Mapping[str, Choices] | None = None,
        scheduling: Scheduling | None = None,
        progress: Scheduling | None = "silent",
    ) -> "Tool":
        """Read off the signature and the docstring of an async function with typed, keyword-capable parameters.

        It returns its answer, or yields it after any number of `Progress`. A parameter of type `Undo` is not the
        model's business: there the function notes how to take back what it does.

        `choices` names parameters whose allowed values are known only at run time. Names in enumerations are matched
        whatever their case and composition, because models write "Desk Lamp" for "desk lamp"; the function gets the
        listed spelling, or what stands for it: choices may be a mapping from what is said to what is meant.
        """
        signature = Signature.of(function, choices or {})
        description = " ".join((inspect.getdoc(function) or "").split())
        return cls(function.__name__, description, signature, function, scheduling, progress)


class Toolbox:
    """Answers every call: with the tool's result, or with an error that the model can understand and act on."""

    def __init__(
        self, tools: Iterable[Tool], *, time_limit_s: float = TIME_LIMIT_S, longest_s: float = LONGEST_S
    ) -> None:
        """`time_limit_s` bounds one call, or each part of its answer where those are wanted, all of them `longest_s`.

        Raises ValueError if two tools have one name.
        """
        self._tools: Final[dict[str, Tool]] = {}
        for tool in tools:
            if tool.name in self._tools:
                raise ValueError(f"two tools are called {tool.name!r}")
            self._tools[tool.name] = tool
        self._time_limit_s = time_limit_s
        self._longest_s = longest_s

    def with_more(self, tools: Iterable[Tool]) -> "Toolbox":
        """This toolbox and `tools`. Raises ValueError if two tools have one name."""
        return Toolbox([*self._tools.values(), *tools], time_limit_s=self._time_limit_s, longest_s=self._longest_s)

    def __contains__(self, name: str) -> bool:
        return name in self._tools

    def declarations(self) -> list[dict[str, Any]]:
        """The function declarations of a Live session, in their order; empty if there are no tools."""
        return [
            {"name": tool.name, "description": tool.description, "parameters_json_schema": tool.signature.declared()}
            for tool in self._tools.values()
        ]

    def title(self, call: ToolCall) -> str:
        """What a log may call it: where a name should be, a model can write anything, even what somebody said."""
        return call.name if call.name in self._tools else "an unknown function"

    def scheduling(self, call: ToolCall, answer: Answer, *, more: bool = False) -> Scheduling | None:
        """What the tool wants done with its answer, or a part of it; an error is never kept silent for its sake."""
        tool = self._tools.get(call.name)
        if tool is None or "error" in answer:
            return None
        return tool.progress if more else tool.scheduling

    async def call(self, call: ToolCall, *, undo: Undo | None = None, on_progress: OnProgress | None = None) -> Answer:
        """The answer to `call`, always, and within the time limits. Only cancellation of the caller gets through.

        `undo` is where the tool notes how to take back what it does, as it does it. `on_progress` is told each part of
        an answer before the last, and without it there is no more time for an answer in parts than for any other.
        """
        tool = self._tools.get(call.name)
        if tool is None:
            _log.debug("a call is refused: no function has its name, of %d", len(self._tools))
            known = ", ".join(self._tools) or "none"
            return _error(f"there is no function '{quoted(call.name)}'", f"the functions are: {known}")
        try:
            arguments = checked(tool.signature.model, call.arguments)
        except WrongArguments as wrong:
            _log.info("%s refused: its arguments do not fit", tool.name)
            names = ", ".join(wrong.names) or "none"
            _log.debug("of the arguments of %s do not fit: %s; not declared: %d", tool.name, names, wrong.unknown)
            return _error(str(wrong), f"call {call.name} again with arguments that fit its declaration")
        if tool.signature.undo:
            arguments[tool.signature.undo] = Undo() if undo is None else undo
        return await self._run(tool, arguments, on_progress)

    async def _run(self, tool: Tool, arguments: dict[str, Any], on_progress: OnProgress | None) -> Answer:
        try:
            return await self._answer(tool, arguments, on_progress)
        except PipitError as error:
            _log.info("%s refused: %s", tool.name, error)
            return _error(error.message, error.fix)
        except _OutOfTimeError as over:
            _log.warning("%s took longer than %g s", tool.name, over.seconds)
            return _error(f"{tool.name} did not finish in {over.seconds:g} s", "say so, and try again later")
        except Exception as error:  # noqa: BLE001  # whatever a tool does wrong, its call is answered
            _log.error("%s failed: %s at %s", tool.name, type(error).__name__, place_of(error))
            return _error(f"{tool.name} failed because of an internal fault", "say that it did not work")

    async def _answer(self, tool: Tool, arguments: dict[str, Any], on_progress: OnProgress | None) -> Answer:
        running = tool.function(**arguments)
        if isinstance(running, AsyncGenerator):
            async with aclosing(running), _within(self._longest_s if on_progress else self._time_limit_s):
                return await self._last(running, on_progress)
        async with _within(self._time_limit_s):
            return _checked(await running)

    async def _last(self, parts: Answering, on_progress: OnProgress | None) -> Answer:
        so_far: Answer | None = None
        while True:
            async with _within(self._time_limit_s):
                part = await anext(parts, None)
            if isinstance(part, Progress):
                so_far = _checked(part.so_far)
                if on_progress:
                    on_progress(so_far)
                await asyncio.sleep(0)  # however fast the parts come: the time limit is the loop's
            elif part is not None:
                return _checked(part)
            elif so_far is not None:
                return so_far
            else:
                raise TypeError("the tool yielded no answer")


class _OutOfTimeError(Exception):
    """A tool took longer than `seconds`; a TimeoutError of its own is none of the toolbox's."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


@asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds) as limit:
            yield
    except TimeoutError as error:
        if limit.expired():
            raise _OutOfTimeError(seconds) from error
        raise


def _checked(answer: Answer) -> Answer:
    """Raises TypeError or ValueError if it is no JSON."""
    json.dumps(answer, allow_nan=False)
    return answer


def _error(what: str, fix: str) -> Answer:
    return {"error": what, "fix": fix}
