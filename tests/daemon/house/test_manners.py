"""The rules of the conversation are what several tables say together."""

from __future__ import annotations

from typing import Any

from daemon.house.manners import rules_of
from daemon.house.settings import Settings


def settings(**tables: Any) -> Settings:
    return Settings.model_validate(tables)


def test_the_rules_of_the_conversation_are_the_settings_of_listening_and_button() -> None:
    rules = rules_of(settings(listening={"follow_up_s": 0, "linger_s": 5}, button={"hold_ms": 300, "tail_ms": 100}))
    assert (rules.follow_up_s, rules.linger_s, rules.hold_ms, rules.tail_samples) == (0, 5, 300, 1_600)


def test_a_model_that_may_be_silent_for_long_is_waited_for() -> None:
    patient = rules_of(settings(live={"model": "gemini-3.8-live-extended-thinking"}))
    assert patient.stalled_reply_s > rules_of(settings()).stalled_reply_s
    assert patient.reply_deadline_s == settings().listening.reply_deadline_s


def test_who_finds_the_end_of_speech_is_a_setting_of_the_session() -> None:
    assert not rules_of(settings()).automatic
    assert rules_of(settings(live={"turns": {"taking": "automatic"}})).automatic
