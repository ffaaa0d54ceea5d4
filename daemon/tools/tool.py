"""What the model may call: typed async functions, and the toolbox that answers every call of them.

A tool's name, description and JSON Schema are read off the function; its arguments are validated against the same
types before it runs.
"""

import asyncio
import inspect
import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema, create_model
from pydantic.fields import FieldInfo

from daemon.errors import PipitError
from daemon.events import ToolCall

Answer = Mapping[str, Any]
"""A JSON object: `{"ok": True, …}`, or `{"error": one sentence, "fix": what to do instead}`."""
ToolFunction = Callable[..., Awaitable[Answer]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tool:
    """A function the model may call. `parameters` is its JSON Schema; `arguments` validates what the model sends."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    arguments: type[BaseModel]
    function: ToolFunction

    @classmethod
    def of(cls, function: ToolFunction, *, choices: Mapping[str, Sequence[str]] | None = None) -> "Tool":
        """Read off the signature and the docstring of an async function with typed, keyword-capable parameters.

        `choices` names parameters whose allowed values are known only at run time. Names in enumerations are matched
        whatever their case, because models write "Desk Lamp" for "desk lamp"; the function gets the listed spelling.
        """
        name = function.__name__
        hints = get_type_hints(function, include_extras=True)
        fields: dict[str, Any] = {}
        for parameter in inspect.signature(function).parameters.values():
            given = (choices or {}).get(parameter.name)
            required = parameter.default is inspect.Parameter.empty
            fields[parameter.name] = (
                _annotation(hints[parameter.name], given),
                ... if required else parameter.default,
            )
        model: type[BaseModel] = create_model(
            name, __config__=ConfigDict(extra="forbid", strict=True, allow_inf_nan=False), **fields
        )
        description = " ".join((inspect.getdoc(function) or "").split())
        return cls(name, description, _plain(model.model_json_schema()), model, function)


class Toolbox:
    """Answers every call: with the tool's result, or with an error that the model can understand and act on."""

    def __init__(self, tools: Iterable[Tool], *, time_limit_s: float = 10.0) -> None:
        """`time_limit_s` bounds one call. Raises ValueError if two tools have one name."""
        self._tools: Final[dict[str, Tool]] = {}
        for tool in tools:
            if tool.name in self._tools:
                raise ValueError(f"two tools are called {tool.name!r}")
            self._tools[tool.name] = tool
        self._time_limit_s = time_limit_s

    def with_more(self, tools: Iterable[Tool]) -> "Toolbox":
        """This toolbox and `tools`. Raises ValueError if two tools have one name."""
        return Toolbox([*self._tools.values(), *tools], time_limit_s=self._time_limit_s)

    def declarations(self) -> list[dict[str, Any]]:
        """The function declarations of a Live session, in their order; empty if there are no tools."""
        return [
            {"name": tool.name, "description": tool.description, "parameters_json_schema": dict(tool.parameters)}
            for tool in self._tools.values()
        ]

    async def call(self, call: ToolCall) -> Answer:
        """The answer to `call`, always, and within the time limit. Only cancellation of the caller gets through."""
        tool = self._tools.get(call.name)
        if tool is None:
            known = ", ".join(self._tools) or "none"
            return _error(f"there is no function {call.name!r}", f"the functions are: {known}")
        try:
            arguments = tool.arguments.model_validate(dict(call.arguments))
        except (ValidationError, TypeError, ValueError) as error:
            return _error(_wrong_arguments(error), f"call {call.name} again with arguments that fit its declaration")
        return await self._run(tool, {name: getattr(arguments, name) for name in tool.arguments.model_fields})

    async def _run(self, tool: Tool, arguments: dict[str, Any]) -> Answer:
        try:
            async with asyncio.timeout(self._time_limit_s) as limit:
                answer = await tool.function(**arguments)
            json.dumps(answer, allow_nan=False)
        except PipitError as error:
            _log.info("%s refused: %s", tool.name, error)
            return _error(error.message, error.fix)
        except Exception as error:  # noqa: BLE001  # whatever a tool does wrong, its call is answered
            if isinstance(error, TimeoutError) and limit.expired():
                _log.warning("%s took longer than %g s", tool.name, self._time_limit_s)
                return _error(f"{tool.name} did not finish in {self._time_limit_s:g} s", "say so, and try again later")
            _log.exception("%s failed", tool.name)
            return _error(f"{tool.name} failed because of an internal fault", "say that it did not work")
        return answer


def _error(what: str, fix: str) -> Answer:
    return {"error": what, "fix": fix}


def _annotation(hint: Any, choices: Sequence[str] | None) -> Any:
    """The hint as pydantic gets it: enumerations of names become case-insensitive and stay plain JSON Schema."""
    base, *extras = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    if choices is None and get_origin(base) is Literal:
        choices = get_args(base)
    if choices is None:
        return hint
    schema = {"type": "string", "enum": list(choices)}
    described = [extra for extra in extras if isinstance(extra, FieldInfo)]
    return Annotated[str, BeforeValidator(_chooser(choices)), WithJsonSchema(schema), *described]


def _chooser(choices: Sequence[str]) -> Callable[[object], str]:
    by_folded = {choice.casefold(): choice for choice in choices}

    def choose(value: object) -> str:
        chosen = by_folded.get(" ".join(value.split()).casefold()) if isinstance(value, str) else None
        if chosen is None:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return chosen

    return choose


def _wrong_arguments(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "the arguments are not a JSON object"
    problems = []
    for details in error.errors(include_url=False):
        message = details["msg"].removeprefix("Value error, ")
        problems.append(f'argument "{".".join(map(str, details["loc"]))}": {message[:1].lower()}{message[1:]}')
    return "; ".join(problems)


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without what only pydantic wants: titles, and the ban on extra arguments, which `call` enforces."""
    properties = {
        name: {key: value for key, value in detail.items() if key != "title"}
        for name, detail in schema.get("properties", {}).items()
    }
    return {"type": "object", "properties": properties, "required": schema.get("required", [])}
