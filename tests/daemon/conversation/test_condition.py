"""What the light shows, of all that could be shown."""

import pytest

from daemon.conversation.causes import Cause
from daemon.conversation.commands import Pattern, ShowIndicator
from daemon.conversation.condition import Condition
from daemon.conversation.exchange import State


@pytest.mark.parametrize("state", State)
def test_while_all_is_well_the_light_shows_the_state(state: State) -> None:
    assert Condition().pattern(state) is Pattern(state.value)


@pytest.mark.parametrize(
    ("condition", "failed"),
    [
        (Condition(failure=Cause.LOST), {State.IDLE}),
        (Condition(speaker_lost=True), {State.IDLE, State.SPEAKING}),
        (Condition(microphone_lost=True), set(State) - {State.MUTED}),
    ],
    ids=["failure", "speaker", "microphone"],
)
def test_a_failure_is_shown_where_it_is_in_the_way(condition: Condition, failed: set[State]) -> None:
    assert {state for state in State if condition.pattern(state) is Pattern.FAILED} == failed


def test_a_camera_that_is_on_outranks_all_but_mute() -> None:
    condition = Condition(Cause.LOST, microphone_lost=True, speaker_lost=True, camera_on=True)
    assert {condition.pattern(state) for state in set(State) - {State.MUTED}} == {Pattern.WATCHING}
    assert condition.pattern(State.MUTED) is Pattern.MUTED


def test_the_light_is_told_what_changes_and_nothing_else() -> None:
    condition = Condition()
    assert condition.show(State.IDLE) == []
    assert condition.show(State.LISTENING) == [ShowIndicator(Pattern.LISTENING)]
    assert condition.show(State.LISTENING) == []
    condition.microphone_lost = True
    assert condition.show(State.LISTENING) == [ShowIndicator(Pattern.FAILED)]
