"""`pipit ask` and `pipit chat`, with the real session and the offline server."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from daemon.assembly import speaker_format
from daemon.chat import Exchange, ask, chat, connected
from daemon.errors import AudioFileError
from daemon.events import Cause, Interrupted, ReplyComplete, SessionLost
from daemon.failures import SessionFailed
from daemon.live.messages import ReplyAudio, ReplyText, Transcribed
from daemon.live.options import LiveOptions
from daemon.live.session import preload
from daemon.offline.brain import Heard, Spoken
from daemon.offline.faults import CloseSocket, ConnectionFaults, SendRaw, Stall
from daemon.offline.protocol import ClientContent, FunctionAnswer, RealtimeText
from daemon.offline.scenario import Call, Hear, Say, Scenario
from daemon.offline.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.settings import SpeakerSettings
from daemon.sound.pcm import Samples, from_bytes
from daemon.sound.wav import write_wav
from daemon.sound_out import loudspeaker
from hardware.fake import Pace, RecordingSpeaker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from hardware.base import PlayoutSource, Speaker

    Serve = Callable[..., AbstractAsyncContextManager[tuple[LiveServer, LiveOptions]]]

DEADLINE_S = 15.0
QUESTION = np.random.default_rng(7).normal(0, 2_000, 12_345).astype(np.int16)
ANSWER = np.random.default_rng(8).normal(0, 3_000, 24_001).astype(np.int16)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture
def serve(certificates: Path) -> Serve:
    """`async with serve(turns…) as (server, options)`, with a deadline on its use."""

    @asynccontextmanager
    async def start(
        *turns: Any, connection: ConnectionFaults | None = None, **given: Any
    ) -> AsyncIterator[tuple[LiveServer, LiveOptions]]:
        plot = Scenario(turns, [connection or ConnectionFaults()])
        brain = ScriptedBrain(plot)
        server = LiveServer(brain, certificate_dir=certificates, faults=plot.faults, record=True, **given)
        async with asyncio.timeout(DEADLINE_S), server:
            yield server, LiveOptions(api_key="test-key", endpoint=server.url, ca_file=str(server.ca_file))

    return start


@pytest.fixture
def question(tmp_path: Path) -> Path:
    write_wav(tmp_path / "question.wav", QUESTION, 16_000)
    return tmp_path / "question.wav"


async def lines_of(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


def samples_in(path: Path) -> Samples:
    samples, rate_hz = soundfile.read(path, dtype="int16")
    assert rate_hz == 24_000
    return np.asarray(samples)


def failure_of(raised: pytest.ExceptionInfo[BaseExceptionGroup[Any]]) -> SessionFailed:
    (error,) = raised.value.exceptions
    assert isinstance(error, SessionFailed)
    return error


# ask

HEARD_AND_SAID = [
    Heard("what time"),
    Heard(" is it"),
    Spoken("It is", ANSWER[:9_001]),
    Spoken(" noon.", ANSWER[9_001:]),
]


async def test_ask_sends_the_file_and_gives_both_transcripts_and_the_reply_bit_for_bit(
    serve: Serve, question: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = tmp_path / "reply.wav"
    async with serve(HEARD_AND_SAID) as (server, options):
        await ask(options, question, reply, as_json=False)
        (window,) = (await server.session()).windows
    assert np.array_equal(window.samples, QUESTION)
    assert np.array_equal(samples_in(reply), ANSWER)
    assert capsys.readouterr().out.splitlines() == [
        "you    what time is it",
        "pipit  It is noon.",
        f"reply  {reply}",
    ]


async def test_ask_in_json_is_one_object(serve: Serve, question: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with serve([Hear("wie geht’s"), Spoken("Schön.", ANSWER)]) as (_, options):
        await ask(options, question, None, as_json=True)
    out = capsys.readouterr().out
    assert json.loads(out) == {"heard": "wie geht’s", "said": "Schön.", "seconds": 1.0, "reply": None}
    assert "Schön" in out
    assert out.count("\n") == 1


async def test_a_reply_that_says_nothing_ends_and_is_told_as_such(
    serve: Serve, question: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serve([Hear("never mind")]) as (_, options):
        await ask(options, question, None, as_json=False)
    assert capsys.readouterr().out.splitlines() == ["you    never mind", "pipit  (no reply)"]


REFUSAL = {"error": "there are no tools here"}
END: dict[str, Any] = {"serverContent": {"generationComplete": True, "turnComplete": True}}
CALL: dict[str, Any] = {"toolCall": {"functionCalls": [{"id": "call-1", "name": "set_device", "args": {}}]}}


async def test_a_tool_call_is_answered_with_an_error_and_the_reply_awaited(serve: Serve) -> None:
    turn = [Call("set_device", expect=REFUSAL), Spoken("I cannot.", ANSWER)]
    async with serve(turn) as (_, options), connected(options) as line:
        exchange = await line.ask_in_writing("Lamp on.")
    assert exchange.said == "I cannot."
    assert np.array_equal(exchange.reply, ANSWER)


async def test_the_end_of_the_generation_that_called_is_not_the_end_of_the_reply(serve: Serve) -> None:
    async with serve([SendRaw(CALL), SendRaw(END), Say("I cannot.", tone_s=0.1)]) as (server, options):
        async with connected(options) as line:
            exchange = await line.ask_in_writing("Lamp on.")
        answers = (await server.session()).messages(FunctionAnswer)
    assert exchange.said == "I cannot."
    assert [answer.response for answer in answers if isinstance(answer, FunctionAnswer)] == [REFUSAL]


async def test_ask_refuses_a_file_that_is_no_audio_before_it_connects(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "letter.wav").write_text("Dear all,")
    async with serve() as (server, options):
        with pytest.raises(AudioFileError, match=r"letter\.wav"):
            await ask(options, tmp_path / "letter.wav", None, as_json=False)
        assert not server.sessions


# What an exchange takes of what is received


def test_an_exchange_takes_its_own_turns_reply_alone() -> None:
    exchange = Exchange(2)
    for turn in (1, 2):
        exchange.received(ReplyAudio(turn, bytes([turn, 0])))
        exchange.received(Transcribed(turn, "model", f"reply {turn}"))
    exchange.received(ReplyComplete(1))
    assert (exchange.said, exchange.reply.tolist(), exchange.complete) == ("reply 2", [2], False)
    exchange.received(ReplyComplete(2))
    assert exchange.complete


def test_a_written_reply_is_one() -> None:
    exchange = Exchange(1, answer_owed=True)
    exchange.received(ReplyText(1, "noon"))
    exchange.received(ReplyComplete(1))
    assert (exchange.said, exchange.complete) == ("noon", True)


def test_a_reply_cut_short_by_the_service_is_over_and_one_not_begun_is_not() -> None:
    exchange = Exchange(1)
    exchange.received(Interrupted(1))
    assert not exchange.complete
    exchange.received(ReplyAudio(1, b"\1\0"))
    exchange.received(Interrupted(1))
    assert exchange.complete


# What fails


async def test_a_refused_session_is_told_with_its_cause_and_status(serve: Serve, question: Path) -> None:
    async with serve(keys={"another"}) as (_, options):
        with pytest.raises(ExceptionGroup) as raised:
            await ask(options, question, None, as_json=False)
    error = failure_of(raised)
    assert "key refused" in str(error)
    assert error.exit_status == os.EX_NOPERM
    assert "test-key" not in str(error)


async def test_a_session_lost_in_mid_reply_is_told_and_no_reply_written(
    serve: Serve, question: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serve([Say("Once upon", tone_s=0.2), CloseSocket(1011, "Internal error encountered.")]) as (_, options):
        with pytest.raises(ExceptionGroup) as raised:
            await ask(options, question, tmp_path / "reply.wav", as_json=False)
    assert "the session failed: overloaded" in str(failure_of(raised))
    assert not (tmp_path / "reply.wav").exists()
    assert capsys.readouterr().out == ""


async def test_a_model_that_does_not_answer_is_waited_for_until_the_deadline(serve: Serve) -> None:
    await preload()
    async with serve([Stall()]) as (_, options):
        with pytest.raises(ExceptionGroup) as raised:
            async with connected(options, deadline_s=1.0) as line:
                await line.ask_in_writing("Hello?")
    assert str(failure_of(raised)) == str(SessionFailed(SessionLost(Cause.NO_REPLY)))


# chat


async def test_chat_asks_each_line_and_keeps_each_reply(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = ANSWER[::-1][:4_801]
    kept = tmp_path / "new" / "folder"
    async with serve([Spoken("Noon.", ANSWER)], [Spoken("You are welcome.", other)]) as (server, options):
        await chat(options, lines_of("What time is it?\n", "\n", "   \n", " Thanks!\n"), keep=kept)
        assert await asked(server) == ["What time is it?", "Thanks!"]
    assert capsys.readouterr().out.splitlines() == [
        "pipit  Noon.",
        f"       {kept / 'reply-1.wav'}",
        "pipit  You are welcome.",
        f"       {kept / 'reply-2.wav'}",
    ]
    assert np.array_equal(samples_in(kept / "reply-1.wav"), ANSWER)
    assert np.array_equal(samples_in(kept / "reply-2.wav"), other)


async def test_chat_speaks_each_reply_to_its_end_before_it_takes_the_next_line(serve: Serve) -> None:
    loud = [np.full(6_000, level, np.int16) for level in (1_000, 2_000)]
    cards: list[RecordingSpeaker] = []
    heard_at_line: list[int] = []

    def driver(settings: SpeakerSettings) -> Callable[[PlayoutSource], Speaker]:
        def make(source: PlayoutSource) -> RecordingSpeaker:
            cards.append(RecordingSpeaker(speaker_format(settings), source, pace=Pace.CONSUMER))
            return cards[0]

        return make

    def heard() -> Samples:
        return from_bytes(cards[0].heard())

    async def lines() -> AsyncIterator[str]:
        for line in ("one", "two"):
            yield line
            heard_at_line.append(np.count_nonzero(heard()))

    async with (
        serve([Spoken("One.", loud[0])], [Spoken("Two.", loud[1])]) as (_, options),
        loudspeaker(SpeakerSettings(volume=1.0), driver) as speaker,
    ):
        await chat(options, lines(), speaker=speaker)
    assert heard_at_line == [6_000, 12_000]
    samples = heard()
    assert np.array_equal(samples[samples != 0], np.concatenate(loud))


async def test_chat_goes_on_after_a_reply_that_says_nothing(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serve([], [Say("Yes.", tone_s=0.1)]) as (_, options):
        await chat(options, lines_of("Hm.", "Are you there?"), keep=tmp_path)
    out = capsys.readouterr().out.splitlines()
    assert out == ["pipit  (no reply)", "pipit  Yes.", f"       {tmp_path / 'reply-2.wav'}"]


async def test_chat_ends_with_the_session(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    async with serve([Say("One.", tone_s=0.1)], [CloseSocket(1008, "Requested entity was not found.")]) as (_, options):
        with pytest.raises(ExceptionGroup) as raised:
            await chat(options, lines_of("one", "two", "three"))
    assert failure_of(raised).exit_status != 0
    assert capsys.readouterr().out.splitlines() == ["pipit  One."]


async def asked(server: LiveServer) -> list[str]:
    """What was asked in writing in the first session."""
    record = await server.session()
    texts = [message.text for message in record.messages(RealtimeText) if isinstance(message, RealtimeText)]
    remarks = [message.remarks for message in record.messages(ClientContent) if isinstance(message, ClientContent)]
    return texts + [remark.text for group in remarks for remark in group]
