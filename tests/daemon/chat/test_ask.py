"""One question and its reply, with the real session and the offline server."""

from __future__ import annotations

import base64
import io
import json
import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from daemon.brain.brain import Heard, Spoken
from daemon.chat.ask import STANDARD_INPUT, Question, ask, ask_once
from daemon.chat.choices import Choices, chosen
from daemon.errors import AudioFileError
from daemon.house.equipment import Drivers
from daemon.house.settings import Settings
from daemon.offline.rehearsal.scenario import Call, Hear, Say
from daemon.offline.service.faults import CloseSocket, SendRaw
from daemon.sound.pcm import silence
from daemon.sound.wav import write_wav
from tests.daemon.chat.chatting import ANSWER, QUESTION, account, asked_in, failure_of, samples_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.daemon.chat.chatting import Serve

HEARD_AND_SAID = [
    Heard("what time"),
    Heard(" is it"),
    Spoken("It is", ANSWER[:9_001]),
    Spoken(" noon.", ANSWER[9_001:]),
]
SOURCE = {"groundingChunks": [{"web": {"title": "Clocks", "uri": "https://example.org/clocks"}}]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_wav(tmp_path / "question.wav", QUESTION, 16_000)
    return tmp_path / "question.wav"


async def test_it_sends_the_file_and_gives_both_transcripts_and_the_reply_bit_for_bit(
    serve: Serve, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = tmp_path / "reply.wav"
    async with serve(HEARD_AND_SAID) as (server, options):
        await ask(options, Question(file=file, reply=reply), account())
        session = await server.session()
        (window,) = session.windows
    assert np.array_equal(window.samples, QUESTION)
    assert np.array_equal(samples_in(reply), ANSWER)
    assert session.setup is not None
    assert not session.setup.resumable, "nobody will take it up"
    assert capsys.readouterr().out.splitlines() == [
        "you    what time is it",
        "pipit  It is noon.",
        f"reply  {reply}",
    ]


async def test_in_json_it_is_one_object_of_documented_keys(
    serve: Serve, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = SendRaw({"serverContent": {"groundingMetadata": SOURCE}})
    async with serve([Hear("wie geht’s"), named, Spoken("Schön.", ANSWER)]) as (_, options):
        await ask(options, Question(file=file, as_json=True), account())
    out = capsys.readouterr().out
    told = json.loads(out)
    tokens, cost = told.pop("tokens"), told.pop("cost_micro")
    assert told == {
        "model": "gemini-3.8-live",
        "heard": "wie geht’s",
        "said": "Schön.",
        "seconds": 1.0,
        "reply": None,
        "sources": [{"title": "Clocks", "url": "https://example.org/clocks"}],
        "tool_calls": [],
        "currency": "USD",
    }
    assert tokens["in"] > 0
    assert tokens["out"] > 0
    assert cost > 0
    assert "Schön" in out
    assert out.count("\n") == 1


async def test_a_reply_at_another_rate_in_odd_pieces_has_the_pitch_it_was_spoken_in(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = tmp_path / "reply.wav"
    tone = (8_000 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)).astype("<i2").tobytes()
    chunks = [sound(tone[start : start + 1_001], "audio/pcm;rate=16000") for start in range(0, len(tone), 1_001)]
    unplayable = [
        sound(tone, "audio/mpeg"),
        sound(tone, "audio/pcm;rate=0"),
        sound(tone, "audio/pcm;rate=" + "9" * 400),
    ]
    async with serve([*chunks, *unplayable]) as (_, options):
        await ask(options, Question(text="Sing", reply=reply, as_json=True), account())
    heard = samples_in(reply)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert abs(len(heard) - 24_000) <= 1
    assert np.argmax(spectrum) * 24_000 / len(heard) == pytest.approx(440, abs=2)
    assert json.loads(capsys.readouterr().out)["seconds"] == 1.0


def sound(data: bytes, mime_type: str) -> SendRaw:
    blob = {"mimeType": mime_type, "data": base64.b64encode(data).decode()}
    return SendRaw({"serverContent": {"modelTurn": {"parts": [{"inlineData": blob}]}}})


async def test_words_that_cannot_be_written_down_are_left_out(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    said = SendRaw({"serverContent": {"outputTranscription": {"text": "No\ud800on\0."}}})
    for as_json in (False, True):
        async with serve([said, Say("", tone_s=0.1)]) as (_, options):
            await ask(options, Question(text="When?", as_json=as_json), account())
    plain, in_json = capsys.readouterr().out.splitlines()
    assert plain == "pipit  Noon."
    assert json.loads(in_json)["said"] == "Noon."


async def test_a_written_question_needs_no_file(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    async with serve([Say("Noon.", tone_s=0.1)]) as (server, options):
        await ask(options, Question(text="What time is it?"), account())
        assert asked_in(await server.session()) == ["What time is it?"]
    assert capsys.readouterr().out.splitlines() == ["pipit  Noon."]


@pytest.mark.parametrize(("name", "kind"), [("a.flac", "FLAC"), ("a.ogg", "OGG"), ("a.WAV", "WAV"), ("a", "WAV")])
async def test_the_name_of_the_reply_says_what_it_is_written_as(
    serve: Serve, file: Path, tmp_path: Path, name: str, kind: str
) -> None:
    async with serve([Spoken("Noon.", ANSWER)]) as (_, options):
        await ask(options, Question(file=file, reply=tmp_path / "new" / name), account())
    assert soundfile.info(tmp_path / "new" / name).format == kind


async def test_a_reply_that_nobody_could_write_is_refused_before_it_costs_anything(serve: Serve, file: Path) -> None:
    async with serve() as (server, options):
        with pytest.raises(AudioFileError, match=r'cannot write "\.mp3" files'):
            await ask(options, Question(file=file, reply=file.with_name("reply.mp3")), account())
        assert not server.sessions


async def test_a_question_comes_from_standard_input_too(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stereo = io.BytesIO()
    soundfile.write(stereo, np.repeat(QUESTION[:, None], 2, axis=1), 16_000, format="FLAC", subtype="PCM_16")
    stereo.seek(0)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stereo))
    async with serve([Hear("noise"), Say("What?", tone_s=0.1)]) as (server, options):
        await ask(options, Question(file=STANDARD_INPUT), account())
        (window,) = (await server.session()).windows
    assert np.array_equal(window.samples, QUESTION)
    assert capsys.readouterr().out.splitlines() == ["you    noise", "pipit  What?"]


async def test_a_reply_that_says_nothing_ends_and_is_told_as_such(
    serve: Serve, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serve([Hear("never mind")]) as (_, options):
        await ask(options, Question(file=file), account())
    assert capsys.readouterr().out.splitlines() == ["you    never mind", "pipit  (no reply)"]


async def test_what_is_no_audio_is_refused_before_it_connects(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "letter.wav").write_text("Dear all,")
    async with serve() as (server, options):
        with pytest.raises(AudioFileError, match=r"letter\.wav"):
            await ask(options, Question(file=tmp_path / "letter.wav"), account())
        assert not server.sessions


async def test_a_refused_session_is_told_with_its_cause_and_status(serve: Serve, file: Path) -> None:
    async with serve(keys={"another"}) as (_, options):
        with pytest.raises(ExceptionGroup) as raised:
            await ask(options, Question(file=file), account())
    error = failure_of(raised)
    assert "key refused" in str(error)
    assert error.exit_status == os.EX_NOPERM
    assert "test-key" not in str(error)


async def test_a_session_lost_in_mid_reply_is_told_and_no_reply_written(
    serve: Serve, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serve([Say("Once upon", tone_s=0.2), CloseSocket(1011, "Internal error encountered.")]) as (_, options):
        with pytest.raises(ExceptionGroup) as raised:
            await ask(options, Question(file=file, reply=tmp_path / "reply.wav"), account())
    assert "the session failed: overloaded" in str(failure_of(raised))
    assert not (tmp_path / "reply.wav").exists()
    assert capsys.readouterr().out == ""


LAMP = {"name": "lamp", "kind": "led", "pin": 17}


async def test_the_command_offers_the_devices_and_shows_the_wire_if_it_is_asked_to(
    serve: Serve, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments: dict[str, Any] = {"device": "lamp", "state": "on"}
    turn = [Call("set_device", arguments, expect={"state": "on"}), Say("It is on.", tone_s=0.1)]
    async with serve(turn) as (_, options):
        choices = Choices(endpoint=options.live.endpoint, ca_file=options.live.ca_file, tools=True, show_wire=True)
        settings = chosen(Settings.model_validate({"gpio": {"factory": "mock"}, "device": [LAMP]}), choices)
        question = Question(text="Lamp on!", as_json=True)
        await ask_once(settings, choices, question, Drivers(environ={"GEMINI_API_KEY": "test-key"}))
    printed = capsys.readouterr()
    (call,) = json.loads(printed.out)["tool_calls"]
    assert call == {
        "name": "set_device",
        "arguments": arguments,
        "answer": {"ok": True, "device": "lamp", "state": "on"},
    }
    assert "→ {" in printed.err
    assert "← {" in printed.err
    assert "<audio " in printed.err
    assert "test-key" not in printed.out + printed.err


async def test_a_recording_of_nothing_is_told_and_not_sent(serve: Serve, tmp_path: Path) -> None:
    write_wav(tmp_path / "muted.wav", silence(16_000), 16_000)
    async with serve() as (server, options):
        with pytest.raises(AudioFileError, match=r"muted\.wav is silent\. Fix: .*--anyway sends it as it is"):
            await ask(options, Question(file=tmp_path / "muted.wav"), account())
        assert not server.sessions


async def test_it_is_sent_anyway_to_whoever_wants_that(serve: Serve, tmp_path: Path) -> None:
    write_wav(tmp_path / "muted.wav", silence(16_000), 16_000)
    async with serve([Say("Pardon?", tone_s=0.1)]) as (server, options):
        await ask(options, Question(file=tmp_path / "muted.wav", anyway=True), account())
        (window,) = (await server.session()).windows
    assert np.array_equal(window.samples, silence(16_000))


async def test_what_is_odd_about_a_recording_is_said_beside_the_answer(
    serve: Serve, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(file.with_suffix(".flac"), np.tile(QUESTION, 4), 16_000)
    whole = file.with_suffix(".flac").read_bytes()
    file.with_suffix(".flac").write_bytes(whole[: len(whole) // 2])
    async with serve([Hear("half a question"), Say("Half an answer.", tone_s=0.1)]) as (_, options):
        await ask(options, Question(file=file.with_suffix(".flac")), account())
    told = capsys.readouterr()
    assert "is damaged after" in told.err
    assert told.out.splitlines() == ["you    half a question", "pipit  Half an answer."]
