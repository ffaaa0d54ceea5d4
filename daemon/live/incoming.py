"""What the service says, in our words: one server message in, any number of session messages out.

Which turn a piece of a reply belongs to is not on the wire. The rule: a reply belongs to the turn that was asked last
(the last `activityEnd` or text sent) when it began, and keeps that number to its end, so that its last packets, under
way while the user already asks the next thing, are not taken for the answer to that.

How generations end, by the recordings:

====================================  ===============================================================
normal                                audio… generationComplete, after the playing time turnComplete
barge-in                              audio… interrupted, turnComplete
tool, Gemini API (2.5, 3.x)           toolCall, [our answer], audio… generationComplete, turnComplete
tool in mid-sentence                  audio… toolCall, audio…, [our answer], audio… and a normal end, or no more audio
tool, Vertex                          toolCall, generationComplete, turnComplete, [our answer], normal
spurious                              interrupted, turnComplete, at any time
extended thinking                     audio… turnComplete + IN_PROGRESS, audio… turnComplete + IDLE
====================================  ===============================================================

So one generation has one end, whichever sign of it comes first, and a turnComplete that only confirms an end already
reported says nothing. A reply with a tool in it may begin and end more than once under one number (Vertex: an end
without a beginning, before the answer; any service: what is said after our answer begins anew, though nothing ended
before it); the conversation knows that it owes or awaits something, this module does not.

Not reported, because nothing here depends on them: setupComplete, voiceActivity, voiceActivityDetectionSignal,
waitingForInput, interimInputTranscription.

This is where what the service says is checked, once: what is reported is of the types, sizes and ranges that
`daemon.live.checked` knows, and a field that is not counts as not sent.
"""

import logging
from collections.abc import Iterator

from google.genai import types

from daemon.conversation.events import (
    Interrupted,
    ReplyComplete,
    ReplyStarted,
    SessionEnding,
    ToolCancelled,
    ToolRequested,
)
from daemon.conversation.messages import (
    HandleIssued,
    ReplyAudio,
    ReplyText,
    SessionMessage,
    SourcesNamed,
    Transcribed,
)
from daemon.conversation.tool_call import ToolCall
from daemon.live.checked import (
    LONGEST_HANDLE,
    LONGEST_ID,
    Checker,
    is_pcm,
    rate_hz,
    seconds,
    text_of,
)
from daemon.live.particulars import sources_of, usage_of
from daemon.live.portions import Portions

log = logging.getLogger(__name__)


class Reader:
    """Reads one session's messages in order. `speaking`, `asked` and `answered` tell it what was sent meanwhile."""

    def __init__(self, *, ends_when_idle: bool = False, checker: Checker | None = None) -> None:
        """`checker` counts what cannot be read."""
        self._ends_when_idle = ends_when_idle
        self._checker = checker or Checker(log)
        self._heard = Portions()
        self._said = Portions()
        self.turn = 0
        """The turn that was asked last."""
        self._speaking = 0  # the turn whose activity was started last
        self._replying: int | None = None  # the turn whose reply has begun and not ended
        self._told = False  # … and of which that was told
        self._cut: int | None = None  # the turn whose reply was interrupted, until it is confirmed
        self._confirming = False  # an end was reported; its turnComplete may still come

    def speaking(self, turn: int) -> None:
        """The `activityStart` of `turn` is sent."""
        self._speaking = turn

    def asked(self, turn: int) -> None:
        """The `activityEnd` of `turn`, or its text, is sent."""
        self._speaking = self.turn = turn
        self._cut = None

    def answered(self) -> None:
        """The result of a tool is sent: what is said from now on may be said because of it."""
        self._told = False

    def read(self, message: types.LiveServerMessage) -> Iterator[SessionMessage]:
        """What `message` says. Its fields may come in any combination: every one is looked at, ends last."""
        if message.usage_metadata:
            yield usage_of(message.usage_metadata, self._checker)
        update = message.session_resumption_update
        if (
            update
            and update.resumable
            and (handle := self._checker.name(update.new_handle, LONGEST_HANDLE, "a handle"))
        ):
            yield HandleIssued(handle)
        if message.go_away:
            yield SessionEnding(seconds(message.go_away.time_left or ""))
        if message.tool_call_cancellation:
            ids = (self._checker.name(id_, LONGEST_ID, "an id") for id_ in message.tool_call_cancellation.ids or ())
            yield ToolCancelled(tuple(id_ for id_ in ids if id_ is not None))
        if message.tool_call:
            for call in message.tool_call.function_calls or ():
                if (id_ := self._checker.name(call.id, LONGEST_ID, "a call")) is not None:
                    yield ToolRequested(ToolCall(id_, call.name or "", call.args or {}))
        if message.server_content:
            yield from self._content(message.server_content)

    def _content(self, content: types.LiveServerContent) -> Iterator[SessionMessage]:
        if (heard := content.input_transcription) and (text := self._text(self._heard, self._speaking, heard.text)):
            yield Transcribed(self._speaking, "user", text)
        if content.model_turn:
            for part in content.model_turn.parts or ():
                yield from self._part(part)
        if (said := content.output_transcription) and (text := self._text(self._said, self._reply_turn, said.text)):
            yield Transcribed(self._reply_turn, "model", text)
        if sources := sources_of(content, self._checker):
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
        if blob and blob.data and (blob.mime_type or "").strip().lower().startswith("audio/"):
            yield from self._sound(blob.data, blob.mime_type or "")
        elif text := self._text(self._said, self._reply_turn, part.text):
            yield from self._begun(audible=False)
            yield ReplyText(self._reply_turn, text)

    def _sound(self, data: bytes, mime_type: str) -> Iterator[SessionMessage]:
        rate = rate_hz(mime_type) if is_pcm(mime_type) else None
        if rate is None:
            self._checker.note("sound")
            return
        for piece in self._said.sound(self._reply_turn, data, rate):
            if self._cut != self._reply_turn:
                yield from self._begun(audible=True)
            yield ReplyAudio(self._reply_turn, piece, rate)

    def _text(self, portions: Portions, turn: int, text: str | None) -> str:
        """What of `text` can be read, and still belongs to a turn of a size that anybody says."""
        clean = portions.text(turn, text_of(text))
        if clean != (text or ""):
            self._checker.note("text")
        return clean

    def _begun(self, *, audible: bool) -> Iterator[SessionMessage]:
        """A piece of a reply has come; the first audible one is told, and the first after a tool's result."""
        if self._replying is None:
            self._replying, self._confirming, self._told = self.turn, False, False
        if audible and not self._told:
            self._told = True
            yield ReplyStarted(self._replying)

    def _interrupted(self) -> SessionMessage:
        """Of a reply that has not begun nothing was cut: it will begin as if nobody had said so."""
        turn = self._reply_turn
        if self._replying is not None:
            self._cut = turn
        self._said.ended()
        self._replying, self._confirming = None, True
        return Interrupted(turn)

    def _ended(self) -> SessionMessage:
        turn = self._reply_turn
        self._said.ended()
        self._replying, self._confirming = None, True
        return ReplyComplete(turn)

    def _turn_complete(self, content: types.LiveServerContent) -> Iterator[SessionMessage]:
        """The end of a generation, or the confirmation of one already reported."""
        reason = content.turn_complete_reason
        if reason not in {None, types.TurnCompleteReason.TURN_COMPLETE_REASON_UNSPECIFIED}:
            known = reason is not None and reason.name in types.TurnCompleteReason.__members__
            log.warning(
                "the service ended its turn early: %s", reason if known else "for a reason that is unknown here"
            )
        if content.interaction_status == types.InteractionStatus.IN_PROGRESS and self._ends_when_idle:
            return
        if self._replying is not None or not self._confirming:
            yield self._ended()
        self._confirming, self._cut = False, None
