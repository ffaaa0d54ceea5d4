"""What was said of being disturbed is kept, or said to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.abilities.quiet.spoken_quiet import Said, SpokenQuiet
from daemon.state.store import FILE, Store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


async def test_the_last_word_counts(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        spoken = SpokenQuiet(store)
        assert spoken.read() == Said()
        assert await spoken.keep(Said(until_s=5.5))
        assert await spoken.keep(Said(lifted_until_s=7.0))
    async with Store(tmp_path / FILE) as store:
        assert SpokenQuiet(store).read() == Said(None, 7.0)


async def test_what_cannot_be_written_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async with Store() as store:
        await store.run(lambda file: file.execute("DROP TABLE quiet"))
        assert not await SpokenQuiet(store).keep(Said(until_s=5.5))
    assert "will be forgotten at a restart" in caplog.text
