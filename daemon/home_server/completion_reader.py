"""Reads what an OpenAI-compatible server streams as the answer of `chat/completions`. Pure: bytes in, pieces out.

What a server says is believed nothing beyond here: sizes are bounded, and what cannot be read counts as not sent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from daemon.errors import PipitError
from daemon.offline.wire.mapping import WireError, parse

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
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class ThinkerTrouble(PipitError):
    """The server that thinks cannot be reached, or answered nothing that can be read."""


@dataclass
class Wanted:
    """A call of a tool, as far as it has come; `arguments` is JSON."""

    id: str = ""
    name: str = ""
    arguments: str = ""

    def read(self) -> dict[str, Any] | None:
        """Its arguments, as strictly as they go to a device; None if they are no JSON object."""
        try:
            arguments = parse(self.arguments) if self.arguments.strip() else {}
        except WireError:
            return None
        return {} if arguments is None else arguments if isinstance(arguments, dict) else None


@dataclass
class CompletionReader:
    """One answer. `calls`, in the order in which they began, are complete when it is over."""

    calls: list[Wanted] = field(default_factory=list)
    is_over: bool = False
    is_done: bool = False
    """The server said that nothing more comes; not all say so, nor do all then close the connection."""
    is_cut_off: bool = False
    """It would have gone on, but was as long as it may be."""
    words: int = 0
    """Pieces of text, of thoughts and of calls until now; not what only keeps the line open."""
    _last: dict[int, Wanted] = field(default_factory=dict)
    """By the index that the server gives them, which some leave out, and others say 0 for all."""
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
        line = line.removeprefix(_BYTE_ORDER_MARK)
        if not line.startswith(b"data:"):
            return
        text = line.removeprefix(b"data:").strip().decode(errors="replace")
        if text == DONE:
            self.is_over = self.is_done = True
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
        self.words += any(value for key, value in delta.items() if key != "role")
        why = choice.get("finish_reason")
        self.is_over, self.is_cut_off = self.is_over or bool(why), self.is_cut_off or why == "length"
        if text := _text(delta.get("content")):
            text = text[: LONGEST_TEXT - self._characters]
            self._characters += len(text)
            yield text
        calls = delta.get("tool_calls")
        for number, call in enumerate(calls if isinstance(calls, list) else ()):
            self._call(number, _object(call))

    def _call(self, number: int, call: Mapping[str, Any]) -> None:
        index = call.get("index")
        index = index if isinstance(index, int) else number
        id_, function = _text(call.get("id")), _object(call.get("function"))
        name, wanted = _text(function.get("name")), self._last.get(index)
        if wanted is None or (name and _is_another(wanted, id_)):
            if len(self.calls) >= MOST_CALLS:
                return
            wanted = self._last[index] = Wanted()
            self.calls.append(wanted)
        wanted.id = wanted.id or id_
        wanted.name = wanted.name or name
        wanted.arguments = (wanted.arguments + _json(function.get("arguments")))[:LONGEST_TEXT]


def _is_another(wanted: Wanted, id_: str) -> bool:
    """Whether a call with a name begins where `wanted` was: its name is known, and it has another id or is whole."""
    return bool(wanted.name) and (
        bool(id_ and wanted.id and id_ != wanted.id) or bool(wanted.arguments and wanted.read() is not None)
    )


def _first(choices: Any) -> Mapping[str, Any]:
    return _object(choices[0]) if isinstance(choices, list) and choices else {}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """Without halves of surrogate pairs, which can be neither spoken nor sent."""
    return value.encode(errors="ignore").decode() if isinstance(value, str) else ""


def _json(value: Any) -> str:
    """Arguments as text; some servers give them as the object that they are."""
    return json.dumps(value) if isinstance(value, dict) else _text(value)
