"""A reply that needs no function."""

from daemon.brain.task import Call, say


def test_what_is_only_said_calls_nothing() -> None:
    task = say("hello")
    assert (task.calls, task.reply([]), task.then) == ((), "hello", None)
    assert Call("list_devices").arguments == {}
