"""What is to be done about a sentence: functions to call, and what to say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from daemon.brain.replies import Answer


@dataclass(frozen=True)
class Call:
    """One function to call."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """The functions to call, in their order, and what to say once each has answered, or else what to do `then`."""

    calls: Sequence[Call]
    reply: Callable[[Sequence[Answer]], str] = lambda _: ""
    then: "Callable[[Sequence[Answer]], Task] | None" = None


def say(text: str) -> Task:
    """A reply that needs no function."""
    return Task((), lambda _: text)
