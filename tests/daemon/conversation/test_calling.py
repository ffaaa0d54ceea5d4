"""What waits to ring, what rings, and what is told."""

from daemon.conversation.calling import Calling
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import FlushPlayout, StartRinging, StartTimer, StopRinging, StopTimer, TellMessage
from daemon.conversation.rules import Rules

RULES = Rules(ring_s=600, telling_s=120)


def ringing(*ids: str) -> Calling:
    calling = Calling()
    for id_ in ids:
        calling.due(id_)
    calling.ring(RULES)
    return calling


def test_what_is_due_waits_and_the_first_that_does_is_told_from_the_rest() -> None:
    calling = Calling()
    assert [calling.due("eggs"), calling.due("kettle"), calling.due("eggs")] == [True, False, False]
    assert calling.waiting == {"eggs", "kettle"}


def test_what_joins_a_ring_has_the_same_sound_and_all_its_time() -> None:
    calling = ringing("eggs")
    assert calling.due("kettle")
    assert calling.ring(RULES) == [StopTimer(Timer.RING_WAIT), StartTimer(Timer.RINGING, 600)]
    assert (calling.waiting, calling.ringing) == (frozenset(), {"eggs", "kettle"})


def test_what_rings_already_is_not_due_again() -> None:
    calling = ringing("eggs")
    assert not calling.due("eggs")
    assert not calling.waiting


def test_one_stop_ends_all_that_rings_once() -> None:
    calling = ringing("kettle", "eggs")
    stop = [StopRinging(("eggs", "kettle"), answered=True), StopTimer(Timer.RINGING)]
    assert calling.stop(answered=True) == stop
    assert calling.stop(answered=True) == []


def test_what_is_withdrawn_is_not_stopped_as_well() -> None:
    calling = ringing("kettle", "eggs")
    assert calling.withdrawn("kettle") == []
    assert calling.stop(answered=False)[0] == StopRinging(("eggs",), answered=False)


def test_with_the_last_that_is_withdrawn_the_sound_ends() -> None:
    assert ringing("eggs").withdrawn("eggs") == [StopTimer(Timer.RINGING), StopRinging((), answered=True)]


def test_with_the_last_that_waits_the_wait_ends() -> None:
    calling = Calling()
    calling.due("eggs")
    calling.due("kettle")
    assert calling.withdrawn("eggs") == []
    assert calling.withdrawn("kettle") == [StopTimer(Timer.RING_WAIT)]
    assert calling.withdrawn("never heard of") == []


def test_a_message_is_told_until_it_was_heard_or_is_silenced() -> None:
    calling = Calling()
    assert calling.tell(RULES) == [TellMessage(), StartTimer(Timer.TELLING, 120)]
    assert calling.sounds
    assert calling.told() == [StopTimer(Timer.TELLING)]
    assert calling.told() == calling.stop(answered=True) == []
    calling.tell(RULES)
    assert calling.stop(answered=False) == [FlushPlayout(), StopTimer(Timer.TELLING)]
    assert not calling.sounds


def test_a_ring_begins_with_the_first() -> None:
    calling = Calling()
    calling.due("eggs")
    assert StartRinging() in calling.ring(RULES)
