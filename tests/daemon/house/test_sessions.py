"""From settings to parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.no_session import KeyMissing
from daemon.conversation.rules import LONGEST_TOOL_S
from daemon.house.manners import rules_of
from daemon.house.sessions import live_options, session_maker
from daemon.house.settings import Settings
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
    assert (options.language, options.live.voice) == ("de", "Puck")


def test_the_table_of_the_settings_reaches_the_session_as_it_is() -> None:
    """So a key of it is in settings.py and where it acts, and nowhere between."""
    chosen = {"turns": {"taking": "automatic"}, "tools": {"waiting": "non_blocking"}, "media_resolution": "low"}
    home = settings(live=chosen)
    assert live_options(home, "key", NO_TOOLS).live is home.live


def test_what_the_settings_say_of_turns_and_tools_makes_the_rules() -> None:
    chosen = {"turns": {"taking": "automatic"}, "tools": {"waiting": "non_blocking"}}
    assert rules_of(settings(live=chosen)).automatic
    assert not rules_of(settings(live=chosen)).tools_wait
    assert rules_of(settings()).tools_wait
    patient = rules_of(settings(live={"model": "gemini-3.8-live-extended-thinking"}))
    assert patient.stalled_reply_s > rules_of(settings()).stalled_reply_s
    assert patient.longest_tool_s == LONGEST_TOOL_S > TIME_LIMIT_S


def test_a_conversation_is_resumable_if_the_settings_keep_it() -> None:
    assert live_options(settings(), "key").resumable
    assert not live_options(settings(live={"context": {"resume_h": 0}}), "key").resumable


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
