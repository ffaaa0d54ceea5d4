"""From settings to parts."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.no_session import KeyMissing
from daemon.house.manners import rules_of
from daemon.house.sessions import live_options, session_maker
from daemon.house.settings import Settings
from daemon.live.settings import (
    ContextSettings,
    DialogSettings,
    GoogleSettings,
    SafetySettings,
    SamplingSettings,
    ThinkingSettings,
    ToolCallSettings,
    TranscriptionSettings,
    TurnSettings,
)
from daemon.live.unanswered import LONGEST_TOOL_S
from daemon.live.uplink import Uplink
from daemon.settings.field import Table
from daemon.sound.preroll import AudioRing
from daemon.speech.narrator import NarratedSession
from daemon.tools.tool import TIME_LIMIT_S, Toolbox

if TYPE_CHECKING:
    from pathlib import Path

NO_TOOLS = Toolbox(())


def settings(**tables: Any) -> Settings:
    return Settings.model_validate(tables)


def test_the_session_is_told_the_household_in_the_households_words() -> None:
    home = settings(household={"name": "Miller", "room": "kitchen", "language": "de"}, live={"voice": "Puck"})
    options = live_options(home, "key", NO_TOOLS)
    assert options.system_instruction.endswith("The household is called Miller.\nYou stand in the kitchen.")
    assert (options.language, options.voice) == ("de", "Puck")


def test_every_choice_of_the_settings_reaches_the_session() -> None:
    chosen = {
        "turns": {"taking": "automatic", "silence_ms": 500, "interrupts": False},
        "tools": {"waiting": "non_blocking", "scheduling": "silent"},
        "transcription": {"output": False, "languages": ["de"]},
        "sampling": {"temperature": 0.5},
        "thinking": {"level": "low"},
        "dialog": {"proactive_audio": True},
        "google": {"search": True},
        "safety": {"harassment": "off"},
        "context": {"trigger_tokens": 25_000},
        "media_resolution": "low",
    }
    options = live_options(settings(live=chosen), "key", NO_TOOLS)
    assert options.turns == TurnSettings(taking="automatic", silence_ms=500, interrupts=False)
    assert options.transcription == TranscriptionSettings(output=False, languages=("de",))
    assert options.sampling == SamplingSettings(temperature=0.5)
    assert (options.thinking, options.media_resolution) == (ThinkingSettings(level="low"), "low")
    assert options.dialog == DialogSettings(proactive_audio=True)
    assert (options.google, options.safety) == (GoogleSettings(search=True), SafetySettings(harassment="off"))
    assert options.calls == ToolCallSettings(waiting="non_blocking", scheduling="silent")
    assert options.context == ContextSettings(trigger_tokens=25_000)
    assert rules_of(settings(live=chosen)).automatic
    assert not rules_of(settings(live=chosen)).tools_wait
    assert rules_of(settings()).tools_wait
    patient = rules_of(settings(live={"model": "gemini-3.8-live-extended-thinking"}))
    assert patient.stalled_reply_s > rules_of(settings()).stalled_reply_s
    assert patient.longest_tool_s == LONGEST_TOOL_S > TIME_LIMIT_S


def test_no_table_of_live_is_told_in_other_words() -> None:
    """So a key of one is in settings.py and setup.py alone. The key of the service is no part of what it is told."""
    live = Settings().live
    options = live_options(Settings(live=live), "key", NO_TOOLS)
    told = [getattr(options, field.name) for field in fields(options)]
    missing = [name for name, table in live if isinstance(table, Table) and not any(table is each for each in told)]
    assert missing == ["credential"]


def test_a_reply_in_text_is_narrated() -> None:
    make = session_maker(settings(live={"response": "text"}), {"GEMINI_API_KEY": "k"})
    assert isinstance(make(Uplink(AudioRing(1)), lambda _: None), NarratedSession)
    assert live_options(settings(live={"response": "text"}), "key", NO_TOOLS).modality == "TEXT"


def test_the_key_is_looked_up_at_each_session_and_shown_nowhere(tmp_path: Path) -> None:
    key = tmp_path / "key"
    make = session_maker(settings(live={"credential": {"file": str(key)}}), {})
    uplink = Uplink(AudioRing(1))
    with pytest.raises(KeyMissing):
        make(uplink, lambda _: None)
    key.write_text("AIza-later\n")
    key.chmod(0o600)
    make(uplink, lambda _: None)
    assert "AIza-later" not in repr(live_options(settings(), "AIza-later", NO_TOOLS))
