"""From settings to parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.no_session import KeyMissing
from daemon.house.manners import rules_of
from daemon.house.sessions import live_options, session_maker
from daemon.house.settings import Settings
from daemon.live.options import Context, Sampling, Transcription, TurnTaking
from daemon.live.unanswered import LONGEST_TOOL_S
from daemon.live.uplink import Uplink
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
    assert options.turns == TurnTaking(automatic=True, silence_ms=500, interrupts=False)
    assert options.transcription == Transcription(output=False, languages=("de",))
    assert options.sampling == Sampling(temperature=0.5)
    assert (options.thinking_level, options.proactive_audio, options.media_resolution) == ("low", True, "low")
    assert (options.services, options.safety) == (frozenset({"search"}), {"harassment": "off"})
    assert (options.tool_mode, options.scheduling) == ("non_blocking", "silent")
    assert options.context == Context(trigger_tokens=25_000)
    assert rules_of(settings(live=chosen)).automatic
    assert not rules_of(settings(live=chosen)).tools_wait
    assert rules_of(settings()).tools_wait
    patient = rules_of(settings(live={"model": "gemini-3.8-live-extended-thinking"}))
    assert patient.stalled_reply_s > rules_of(settings()).stalled_reply_s
    assert patient.longest_tool_s == LONGEST_TOOL_S > TIME_LIMIT_S


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
