"""Taking back what a call has done."""

import asyncio

import pytest

from daemon.errors import HardwareError
from daemon.tools.undo import Undo


class Acts:
    """Things that were done, and how each is undone."""

    def __init__(self) -> None:
        self.undone: list[str] = []
        self.undo = Undo()

    def act(self, name: str, error: Exception | None = None) -> None:
        async def back() -> None:
            if error:
                raise error
            self.undone.append(name)

        self.undo.add(back)


async def test_nothing_done_nothing_to_undo() -> None:
    undo = Undo()
    assert not undo
    assert await undo.run()


async def test_the_last_is_undone_first_and_each_once() -> None:
    acts = Acts()
    acts.act("first")
    acts.act("second")
    assert acts.undo
    assert await acts.undo.run()
    assert acts.undone == ["second", "first"]
    assert not acts.undo
    assert await acts.undo.run()
    assert acts.undone == ["second", "first"]


@pytest.mark.parametrize("error", [HardwareError("the lamp is gone", fix="find it"), RuntimeError("a fault of ours")])
async def test_what_cannot_be_undone_is_logged_and_does_not_keep_the_rest(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    acts = Acts()
    acts.act("first")
    acts.act("second", error)
    assert not await acts.undo.run()
    assert acts.undone == ["first"]
    assert str(error).partition(".")[0] in caplog.text


async def test_undoing_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.tools.undo.UNDO_LIMIT_S", 0.01)
    undo = Undo()

    async def hang() -> None:
        await asyncio.Event().wait()

    undo.add(hang)
    assert not await undo.run()
