"""What the service says, in our words: one server message in, any number of session messages out.

Which turn a piece of a reply belongs to is not on the wire. The rule: a reply belongs to the turn that was asked last
(the last `activityEnd` or text sent) when it began, and keeps that number to its end, so that its last packets, under
way while the user already asks the next thing, are not taken for the answer to that.

How generations end, by the recordings:

====================================  ===============================================================
normal                                audio… generationComplete, after the playing time turnComplete
barge-in                              audio… interrupted, turnComplete
tool, Gemini API (2.5, 3.x)           toolCall, [our answer], audio… generationComplete, turnComplete
tool in mid-sentence                  audio… toolCall, audio…, [our answer], audio… and a normal end
tool, Vertex                          toolCall, generationComplete, turnComplete, [our answer], normal
spurious                              interrupted, turnComplete, at any time
extended thinking                     audio… turnComplete + IN_PROGRESS, audio… turnComplete + IDLE
====================================  ===============================================================

So one generation has one end, whichever sign of it comes first, and a turnComplete that only confirms an end already
reported says nothing. A reply with a tool in it may begin and end more than once under one number (Vertex: an end
without a beginning, before the answer); the conversation knows that it owes or awaits something, this module does not.

Not reported, because nothing here depends on them: setupComplete, voiceActivity, voiceActivityDetectionSignal,
waitingForInput, interimInputTranscription.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from typing import Final

from google.genai import types

from daemon.events import (
    Interrupted,
    ReplyComplete,
    ReplyStarted,
    SessionEnding,
    ToolCall,
    ToolCancelled,
    ToolRequested,
)
from daemon.live.messages import (
    HandleIssued,
    ReplyAudio,
    ReplyText,
    SessionMessage,
    SourcesNamed,
    Tokens,
    Transcribed,
    UsageReported,
)
from daemon.sound.pcm import REPLY_RATE_HZ

log = logging.getLogger(__name__)

_RATE: Final = re.compile(r"rate=(\d+)")
_READ: Final = {None, types.UrlRetrievalStatus.URL_RETRIEVAL_STATUS_SUCCESS}
_SECONDS: Final = re.compile(r"([\d.]+)s")


class Reader:
    """Reads one session's messages in order. `speaking` and `asked` tell it what was sent meanwhile."""

    def __init__(self, *, ends_when_idle: bool = False) -> None:
        self._ends_when_idle = ends_when_idle
        self.turn = 0
        """The turn that was asked last."""
        self._speaking = 0  # the turn whose activity was started last
        self._replying: int | None = None  # the turn whose reply has begun and not ended
        self._cut: int | None = None  # the turn whose reply was interrupted, until it is confirmed
        self._confirming = False  # an end was reported; its turnComplete may still come

    def speaking(self, turn: int) -> None:
        """The `activityStart` of `turn` is sent."""
        self._speaking = turn

    def asked(self, turn: int) -> None:
        """The `activityEnd` of `turn`, or its text, is sent."""
        self._speaking = self.turn = turn
        self._cut = None

    def read(self, message: types.LiveServerMessage) -> Iterator[SessionMessage]:
        """What `message` says. Its fields may come in any combination: every one is looked at, ends last."""
        if message.usage_metadata:
            yield _usage(message.usage_metadata)
        if (update := message.session_resumption_update) and update.resumable and update.new_handle:
            yield HandleIssued(update.new_handle)
        if message.go_away:
            yield SessionEnding(seconds(message.go_away.time_left or ""))
        if message.tool_call_cancellation:
            yield ToolCancelled(tuple(message.tool_call_cancellation.ids or ()))
        if message.tool_call:
            yield from map(_requested, message.tool_call.function_calls or ())
        if message.server_content:
            yield from self._content(message.server_content)

    def _content(self, content: types.LiveServerContent) -> Iterator[SessionMessage]:
        if (heard := content.input_transcription) and heard.text:
            yield Transcribed(self._speaking, "user", heard.text)
        if content.model_turn:
            for part in content.model_turn.parts or ():
                yield from self._part(part)
        if (said := content.output_transcription) and said.text:
            yield Transcribed(self._reply_turn, "model", said.text)
        if sources := _sources(content):
            yield SourcesNamed(self._reply_turn, sources)
        if content.interrupted:
            yield self._interrupted()
        if content.generation_complete and not self._ends_when_idle:
            yield self._ended()
        if content.turn_complete:
            yield from self._turn_complete(content)

    @property
    def _reply_turn(self) -> int:
        return self.turn if self._replying is None else self._replying

    def _part(self, part: types.Part) -> Iterator[SessionMessage]:
        """A piece of the reply; thoughts are not part of it, nor is code that the service runs itself."""
        if part.thought:
            return
        blob = part.inline_data
        if blob and blob.data and (blob.mime_type or "").startswith("audio/"):
            if self._cut != self._reply_turn:
                yield from self._begun(audible=True)
            yield ReplyAudio(self._reply_turn, blob.data, rate_hz(blob.mime_type or ""))
        elif part.text:
            yield from self._begun(audible=False)
            yield ReplyText(self._reply_turn, part.text)

    def _begun(self, *, audible: bool) -> Iterator[SessionMessage]:
        """A piece of a reply has come; the first audible one is told."""
        if self._replying is None:
            self._replying, self._confirming = self.turn, False
            if audible:
                yield ReplyStarted(self._replying)

    def _interrupted(self) -> SessionMessage:
        """Of a reply that has not begun nothing was cut: it will begin as if nobody had said so."""
        turn = self._reply_turn
        if self._replying is not None:
            self._cut = turn
        self._replying, self._confirming = None, True
        return Interrupted(turn)

    def _ended(self) -> SessionMessage:
        turn = self._reply_turn
        self._replying, self._confirming = None, True
        return ReplyComplete(turn)

    def _turn_complete(self, content: types.LiveServerContent) -> Iterator[SessionMessage]:
        """The end of a generation, or the confirmation of one already reported."""
        reason = content.turn_complete_reason
        if reason not in {None, types.TurnCompleteReason.TURN_COMPLETE_REASON_UNSPECIFIED}:
            log.warning("the service ended its turn early: %s", reason)
        if content.interaction_status == types.InteractionStatus.IN_PROGRESS and self._ends_when_idle:
            return
        if self._replying is not None or not self._confirming:
            yield self._ended()
        self._confirming, self._cut = False, None


def _requested(call: types.FunctionCall) -> ToolRequested:
    return ToolRequested(ToolCall(call.id or "", call.name or "", call.args or {}))


def _sources(content: types.LiveServerContent) -> tuple[tuple[str, str], ...]:
    """What the service read for its answer: pages that it found, and pages whose addresses were named to it."""
    found: list[tuple[str | None, str | None]] = []
    if content.grounding_metadata:
        chunks = content.grounding_metadata.grounding_chunks or ()
        found += [(chunk.web.title or chunk.web.domain, chunk.web.uri) for chunk in chunks if chunk.web]
    if content.url_context_metadata:
        pages = content.url_context_metadata.url_metadata or ()
        found += [("", page.retrieved_url) for page in pages if page.url_retrieval_status in _READ]
    return tuple(dict.fromkeys((title or "", uri) for title, uri in found if uri))


def _usage(usage: types.UsageMetadata) -> UsageReported:
    return UsageReported(
        prompt=_tokens(usage.prompt_token_count, usage.prompt_tokens_details),
        response=_tokens(usage.response_token_count, usage.response_tokens_details),
        tool_use=_tokens(usage.tool_use_prompt_token_count, usage.tool_use_prompt_tokens_details),
        thoughts=_count(usage.thoughts_token_count),
        cached=_tokens(usage.cached_content_token_count, usage.cache_tokens_details),
        total=_count(usage.total_token_count),
    )


def _tokens(count: int | None, details: Sequence[types.ModalityTokenCount] | None) -> Tokens:
    """Kinds that this version does not know stay undetailed."""
    parts = dict.fromkeys(("text", "audio", "image", "video", "document"), 0)
    for detail in details or ():
        name = (detail.modality or "").lower()
        if name in parts:
            parts[name] += _count(detail.token_count)
    return Tokens(_count(count), **parts)


def _count(number: int | None) -> int:
    return max(0, number or 0)


def rate_hz(mime_type: str) -> int:
    """The rate in `audio/pcm;rate=24000`; Vertex leaves it out and means the same."""
    found = _RATE.search(mime_type)
    return int(found[1]) if found else REPLY_RATE_HZ


def seconds(duration: str) -> float:
    """protobuf's JSON form of a Duration, `"50s"` or `"9.500s"`; 0.0 if it is none, which is the safest to assume."""
    found = _SECONDS.fullmatch(duration)
    try:
        return float(found[1]) if found else 0.0
    except ValueError:
        return 0.0
