"""What a conversation looks like in a terminal, and in a pipe.

Standard output holds what is said and nothing else, so that it can be piped on; what is told about it (tools, tokens,
sessions, the wire) goes to standard error. A terminal shows replies as they come, a pipe gets them whole.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TextIO

from daemon.conversation.messages import HandleRefused, ReplyText, SessionMessage, Transcribed
from daemon.conversation.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.chat.turn_and_reply import Exchange
    from daemon.conversation.tool_call import ToolCall

NOTHING_SAID: Final = "(no reply)"
"""Printed where the model chose to say nothing."""

MARGIN: Final = " " * 7
"""As wide as a label: what is not said by anybody begins after it."""

_DIM, _BOLD, _PLAIN = "\033[2m", "\033[1m", "\033[0m"


@dataclass(frozen=True, kw_only=True)
class Look:
    """`labelled`: who speaks is written before it. `streaming`: as it comes, not when it is over."""

    labelled: bool = False
    coloured: bool = False
    streaming: bool = False
    reckoning: bool = False
    """Tokens and cost are told."""

    @classmethod
    def fitting(cls, *, labelled: bool, environ: Mapping[str, str] = os.environ) -> Look:
        """What the standard streams are good for; a `NO_COLOR` that is not empty forbids colours (no-color.org)."""
        terminal = sys.stdout.isatty()
        colours = sys.stderr.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        return cls(
            labelled=labelled or terminal,
            coloured=colours and terminal,
            streaming=terminal,
            reckoning=sys.stderr.isatty(),
        )


class Screen(Witness):
    """Shows the replies of a `Line`, as one of its witnesses, and whatever else there is to tell."""

    def __init__(self, look: Look, out: TextIO | None = None, notes: TextIO | None = None) -> None:
        """By default on the standard streams."""
        self.look = look
        self._out = out or sys.stdout
        self._notes = notes or sys.stderr
        self._turn = 0
        self._heard = ""  # of the present question; empty again when it is shown
        self._said = ""  # of the present reply …
        self._shown = ""  # … and what of it is on the screen, tidied
        self._line_open = False

    # As it comes

    def received(self, message: SessionMessage) -> None:
        match message:
            case Transcribed(speaker="user", text=text):
                self._heard += text
            case Transcribed(turn, "model", text) | ReplyText(turn, text) if self.look.streaming and turn == self._turn:
                self._stream(text)
            case HandleRefused():
                self.note("the service does not know that conversation any more: a new one begins")

    def answered(self, call: ToolCall, response: Mapping[str, Any]) -> None:
        self.note(call_line(call, response))

    def reply_expected(self, turn: int) -> None:
        """What is said from now on belongs to this turn. What was heard of the question may be here already."""
        self._turn, self._said, self._shown, self._line_open = turn, "", "", False

    # When it is over

    def reply_ended(self, exchange: Exchange) -> None:
        """The whole reply, as far as it is not shown yet, and the pages it rests on."""
        words = tidied(exchange.said)
        self._show_heard()
        if self._shown:
            self._end_line()
        elif words or not exchange.audio:  # sound without a transcript is not nothing
            self._print(f"{self._label('pipit')}{self._indented(words or NOTHING_SAID)}")
        for line in source_lines(exchange):
            self._print(f"{MARGIN if self.look.labelled else ''}{line}")

    def kept(self, path: object) -> None:
        """A reply was written to this file."""
        self.note(f"kept as {path}")

    def note(self, text: str) -> None:
        """Tell something about the conversation, on a line of its own."""
        self._end_line()
        text = printable(text)
        line = f"{_DIM}{MARGIN}{text}{_PLAIN}" if self.look.coloured else f"{MARGIN}{text}"
        print(line, file=self._notes, flush=True)

    # Inside

    def _stream(self, text: str) -> None:
        """Show what came on, tidied as the whole will be: more text never changes what is shown already."""
        self._said += text
        new = tidied(self._said)[len(self._shown) :]
        if not new:
            return
        self._show_heard()
        if not self._line_open:
            self._out.write(MARGIN if self._shown else self._label("pipit"))
        self._out.write(self._indented(new if self._line_open else new.lstrip()))
        self._out.flush()
        self._shown += new
        self._line_open = True

    def _show_heard(self) -> None:
        """What the service understood of a spoken question, before anything is said to it."""
        words, self._heard = tidied(self._heard), ""
        if words and not self._shown:
            self._print(f"{self._label('you')}{self._indented(words)}")

    def _end_line(self) -> None:
        if self._line_open:
            self._line_open = False
            self._print("")

    def _print(self, text: str) -> None:
        print(text, file=self._out, flush=True)

    def _label(self, who: str) -> str:
        if not self.look.labelled:
            return ""
        name = who.ljust(len(MARGIN))
        return f"{_BOLD}{name}{_PLAIN}" if self.look.coloured else name

    def _indented(self, text: str) -> str:
        return text.replace("\n", f"\n{MARGIN}") if self.look.labelled else text


def tidied(text: str) -> str:
    """`text` without needless space, line by line, and without what a terminal would obey."""
    lines = (" ".join(line.split()) for line in printable(text).strip().splitlines())
    return "\n".join(lines).strip()


def printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(char for char in text if char.isprintable() or char in "\n\t")


def call_line(call: ToolCall, response: Mapping[str, Any]) -> str:
    """`set_device(device="lamp", state="on") → {"ok": true}`"""
    arguments = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in call.arguments.items())
    return f"{call.name}({arguments}) → {json.dumps(dict(response), ensure_ascii=False)}"


def source_lines(exchange: Exchange) -> list[str]:
    """`title: address`, or the address alone."""
    return [printable(f"{title}: {address}" if title else address) for address, title in exchange.sources.items()]
