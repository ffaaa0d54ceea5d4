"""The one way from what a model sends to what a tool gets: validated, in the types of its declaration.

Models write whole numbers as `2.0`, because JSON does not tell them apart, and `null` for what they leave out. Both are
taken. A text is never a number, nor is a bool: who sends those means something else.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

TOLD: Final = 3
"""Problems that are told of one call: a model mends them one after the other anyway."""
LONGEST_NAME: Final = 40
"""Characters that are quoted of a name that somebody else chose."""


class WrongArguments(Exception):
    """What is wrong, in words for the model.

    `names` are the declared arguments that are missing or do not fit, which no log gives away anything by; `unknown` is
    how many there were besides.
    """

    def __init__(self, told: str, names: Iterable[str] = (), unknown: int = 0) -> None:
        super().__init__(told)
        self.names = tuple(dict.fromkeys(names))
        self.unknown = unknown


def checked(model: type[BaseModel], given: object) -> dict[str, Any]:
    """The arguments that `model` makes of `given`, defaults included. Raises WrongArguments."""
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise WrongArguments("the arguments are not a JSON object")
    fields = model.model_fields
    names: list[str] = []
    problems = [f'there is no argument "{quoted(name)}"' for name in given if name not in fields]
    unknown = len(problems)
    if problems:
        problems[-1] += f", the arguments are: {', '.join(fields) or 'none'}"
    try:
        valid = model.model_validate({name: _sent(given[name]) for name in fields if given.get(name) is not None})
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False, include_context=False)
        problems += map(_problem, details)
        names += [str(detail["loc"][0]) for detail in details if detail["loc"]]
    if problems:
        more = f"; and {len(problems) - TOLD} more" if len(problems) > TOLD else ""
        raise WrongArguments("; ".join(problems[:TOLD]) + more, names, unknown)
    return {name: getattr(valid, name) for name in fields}


def _sent(value: object) -> object:
    """Of a text, half a character, as JSON can have it, is a question mark: nobody could send it on."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def whole(value: object) -> object:
    """A float that is a whole number as one, anything else as it is: for before a whole number is validated."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def quoted(name: str) -> str:
    """A name that somebody else chose, as a text of one line that can be sent and printed."""
    short = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in short)


def _problem(details: ErrorDetails) -> str:
    name = ".".join(map(str, details["loc"]))
    if details["type"] == "missing":
        return f'argument "{name}" is missing'
    message = details["msg"].removeprefix("Value error, ")
    return f'argument "{name}": {message[:1].lower()}{message[1:]}'
