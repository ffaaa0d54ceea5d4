"""A day is what its seed says, and has everything in it that a day must have."""

from __future__ import annotations

from daemon.conversation.exchange import State
from daemon.hearing.settings import ListeningSettings
from tests.system.day.plan import CONVERSATIONS, DAY_S, PLOTS, Scene, day
from tests.system.day.troubles import GRAVE, LIGHT


def scenes(seed: int) -> list[Scene]:
    return [scene for shift in day(seed) for scene in shift.scenes]


def test_the_same_seed_is_the_same_day_and_another_is_another() -> None:
    assert day(3) == day(3)
    assert day(3) != day(4)


def test_conversations_fill_the_day_in_order() -> None:
    times = [scene.at_s for scene in scenes(1)]
    assert len(times) == CONVERSATIONS
    assert times == sorted(times)
    assert 0 <= times[0] < times[-1] < DAY_S


def test_nothing_is_said_twice() -> None:
    numbers = [ask.line.number for scene in scenes(1) for ask in scene.turns if ask.line]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_what_follows_a_grave_trouble_has_none() -> None:
    day_of_scenes = scenes(1)
    grave = [scene for scene in day_of_scenes if not scene.strict]
    following = [day_of_scenes[scene.number] for scene in grave if scene.number < CONVERSATIONS]
    assert len(grave) > CONVERSATIONS / 20
    assert {scene.trouble.name for scene in following} == {"none"}


def test_ten_days_have_every_trouble_and_every_interruption_in_each_state() -> None:
    ten_days = [scene for seed in range(10) for scene in scenes(seed)]
    names = {scene.trouble.name for scene in ten_days}
    kinds = {kind.__name__.strip("_").replace("_", " ") for kind in (*LIGHT, *GRAVE)}
    assert names == {"none", *kinds}
    cuts = {(ask.cut_short, ask.cut_in) for scene in ten_days for ask in scene.turns if ask.cut_short}
    in_each = {(State.LISTENING), State.HEARING, State.THINKING, State.SPEAKING}
    assert {state for cut, state in cuts if cut == "mute"} == in_each
    assert {state for cut, state in cuts if cut == "barge_in"} == {State.THINKING, State.SPEAKING}
    assert {ask.by for scene in ten_days for ask in scene.turns} == {"wake", "tap", "hold", "follow_up", "barge_in"}
    assert len(PLOTS) == 9


def test_the_settings_of_each_shift_are_settings() -> None:
    for shift in day(1):
        assert ListeningSettings.model_validate(shift.listening).linger_s == shift.listening["linger_s"]
