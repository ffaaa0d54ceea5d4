"""The voices, in words and in their own sound."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.brain.brain import Spoken
from daemon.chat.account import Account
from daemon.chat.choices import Choices, chosen
from daemon.chat.voices import DESCRIPTIONS, NAMES, Wanted, estimate, named, speak_voices, voices
from daemon.errors import UsageError
from daemon.house.settings import Settings
from daemon.offline.rehearsal.scenario import Say
from daemon.offline.service.faults import CloseSocket
from daemon.speech.loudspeaker import loudspeaker
from daemon.speech.settings import SpeakerSettings
from tests.daemon.chat.chatting import ANSWER, account, asked_in, failure_of, samples_in
from tests.daemon.chat.test_talk import Cards

if TYPE_CHECKING:
    from tests.daemon.chat.chatting import Serve

KEY = {"GEMINI_API_KEY": "test-key"}


def test_every_voice_has_a_word() -> None:
    assert set(DESCRIPTIONS) == set(NAMES)
    assert len(NAMES) == 30


def test_voices_are_named_in_any_case_once_and_in_order() -> None:
    assert named(["puck", "KORE", "Puck"]) == ["Puck", "Kore"]
    assert named([]) == list(NAMES)
    with pytest.raises(UsageError, match='no voice "Kora"') as raised:
        named(["kore", "Kora"])
    assert "Kore" in raised.value.fix


def test_the_list_costs_nothing_and_needs_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert voices(Settings(), Choices(), Wanted(listed=True), {}) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 30
    assert "Kore           firm\n" in out


async def test_each_speaks_in_a_session_of_its_own_which_is_closed(serve: Serve, tmp_path: Path) -> None:
    second = ANSWER[::-1]
    async with serve([Spoken("I am Kore.", ANSWER)], [Spoken("I am Puck.", second)]) as (server, options):
        await speak_voices(options, ["Kore", "Puck"], Wanted(text="I am {name}.", keep=tmp_path / "new"), account())
        sessions = [await server.session(number) for number in (1, 2)]
    assert [session.open for session in sessions] == [False, False]
    assert [asked_in(session) for session in sessions] == [["I am Kore."], ["I am Puck."]]
    assert [session.setup.voice for session in sessions if session.setup] == ["Kore", "Puck"]
    assert [session.setup.resumable for session in sessions if session.setup] == [False, False]
    assert np.array_equal(samples_in(tmp_path / "new" / "Kore.wav"), ANSWER)
    assert np.array_equal(samples_in(tmp_path / "new" / "Puck.wav"), second)


async def test_each_is_heard_to_its_end_before_the_next(serve: Serve) -> None:
    loud = [np.full(6_000, level, np.int16) for level in (1_000, 2_000)]
    cards = Cards()
    async with (
        serve([Spoken("One.", loud[0])], [Spoken("Two.", loud[1])]) as (_, options),
        loudspeaker(SpeakerSettings(volume=1.0), cards) as speaker,
    ):
        await speak_voices(options, ["Kore", "Puck"], Wanted(), account(), speaker)
    assert np.array_equal(cards.heard(), np.concatenate(loud))


async def test_it_stops_at_the_first_that_fails(serve: Serve, tmp_path: Path) -> None:
    async with serve([CloseSocket(1007, "API key not valid.")], [Say("Two.", tone_s=0.1)]) as (server, options):
        with pytest.raises(ExceptionGroup) as raised:
            await speak_voices(options, ["Kore", "Puck"], Wanted(keep=tmp_path), account())
        assert len(server.sessions) == 1
    assert "key refused" in str(failure_of(raised))


async def test_a_voice_that_only_writes_is_told(
    serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serve([]) as (_, options):
        await speak_voices(options, ["Kore"], Wanted(keep=tmp_path), account())
    assert "it said nothing aloud" in capsys.readouterr().out


# What it costs


def test_the_estimate_counts_sound_and_grows_with_the_voices() -> None:
    assert estimate(1, account()) == "about 8 s of speech, 0.0029 USD"
    assert estimate(30, account()) == "about 4 min of speech, 0.0846 USD"
    assert "not known" in estimate(1, Account("my-model", "2026-11-28"))


def asked(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at a terminal and answers so."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True, readline=lambda: answer))


def test_all_of_them_are_not_heard_without_a_yes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked("\n", monkeypatch)
    assert voices(Settings(), Choices(), Wanted(), KEY) == 0
    assert "30 voices: about 4 min" in capsys.readouterr().err


def test_nobody_to_ask_is_a_no_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False))
    with pytest.raises(UsageError, match="30 voices would be about 4 min") as raised:
        voices(Settings(), Choices(), Wanted(), KEY)
    assert "--yes" in raised.value.fix


@pytest.mark.parametrize(("answer", "agreed"), [("y\n", False), ("", True)])
def test_a_yes_is_one(monkeypatch: pytest.MonkeyPatch, answer: str, agreed: bool) -> None:
    asked(answer, monkeypatch)
    choices = Choices(endpoint="https://pipit.invalid")
    with pytest.raises(ExceptionGroup) as raised:
        voices(chosen(Settings(), choices), choices, Wanted(agreed=agreed, keep=Path("/nowhere")), KEY)
    assert "network" in str(failure_of(raised))
