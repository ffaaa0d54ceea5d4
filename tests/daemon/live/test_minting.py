"""Tokens made by the unmodified SDK: what they lock, and why there is none."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.causes import Cause
from daemon.live.minting import FIELDS, NotMinted, Terms, locked, mint
from daemon.live.settings import SamplingSettings
from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.wire.access import Visitor
from tests.daemon.live.telling import options_with

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.live.options import LiveOptions
    from daemon.offline.service.issued_tokens import Token

KEY = "the-right-key"
TERMS = Terms(locks=["response"], lasts_s=600, opens_s=30)


def service(folder: Path) -> LiveServer:
    return LiveServer(ScriptedBrain(Scenario()), certificate_dir=folder, keys={KEY})


def options_for(server: LiveServer, **changes: Any) -> LiveOptions:
    plain = options_with(api_key=KEY, endpoint=server.url, ca_file=str(server.ca_file))
    return options_with(plain, **changes)


def issued(server: LiveServer, name: str) -> Token:
    token = server.tokens.find(Visitor("v1alpha", frozenset({name}), constrained=True))
    assert token is not None
    return token


async def test_a_token_is_for_one_session_of_the_model_and_for_so_long(tmp_path: Path) -> None:
    async with service(tmp_path) as server:
        minted = await mint(options_for(server), TERMS)
        token = issued(server, minted.name)
        assert (minted.lasts_s, token.uses_left) == (600, 1)
        assert 500 < server.tokens.left_s(token) <= 600
        wishes = {"model": "models/dear", "generationConfig": {"responseModalities": ["TEXT"], "topP": 0.5}}
        assert token.locked(wishes) == {
            "model": "models/gemini-3.8-live",
            "generationConfig": {"responseModalities": ["AUDIO"], "topP": 0.5},
        }


async def test_every_lock_closes_its_fields_set_or_not(tmp_path: Path) -> None:
    wishes = {
        "tools": [{"functionDeclarations": [{"name": "open_door"}]}],
        "generationConfig": {
            "temperature": 1.9,
            "topK": 3,
            "maxOutputTokens": 9,
            "thinkingConfig": {"thinkingBudget": 9},
            "speechConfig": {"languageCode": "xx"},
        },
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}],
        "systemInstruction": {"parts": [{"text": "Be rude."}]},
        "sessionResumption": {"handle": "h"},
    }
    async with service(tmp_path) as server:
        sampling = SamplingSettings(temperature=0.5)
        options = options_for(server, system_instruction="Be kind.", sampling=sampling, voice="Puck")
        minted = await mint(options, replace(TERMS, locks=list(FIELDS)))
        setup = issued(server, minted.name).locked(wishes)
        generation = setup["generationConfig"]
        assert "tools" not in setup
        assert "safetySettings" not in setup
        assert setup["systemInstruction"]["parts"] == [{"text": "Be kind."}]
        assert setup["sessionResumption"] == {"handle": "h"}
        assert generation["temperature"] == 0.5
        assert generation["speechConfig"]["voiceConfig"]["prebuiltVoiceConfig"] == {"voiceName": "Puck"}
        assert generation.keys() == {"responseModalities", "temperature", "speechConfig"}


def test_what_is_not_locked_is_not_sent() -> None:
    config, absent = locked(options_with(api_key=KEY, system_instruction="secret plans"), ["response"])
    assert config.model_dump(exclude_none=True).keys() == {"response_modalities"}
    assert absent == []


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"api_key": "wrong-key"}, Cause.KEY_REFUSED),
        ({"endpoint": "https://127.0.0.1:1"}, Cause.NO_NETWORK),
        ({"ca_file": "/nowhere/ca.pem"}, Cause.CERTIFICATE),
        ({"ca_file": ""}, Cause.CERTIFICATE),
    ],
)
async def test_no_token_has_a_cause_and_never_the_key(
    tmp_path: Path, changes: dict[str, Any], cause: Cause, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with service(tmp_path) as server:
        with pytest.raises(NotMinted) as caught:
            await mint(options_for(server, **changes), TERMS)
        assert caught.value.cause is cause
        assert caught.value.__cause__ is None
        assert "wrong-key" not in str(caught.value)
        assert "wrong-key" not in caplog.text


async def test_a_service_that_does_not_answer_has_a_deadline(tmp_path: Path) -> None:
    async with service(tmp_path) as server:
        with pytest.raises(NotMinted) as caught:
            await mint(options_for(server), replace(TERMS, deadline_s=0.0))
        assert caught.value.cause is Cause.TIMEOUT


async def test_a_token_longer_than_the_service_grants(tmp_path: Path) -> None:
    async with service(tmp_path) as server:
        with pytest.raises(NotMinted, match="Maximum lifetime is 20h"):
            await mint(options_for(server), replace(TERMS, lasts_s=21 * 3600))


def test_a_minted_token_does_not_show() -> None:
    from daemon.live.minting import Minted

    assert "hush" not in repr(Minted("auth_tokens/hush", 1, 1))
