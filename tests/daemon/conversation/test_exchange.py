"""What of an exchange is forgotten with the state that it was for."""

import pytest

from daemon.conversation.exchange import REPLYING, RESTS, WATCHED, Exchange, State


@pytest.mark.parametrize("state", State)
def test_what_one_state_asks_for_is_forgotten_with_it(state: State) -> None:
    now = Exchange(anchor=5, follow_up=True, spoken=True, ended=True, goodbye=True)
    now.enters(state)
    assert now.follow_up is (state is State.LISTENING)
    assert (now.spoken, now.ended) == (state is State.HEARING,) * 2
    assert (now.anchor, now.goodbye) == (5, True)


def test_each_state_is_of_one_sort() -> None:
    sorts = [*RESTS, *WATCHED, *REPLYING]
    assert sorted(sorts, key=lambda state: state.value) == sorted(State, key=lambda state: state.value)
