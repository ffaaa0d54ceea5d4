"""What somebody chose is kept; what a card made of it is not believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.abilities.volume.kept_volumes import KeptVolumes
from daemon.state.store import FILE, Store

if TYPE_CHECKING:
    from pathlib import Path


async def test_the_last_choice_of_each_counts(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        kept = KeptVolumes(store)
        assert kept.read() == {}
        assert await kept.keep("voice", 40)
        assert await kept.keep("alarm", 100)
        kept.keep_some_time("voice", 0)
    async with Store(tmp_path / FILE) as store:
        assert KeptVolumes(store).read() == {"voice": 0, "alarm": 100}


@pytest.mark.parametrize(
    ("whose", "percent"),
    [("voice", 101), ("voice", -1), ("voice", 40.5), ("voice", "loud"), ("radio", 40), ("alarm", 9), (b"\xff", 40)],
)
async def test_a_damaged_row_is_left_out_and_told(
    whose: object, percent: object, caplog: pytest.LogCaptureFixture
) -> None:
    async with Store() as store:
        await store.run(lambda file: file.execute("INSERT INTO volumes VALUES (?, ?)", (whose, percent)))
        kept = KeptVolumes(store)
        await kept.keep("announcements", 50)
        assert kept.read() == {"announcements": 50}
    assert "1 row of volumes cannot be read and is left out" in caplog.text


async def test_what_cannot_be_written_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async with Store() as store:
        await store.run(lambda file: file.execute("DROP TABLE volumes"))
        assert not await KeptVolumes(store).keep("voice", 50)
    assert "the volume of the voice will be forgotten at a restart" in caplog.text
