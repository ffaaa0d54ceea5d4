"""Whatever a service sends: nothing is raised, nothing that was said is logged, every call is answered once at most.

The messages are near valid ones, and go the whole way: from a socket through the SDK's own parser, `Connection`,
`Reader` and `LiveSession`, to those who print, keep and count what comes of them.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import math
import warnings
from collections import Counter
from typing import Any

import pytest
from google.genai import Client
from google.genai.live import AsyncSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosedOK
from websockets.frames import Close

from daemon.chat.account import Account
from daemon.chat.ask import Question, as_json
from daemon.chat.exchange import Exchange
from daemon.events import Interrupted, ReplyComplete, ReplyStarted, SessionEnding, ToolCancelled, ToolRequested
from daemon.live.admission import CALLS_LIMIT
from daemon.live.checked import (
    HIGHEST_RATE_HZ,
    LARGEST_COUNT,
    LONGEST_HANDLE,
    LONGEST_ID,
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_WAIT_S,
    LOWEST_RATE_HZ,
    fault_of,
    is_writable,
)
from daemon.live.connection import Connection
from daemon.live.failures import EXPECTED, ProtocolFault
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
from daemon.live.options import LiveOptions
from daemon.live.outbox import REFUSALS_LIMIT
from daemon.live.portions import LONGEST_PIECE_BYTES
from daemon.live.reading import Reader
from daemon.live.session import LiveSession
from daemon.live.uplink import Uplink
from daemon.sound.preroll import AudioRing
from tests.fuzzing import EXAMPLES

MARK = "SAID"
"""Stands in every text that a service sends here, so that it can be looked for where it must not be."""

TEXTS = [
    "",
    " hello",
    " \ud800",
    "\udfff\ud800",
    "\0",
    "a\0b",
    "\x1b[2J\n",
    "Grüße 🎈",
    "٣",
    "\u202e",
    "x" * 300,
    " " * 20_001,
]
WORDS = st.one_of(st.sampled_from(TEXTS), st.text(max_size=5)).map(MARK.__add__)
NUMBERS = st.one_of(
    st.integers(0, 1_000),
    st.sampled_from([-1, 0.5, 5.0, 2**31, 2**63, -(2**64), 10**400, math.nan, math.inf, -math.inf, 1e300]),
)
ODD = st.one_of(
    WORDS,
    NUMBERS,
    st.sampled_from([None, True, False, [], {}, [[]], [None], {MARK: None}, {MARK: {MARK: [MARK]}}, [1, MARK], [{}]]),
)
DEEP = st.sampled_from([10, 20, 100, 900]).map(lambda depth: json.loads("[" * depth + "]" * depth))
FLAGS = st.booleans()


def odd(valid: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly what belongs there."""
    return st.sampled_from([valid] * 40 + [ODD]).flatmap(lambda strategy: strategy)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with some of these fields, each mostly valid, and now and then one that nobody knows."""
    return st.fixed_dictionaries({}, optional={name: odd(value) for name, value in fields.items()} | {f"{MARK}x": ODD})


def many(item: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(odd(item), max_size=most)


IDS = st.one_of(st.sampled_from(["fc-1", "fc-2", ""]), WORDS, st.just("x" * (LONGEST_ID + 1)))
TYPES = st.one_of(
    st.sampled_from(
        [
            "audio/pcm;rate=24000",
            "audio/pcm",
            "audio/pcm;rate=16000",
            "audio/pcm;rate=0",
            "audio/pcm;rate=1",
            "audio/pcm;rate=" + "9" * 300,
            "audio/pcm;rate=" + "9" * 5_000,
            "audio/pcm; channels=2",
            "audio/mpeg",
            "AUDIO/PCM ; RATE=8000",
            "image/png",
        ]
    ),
    WORDS,
)
SOUND = st.one_of(
    st.binary(max_size=9).map(lambda data: base64.b64encode(data).decode()), st.sampled_from(["!", "AAA"])
)
PART = st.one_of(
    st.fixed_dictionaries({"inlineData": st.fixed_dictionaries({"mimeType": TYPES, "data": SOUND})}),
    some(text=WORDS, thought=FLAGS, inlineData=some(mimeType=TYPES, data=SOUND), executableCode=some(code=WORDS)),
)
SPOKEN = some(text=st.one_of(WORDS, st.just(MARK * LONGEST_TEXT)), finished=FLAGS)
PAGES = some(groundingChunks=many(some(web=some(title=WORDS, uri=WORDS, domain=WORDS))))
CONTENT = some(
    modelTurn=some(role=WORDS, parts=many(PART)),
    inputTranscription=SPOKEN,
    outputTranscription=SPOKEN,
    interrupted=FLAGS,
    generationComplete=FLAGS,
    turnComplete=FLAGS,
    turnCompleteReason=st.one_of(st.just("MALFORMED_FUNCTION_CALL"), WORDS),
    interactionStatus=st.one_of(st.just("IN_PROGRESS"), WORDS),
    groundingMetadata=PAGES,
    urlContextMetadata=some(urlMetadata=many(some(retrievedUrl=WORDS, urlRetrievalStatus=WORDS))),
)
CALL = some(
    id=IDS,
    name=st.one_of(st.sampled_from(["set_device", ""]), WORDS, st.just("n" * (LONGEST_NAME + 1))),
    args=st.dictionaries(WORDS, st.one_of(ODD, DEEP), max_size=3),
)
FLOOD = st.integers(33, 60).map(lambda count: [{"id": f"fc-{number % 50}", "name": "pulse"} for number in range(count)])
DETAILS = many(some(modality=st.one_of(st.sampled_from(["TEXT", "AUDIO"]), WORDS), tokenCount=NUMBERS))
COUNTS = ("promptTokenCount", "responseTokenCount", "totalTokenCount", "thoughtsTokenCount", "cachedContentTokenCount")
FIELDS = {
    "setupComplete": some(),
    "serverContent": CONTENT,
    "toolCall": some(functionCalls=st.one_of(many(CALL), FLOOD)),
    "toolCallCancellation": some(ids=many(IDS)),
    "usageMetadata": some(**dict.fromkeys(COUNTS, NUMBERS), promptTokensDetails=DETAILS, responseTokensDetails=DETAILS),
    "goAway": some(timeLeft=st.one_of(st.sampled_from(["50s", "9.5s", "s", "-1s", "9" * 400 + "s"]), WORDS)),
    "sessionResumptionUpdate": some(newHandle=st.one_of(WORDS, st.just("h" * (LONGEST_HANDLE + 1))), resumable=FLAGS),
    "voiceActivity": some(voiceActivityType=WORDS),
    "code": NUMBERS,
    "error": some(code=NUMBERS, message=WORDS),
}
MESSAGE = st.one_of(
    st.sampled_from([*FIELDS, *["serverContent"] * 8, "toolCall"]).flatmap(
        lambda name: st.fixed_dictionaries({name: odd(FIELDS[name])})
    ),
    some(**FIELDS),
)
VALID = MESSAGE.map(lambda message: json.dumps(message).encode())
FRAME = st.one_of(
    *[VALID] * 8,
    VALID.map(lambda frame: frame[:-1]),
    st.binary(max_size=20),
    ODD.map(lambda value: json.dumps(value).encode()),
    st.sampled_from([b"", b"null", b"[" * 100_000, b'{"usageMetadata": {"totalTokenCount": ' + b"9" * 5_000 + b"}}"]),
)

CLIENT = Client(enterprise=False, api_key="test-key")._api_client
"""Made once: it reads certificates."""


TOOL = {"name": "set_device", "description": "Switch it.", "parameters_json_schema": {"type": "object"}}
OPTIONS = LiveOptions(api_key="test-key", tools=[TOOL])


class Tape:
    """A socket that plays `frames`, and keeps what is sent. Once they are over it closes, after a while."""

    def __init__(self, frames: list[bytes]) -> None:
        self._frames = iter(frames)
        self.sent: list[dict[str, Any]] = []

    async def recv(self, decode: bool | None = None) -> bytes:  # noqa: ARG002 - as websockets has it
        if (frame := next(self._frames, None)) is not None:
            return frame
        for _ in range(100):  # whoever has something to send may
            await asyncio.sleep(0)
        raise ConnectionClosedOK(Close(1000, ""), Close(1000, ""), rcvd_then_sent=True)

    async def send(self, message: str) -> None:
        self.sent.append(json.loads(message))

    @property
    def answered(self) -> Counter[str]:
        """How often each id was."""
        responses = (
            message["tool_response"]["functionResponses"] for message in self.sent if "tool_response" in message
        )
        return Counter(response["id"] for several in responses for response in several)


class Listener:
    """Hears what a session reports, and answers each call as often as it can."""

    def __init__(self) -> None:
        self.reports: list[SessionMessage] = []
        self.session = LiveSession(OPTIONS, Uplink(AudioRing(1)), self._heard)

    def _heard(self, message: SessionMessage) -> None:
        self.reports.append(message)
        if isinstance(message, ToolRequested):
            for _ in range(2):
                self.session.answer_tool(message.call, {"ok": True})

    async def listen(self, tape: Tape) -> None:
        connection = Connection(AsyncSession(CLIENT, tape), OPTIONS)  # type: ignore[arg-type]
        reader = Reader(checker=connection.checker)
        reader.asked(1)
        try:
            await self.session._exchange(connection, reader, None)
        except* EXPECTED:
            pass


class Journal(logging.Handler):
    """Keeps every line, of whomever."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def __enter__(self) -> Journal:
        logging.getLogger().addHandler(self)
        self._level = logging.getLogger("daemon").level
        logging.getLogger("daemon").setLevel(logging.DEBUG)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("daemon").setLevel(self._level)
        logging.getLogger().removeHandler(self)


def is_sound(report: SessionMessage) -> bool:
    """Whether everything in `report` is of the size and type that others count on."""
    match report:
        case ReplyAudio(_, data, rate_hz):
            return (
                0 < len(data) <= LONGEST_PIECE_BYTES
                and not len(data) % 2
                and LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ
            )
        case ReplyText(_, text) | Transcribed(_, _, text):
            return 0 < len(text) <= LONGEST_TEXT and is_writable(text)
        case SourcesNamed(_, sources):
            return all(address and is_writable(title + address) for title, address in sources)
        case UsageReported():
            return all(0 <= count <= LARGEST_COUNT for count in counts(report))
        case HandleIssued(handle):
            return 0 < len(handle) <= LONGEST_HANDLE and is_writable(handle)
        case SessionEnding(time_left_s):
            return math.isfinite(time_left_s) and 0 <= time_left_s <= LONGEST_WAIT_S
        case ToolRequested(call):
            texts = len(call.id) <= LONGEST_ID and len(call.name) <= LONGEST_NAME and is_writable(call.id + call.name)
            return texts and not fault_of(call.arguments)
        case ToolCancelled(ids):
            return all(map(is_writable, ids))
    return isinstance(report, ReplyStarted | ReplyComplete | Interrupted)


def counts(report: UsageReported) -> list[int]:
    parts = [report.prompt, report.response, report.tool_use, report.cached]
    each = [getattr(tokens, name) for tokens in parts for name in Tokens.__slots__]
    return [*each, report.thoughts, report.total]


def called(frames: list[bytes]) -> Counter[str]:
    """How often each id was sent, in whatever shape."""
    ids: Counter[str] = Counter()
    for frame in frames:
        try:
            calls = json.loads(frame)["toolCall"]["functionCalls"]
            ids.update(call.get("id") or "" for call in calls)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
    return ids


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.lists(FRAME, min_size=1, max_size=3))
def test_any_messages(frames: list[bytes]) -> None:
    tape, listener = Tape(frames), Listener()
    with Journal() as journal, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        asyncio.run(listener.listen(tape))
    assert [report for report in listener.reports if not is_sound(report)] == []
    assert [line for line in journal.lines if MARK in line] == []
    assert [warning for warning in warned if MARK in str(warning.message)] == []
    assert tape.answered <= called(frames)
    keep(listener.reports)


def keep(reports: list[SessionMessage]) -> None:
    """As `ask` does: a file and one line of JSON."""
    exchange = Exchange(1)
    for report in reports:
        exchange.received(report)
        if isinstance(report, ToolRequested):
            exchange.answered(report.call, {"ok": True})
    line = json.dumps(as_json(exchange, Question(), Account("m", "2026-11-29")), ensure_ascii=False, allow_nan=False)
    assert line.encode()
    assert exchange.reply.tobytes() == bytes(exchange.audio)


@pytest.mark.parametrize("count", [CALLS_LIMIT, CALLS_LIMIT + 1, 500])
def test_each_of_many_calls_is_answered(count: int) -> None:
    calls = [{"id": f"fc-{number}", "name": "set_device", "args": {}} for number in range(count)]
    frames = [json.dumps({"toolCall": {"functionCalls": calls}}).encode()]
    tape, listener = Tape(frames), Listener()
    asyncio.run(listener.listen(tape))
    assert tape.answered == Counter(call["id"] for call in calls)


async def test_a_service_that_calls_and_takes_no_answers_ends_its_session() -> None:
    class Full(Tape):
        """Has no room for anything."""

        async def send(self, message: str) -> None:  # noqa: ARG002 - as websockets has it
            await asyncio.Event().wait()

    nameless = {"toolCall": {"functionCalls": [{"id": "x", "name": "n" * (LONGEST_NAME + 1)}]}}
    frames = [json.dumps(nameless).encode()] * (REFUSALS_LIMIT + 2)  # one is being sent, one is too many
    listener = Listener()
    connection = Connection(AsyncSession(CLIENT, Full(frames)), LiveOptions(api_key="k", send_timeout_s=60))  # type: ignore[arg-type]
    with pytest.raises(ExceptionGroup) as raised:
        await listener.session._exchange(connection, Reader(), None)
    assert raised.group_contains(ProtocolFault, match="calls faster than it takes answers")
