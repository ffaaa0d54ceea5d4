"""`pipit ask`: one question, from a file or in writing; one reply, as text, JSON or a sound file."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from daemon.chat.account import Account
from daemon.chat.line import connected, ring_of
from daemon.chat.recordings import keep_reply
from daemon.chat.screen import MARGIN, NOTHING_SAID, Look, Screen, source_lines, tidied
from daemon.chat.trial import tried_out
from daemon.chat.wire import WireView
from daemon.sound.pcm import REPLY_RATE_HZ, Samples
from daemon.sound.wav import Recording, decode_audio, kind_of, read_recording

if TYPE_CHECKING:
    from daemon.chat.choices import Choices
    from daemon.chat.turn_and_reply import Exchange
    from daemon.house.equipment import Drivers
    from daemon.house.settings import Settings
    from daemon.live.options import LiveOptions
    from daemon.tools.tool import Toolbox

STANDARD_INPUT: Final = Path("-")
RECKONING_S: Final = 2.0
"""Besides the length of the reply: the count may come only when the service believes it to be heard."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A file (`-` is standard input) or a text, and what becomes of the reply. `anyway` sends a silent file, too."""

    file: Path | None = None
    anyway: bool = False
    text: str = ""
    reply: Path | None = None
    as_json: bool = False
    timeout_s: float = 60.0


async def ask_once(settings: Settings, choices: Choices, question: Question, drivers: Drivers) -> None:
    """The command, of the settings that were `chosen`. Raises PipitError, also in a group."""
    account = Account.of(settings, datetime.now().astimezone().date().isoformat())
    async with tried_out(settings, choices, drivers) as trial:
        options = trial.options()
        if choices.show_wire:
            options = WireView(Screen(Look.fitting(labelled=True)).note).watching(options)
        await ask(options, question, account, trial.toolbox)


async def ask(options: LiveOptions, question: Question, account: Account, toolbox: Toolbox | None = None) -> None:
    """Ask; print both transcripts or one JSON object, and write the spoken reply.

    What can be found wrong before the session is. Raises AudioFileError, and SessionFailed in a group.
    """
    if question.reply:
        kind_of(question.reply)
    speech = await asyncio.to_thread(_speech, question.file, question.anyway) if question.file else None
    once = replace(options, resumable=False)  # nobody will take it up
    async with connected(
        lambda: once,
        ring_of(speech) if speech is not None else None,
        toolbox=toolbox,
        deadline_s=question.timeout_s,
    ) as line:
        if speech is None:
            exchange = await line.ask_in_writing(question.text)
        else:
            exchange = await line.ask_aloud(len(speech))
        if question.as_json:
            await line.usage(RECKONING_S + len(exchange.reply) / REPLY_RATE_HZ)
    if question.reply:
        await asyncio.to_thread(keep_reply, question.reply, exchange.reply)
    if question.as_json:
        print(json.dumps(as_json(exchange, question, account), ensure_ascii=False))
    else:
        _print(exchange, question)


def _speech(file: Path, anyway: bool) -> Samples:
    """16 kHz. Raises AudioFileError."""
    recording = _heard(file)
    for remark in recording.remarks:
        print(f"pipit: {remark}", file=sys.stderr)
    return recording.samples if anyway else recording.audible()


def _heard(file: Path) -> Recording:
    return decode_audio("standard input", sys.stdin.buffer) if file == STANDARD_INPUT else read_recording(file)


def _print(exchange: Exchange, question: Question) -> None:
    if question.file:
        print(f"you    {_in_line(exchange.heard)}")
    said = _in_line(exchange.said)
    print(f"pipit  {said or ('' if exchange.audio else NOTHING_SAID)}")
    for line in source_lines(exchange):
        print(f"{MARGIN}{line}")
    if question.reply:
        print(f"reply  {question.reply}")


def as_json(exchange: Exchange, question: Question, account: Account) -> dict[str, Any]:
    """The keys are documented in docs/chat.md, and stay. None is what is not known or was not asked for."""
    used = account.add(exchange.usage)
    known = bool(exchange.usage)
    cost = account.cost(used) if known else None
    return {
        "model": account.model,
        "heard": _in_line(exchange.heard),
        "said": tidied(exchange.said),
        "seconds": round(len(exchange.reply) / REPLY_RATE_HZ, 3),
        "reply": str(question.reply) if question.reply else None,
        "sources": [{"title": title, "url": address} for address, title in exchange.sources.items()],
        "tool_calls": [
            {"name": call.name, "arguments": dict(call.arguments), "answer": dict(answer)}
            for call, answer in exchange.calls
        ],
        "tokens": {"in": used.prompt, "out": used.text_out + used.audio_out} if known else None,
        "cost_micro": cost,
        "currency": account.currency if cost is not None else None,
    }


def _in_line(text: str) -> str:
    return " ".join(tidied(text).split())
