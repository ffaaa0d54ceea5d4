"""A brain that thinks elsewhere in the house: this machine hears and speaks, an OpenAI-compatible server decides.

It has the tools of the device that asks, and no others; what they may do the device's own gates decide, as with any
brain. When the server cannot be reached the local brain answers the same request, unless something was done or said.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from daemon.brain.brain import FunctionDeclaration, Heard, Spoken
from daemon.brain.replies import NOTHING_HEARD
from daemon.brain.speaking import spoken
from daemon.errors import PipitError
from daemon.home_server.completion_reader import CompletionReader, ThinkerTrouble, Wanted
from daemon.home_server.plain_speech import PlainSpeech
from daemon.home_server.written_calls import calls_in
from daemon.speech.synthesis import Espeak, Synthesiser

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence

    from daemon.brain.brain import Brain, CallTool, UserTurn
    from daemon.home_server.completions import Completions
    from daemon.sound.pcm import Samples

log = logging.getLogger(__name__)

NOT_NOW: Final = "I cannot think of an answer right now."
NOT_MANAGED: Final = "I did not manage that."
"""Said in the place of a call that is none, or comes when there may be no more."""


class EndpointBrain:
    """A `Brain`. `transcribe` hears, in a thread; `local` makes the brain that steps in, in a thread, when needed."""

    def __init__(
        self,
        completions: Completions,
        rounds: int,
        transcribe: Callable[[Samples], str],
        local: Callable[[], Brain],
        synthesiser: Callable[[str], Synthesiser] = Espeak,
    ) -> None:
        """`rounds`: so many times it may call tools for one request."""
        self._completions = completions
        self._rounds = rounds
        self._transcribe = transcribe
        self._make_local = local
        self._local: Brain | None = None
        self._local_is_made = asyncio.Lock()
        self._synthesiser = synthesiser
        self._thinks_first: bool | None = None
        """As `PlainSpeech` has it; the last answer tells."""

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
        """Hears, thinks elsewhere, and speaks sentence by sentence while the rest is thought."""
        if not turn.text:
            words = await asyncio.to_thread(self._transcribe, turn.audio)
            yield Heard(words)
            turn = replace(turn, text=words)
        if not turn.text.strip():
            async for spoken_piece in self._say(NOTHING_HEARD, turn):
                yield spoken_piece
            return
        began = False
        try:
            async with aclosing(self._think(turn, call_tool)) as sentences:
                async for sentence in sentences:
                    began = True
                    async for spoken_piece in self._say(sentence, turn):
                        yield spoken_piece
            if not began:
                raise ThinkerTrouble(
                    "the server that thinks answered nothing that can be said",
                    fix="raise max_tokens in [home_server.openai] if the model thinks before it speaks",
                )
        except PipitError as error:
            log.warning("%s", error)
            async for piece in self._step_in(turn, call_tool, done=began):
                yield piece

    async def _step_in(self, turn: UserTurn, call_tool: CallTool, *, done: bool) -> AsyncIterator[Heard | Spoken]:
        """The local brain has the request, if nothing came of it yet: nothing is done twice."""
        if done:
            async for spoken_piece in self._say(NOT_NOW, turn):
                yield spoken_piece
            return
        async with self._local_is_made:  # it takes some hundred megabytes: once, whoever else is waiting
            if self._local is None:
                self._local = await asyncio.to_thread(self._make_local)
        async for piece in self._local.reply(turn, call_tool):
            yield piece

    async def _say(self, sentence: str, turn: UserTurn) -> AsyncIterator[Spoken]:
        async for piece in spoken(sentence, self._synthesiser(turn.language or "en")):
            yield piece

    async def _think(self, turn: UserTurn, call_tool: CallTool) -> AsyncGenerator[str, None]:
        """The sentences of the answer, over as many rounds of calls as it takes; an empty one before each round.

        Raises ThinkerTrouble.
        """
        messages, tools = _messages(turn), [_tool(function) for function in turn.functions]
        names = {function.name for function in turn.functions}
        for round_ in range(self._rounds + 1):
            reader, speech, said = CompletionReader(), PlainSpeech(names, thinks_first=self._thinks_first), ""
            offered = tools if round_ < self._rounds else []
            async with aclosing(self._completions.answer(messages, offered, reader)) as pieces:
                async for piece in pieces:
                    said += piece
                    for sentence in speech.add(piece):
                        yield sentence
            for sentence in speech.end(cut_off=reader.is_cut_off):
                yield sentence
            self._thinks_first = speech.thinks_first
            wanted = reader.calls
            if not wanted and speech.written:
                wanted, said = calls_in(speech.written, names), ""
            if not wanted or not offered:
                if wanted or speech.written:
                    log.info("it wants to call what it cannot")
                    yield NOT_MANAGED
                return
            log.info("it calls %d tools", len(wanted))
            yield ""  # from here on something is done
            _tell_apart(wanted)
            messages.append(_called(said, wanted))
            messages += [await _answered(call, names, call_tool) for call in wanted]


def _messages(turn: UserTurn) -> list[dict[str, Any]]:
    system = [{"role": "system", "content": turn.system_instruction}] if turn.system_instruction else []
    roles = {"user": "user", "model": "assistant"}
    said = [{"role": roles[remark.role], "content": remark.text} for remark in turn.history if remark.text]
    return [*system, *said, {"role": "user", "content": turn.text}]


def _tool(function: FunctionDeclaration) -> dict[str, Any]:
    parameters = function.parameters or {"type": "object", "properties": {}}
    return {
        "type": "function",
        "function": {"name": function.name, "description": function.description, "parameters": parameters},
    }


def _called(said: str, wanted: Sequence[Wanted]) -> dict[str, Any]:
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": _sent_back(call)}}
        for call in wanted
    ]
    return {"role": "assistant", "content": said or None, "tool_calls": calls}


async def _answered(call: Wanted, names: set[str], call_tool: CallTool) -> dict[str, Any]:
    """What came of it, or why nothing did, for the model to know."""
    answer: Any
    arguments = call.read()
    if call.name not in names:
        answer = {"error": "there is no such tool"}
    elif arguments is None:
        answer = {"error": "its arguments are no JSON object"}
    else:
        answer = await call_tool(call.name, arguments)
    return {"role": "tool", "tool_call_id": call.id, "content": json.dumps(answer)}


def _tell_apart(calls: Sequence[Wanted]) -> None:
    """Give each call an id of its own, where the server has not."""
    taken = {""}
    for number, call in enumerate(calls, 1):
        if call.id in taken:
            call.id = f"call_{number}"
        while call.id in taken:
            call.id += "_"
        taken.add(call.id)


def _sent_back(call: Wanted) -> str:
    """The arguments of `call` as a server takes them in what was said before: several refuse what is no JSON object."""
    return call.arguments if call.arguments.strip() and call.read() is not None else "{}"
