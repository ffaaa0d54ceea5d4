"""Reads what an OpenAI-compatible server streams as the answer of `chat/completions`. Pure: bytes in, pieces out.

What a server says is believed nothing beyond here: sizes are bounded, and what cannot be read counts as not sent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from daemon.errors import PipitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LARGEST_LINE_BYTES: Final = 256 * 1024
"""Of one event; a piece of an answer takes a few hundred."""
LARGEST_ANSWER_BYTES: Final = 4 * 2**20
"""Of all events of one answer, thoughts too."""
LONGEST_TEXT: Final = 20_000
"""Characters of one answer, or of the arguments of one call."""
MOST_CALLS: Final = 16
"""In one answer; more are left out."""
DONE: Final = "[DONE]"


class ThinkerTrouble(PipitError):
    """The server that thinks cannot be reached, or answered nothing that can be read."""


@dataclass
class Wanted:
    """A call of a tool, as far as it has come; `arguments` is JSON."""

    id: str = ""
    name: str = ""
    arguments: str = ""

    def read(self) -> dict[str, Any] | None:
        """Its arguments; None if they are no JSON object."""
        try:
            arguments = json.loads(self.arguments or "{}")
        except (ValueError, RecursionError):
            return None
        return arguments if isinstance(arguments, dict) else None


@dataclass
class CompletionReader:
    """One answer. `calls` are complete when it is over."""

    calls: dict[int, Wanted] = field(default_factory=dict)
    is_over: bool = False
    _line: bytearray = field(default_factory=bytearray)
    _bytes: int = 0
    _characters: int = 0

    def feed(self, data: bytes) -> Iterator[str]:
        """The pieces of text in `data`. Raises ThinkerTrouble if it is more than an answer can be."""
        self._bytes += len(data)
        *lines, rest = bytes(self._line + data).split(b"\n")
        if self._bytes > LARGEST_ANSWER_BYTES or len(rest) > LARGEST_LINE_BYTES:
            raise ThinkerTrouble("the server that thinks says more than an answer can be", fix="lower max_tokens")
        self._line = bytearray(rest)
        for line in lines:
            yield from self._read(line.strip())

    def _read(self, line: bytes) -> Iterator[str]:
        if not line.startswith(b"data:"):
            return
        text = line.removeprefix(b"data:").strip().decode(errors="replace")
        if text == DONE:
            self.is_over = True
            return
        try:
            event = json.loads(text)
        except (ValueError, RecursionError):
            return
        yield from self._event(event)

    def _event(self, event: Any) -> Iterator[str]:
        if not isinstance(event, dict):
            return
        if event.get("error"):
            raise ThinkerTrouble("the server that thinks reported an error", fix="look into its own log")
        choice = _first(event.get("choices"))
        delta = _object(choice.get("delta") or choice.get("message"))
        self.is_over = self.is_over or bool(choice.get("finish_reason"))
        if isinstance(text := delta.get("content"), str) and text:
            text = text[: LONGEST_TEXT - self._characters]
            self._characters += len(text)
            yield text
        calls = delta.get("tool_calls")
        for number, call in enumerate(calls if isinstance(calls, list) else ()):
            self._call(number, _object(call))

    def _call(self, number: int, call: Mapping[str, Any]) -> None:
        index = call.get("index")
        index = index if isinstance(index, int) else number
        if index not in self.calls and len(self.calls) >= MOST_CALLS:
            return
        wanted, function = self.calls.setdefault(index, Wanted()), _object(call.get("function"))
        wanted.id = wanted.id or _text(call.get("id"))
        wanted.name = wanted.name or _text(function.get("name"))
        wanted.arguments = (wanted.arguments + _text(function.get("arguments")))[:LONGEST_TEXT]


def _first(choices: Any) -> Mapping[str, Any]:
    return _object(choices[0]) if isinstance(choices, list) and choices else {}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
