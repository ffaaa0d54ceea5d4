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
from typing import TYPE_CHECKING, Any

import pytest
from google.genai import Client
from google.genai.live import AsyncSession
from websockets.exceptions import ConnectionClosedOK
from websockets.frames import Close

from daemon.chat.account import Account
from daemon.chat.ask import Question, as_json
from daemon.chat.turn_and_reply import Exchange
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
    Tokens,
    Transcribed,
    UsageReported,
)
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
from daemon.live.incoming import Reader
from daemon.live.outbox import REFUSALS_LIMIT
from daemon.live.portions import LONGEST_PIECE_BYTES
from daemon.live.session import LiveSession
from daemon.live.uplink import Uplink
from daemon.sound.preroll import AudioRing
from tests.daemon.live.telling import options_with
from tests.fuzzing import (
    Draw,
    any_of,
    data,
    fields,
    fuzzed,
    integers,
    keyed,
    letters,
    mapped,
    sampled,
    several,
    some_fields,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

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
WORDS = mapped(MARK.__add__, any_of(sampled(*TEXTS), letters(5)))
NUMBERS = any_of(
    integers(0, 1_000),
    sampled(-1, 0.5, 5.0, 2**31, 2**63, -(2**64), 10**400, math.nan, math.inf, -math.inf, 1e300),
)
ODD = any_of(
    WORDS,
    NUMBERS,
    sampled(None, True, False, [], {}, [[]], [None], {MARK: None}, {MARK: {MARK: [MARK]}}, [1, MARK], [{}]),
)
DEEP = mapped(lambda depth: json.loads("[" * depth + "]" * depth), sampled(10, 20, 100, 900))
FLAGS = sampled(True, False)


def odd(valid: Draw) -> Draw:
    """Mostly what belongs there."""
    return any_of(*[valid] * 40, ODD)


def some(**fields: Draw) -> Draw:
    """An object with some of these fields, each mostly valid, and now and then one that nobody knows."""
    return some_fields({name: odd(value) for name, value in fields.items()} | {f"{MARK}x": ODD})


def many(item: Draw) -> Draw:
    return several(odd(item), 3)


IDS = any_of(sampled("fc-1", "fc-2", ""), WORDS, sampled("x" * (LONGEST_ID + 1)))
TYPES = any_of(
    sampled(
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
    ),
    WORDS,
)
SOUND = any_of(mapped(lambda sound: base64.b64encode(sound).decode(), data(9)), sampled("!", "AAA"))
PART = any_of(
    fields(inlineData=fields(mimeType=TYPES, data=SOUND)),
    some(text=WORDS, thought=FLAGS, inlineData=some(mimeType=TYPES, data=SOUND), executableCode=some(code=WORDS)),
)
SPOKEN = some(text=any_of(WORDS, sampled(MARK * LONGEST_TEXT)), finished=FLAGS)
PAGES = some(groundingChunks=many(some(web=some(title=WORDS, uri=WORDS, domain=WORDS))))
CONTENT = some(
    modelTurn=some(role=WORDS, parts=many(PART)),
    inputTranscription=SPOKEN,
    outputTranscription=SPOKEN,
    interrupted=FLAGS,
    generationComplete=FLAGS,
    turnComplete=FLAGS,
    turnCompleteReason=any_of(sampled("MALFORMED_FUNCTION_CALL"), WORDS),
    interactionStatus=any_of(sampled("IN_PROGRESS"), WORDS),
    groundingMetadata=PAGES,
    urlContextMetadata=some(urlMetadata=many(some(retrievedUrl=WORDS, urlRetrievalStatus=WORDS))),
)
CALL = some(
    id=IDS,
    name=any_of(sampled("set_device", ""), WORDS, sampled("n" * (LONGEST_NAME + 1))),
    args=keyed(WORDS, any_of(ODD, DEEP), 3),
)
FLOOD = mapped(
    lambda count: [{"id": f"fc-{number % 50}", "name": "pulse"} for number in range(count)], integers(33, 60)
)
DETAILS = many(some(modality=any_of(sampled("TEXT", "AUDIO"), WORDS), tokenCount=NUMBERS))
COUNTS = ("promptTokenCount", "responseTokenCount", "totalTokenCount", "thoughtsTokenCount", "cachedContentTokenCount")
FIELDS = {
    "setupComplete": some(),
    "serverContent": CONTENT,
    "toolCall": some(functionCalls=any_of(many(CALL), FLOOD)),
    "toolCallCancellation": some(ids=many(IDS)),
    "usageMetadata": some(**dict.fromkeys(COUNTS, NUMBERS), promptTokensDetails=DETAILS, responseTokensDetails=DETAILS),
    "goAway": some(timeLeft=any_of(sampled("50s", "9.5s", "s", "-1s", "9" * 400 + "s"), WORDS)),
    "sessionResumptionUpdate": some(newHandle=any_of(WORDS, sampled("h" * (LONGEST_HANDLE + 1))), resumable=FLAGS),
    "voiceActivity": some(voiceActivityType=WORDS),
    "code": NUMBERS,
    "error": some(code=NUMBERS, message=WORDS),
}
ONE = {name: fields(**{name: odd(field)}) for name, field in FIELDS.items()}
MESSAGE = any_of(any_of(*ONE.values(), *[ONE["serverContent"]] * 8, ONE["toolCall"]), some(**FIELDS))
VALID = mapped(lambda message: json.dumps(message).encode(), MESSAGE)
FRAME = any_of(
    *[VALID] * 8,
    mapped(lambda frame: frame[:-1], VALID),
    data(20),
    mapped(lambda value: json.dumps(value).encode(), ODD),
    sampled(b"", b"null", b"[" * 100_000, b'{"usageMetadata": {"totalTokenCount": ' + b"9" * 5_000 + b"}}"),
)

CLIENT = Client(enterprise=False, api_key="test-key")._api_client
"""Made once: it reads certificates."""


TOOL = {"name": "set_device", "description": "Switch it.", "parameters_json_schema": {"type": "object"}}
OPTIONS = options_with(api_key="test-key", tools=[TOOL])


class Tape:
    """A socket that plays `frames`, and keeps what is sent. Once they are over it closes, after a while."""

    def __init__(self, frames: list[bytes]) -> None:
        self._frames = iter(frames)
        self.sent: list[dict[str, Any]] = []

    async def recv(self, decode: bool | None = None) -> bytes:  # noqa: ARG002 - as websockets has it
        if (frame := next(self._frames, None)) is not None:
            return frame
        sent = -1
        while len(self.sent) > sent:  # whoever has something to send may
            sent = len(self.sent)
            for _ in range(5):
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
        self._root = logging.getLogger()
        self._root.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._root.removeHandler(self)


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


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def talkative() -> Iterator[None]:
    """Everything is logged: once for all examples, for with each change of it every logger forgets what it knows."""
    logger = logging.getLogger("daemon")
    level = logger.level
    logger.setLevel(logging.DEBUG)
    yield
    logger.setLevel(level)


@pytest.mark.usefixtures("talkative")
@fuzzed(frames=several(FRAME, 3, least=1))
def test_any_messages(runner: asyncio.Runner, frames: list[bytes]) -> None:
    tape, listener = Tape(frames), Listener()
    with Journal() as journal, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        runner.run(listener.listen(tape))
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
    connection = Connection(AsyncSession(CLIENT, Full(frames)), options_with(api_key="k", send_timeout_s=60))  # type: ignore[arg-type]
    with pytest.raises(ExceptionGroup) as raised:
        await listener.session._exchange(connection, Reader(), None)
    assert raised.group_contains(ProtocolFault, match="calls faster than it takes answers")
