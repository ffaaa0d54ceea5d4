"""What is put away is there again, on the disk or, where there is none for it, in memory."""

import os
from pathlib import Path

import pytest

from daemon.speech.put_away import PutAway

PIECES = [b"one", b"", bytes(range(256)) * 40, b"four"]


def test_what_was_put_away_is_given_back_and_the_file_has_no_name(tmp_path: Path) -> None:
    away = PutAway(tmp_path)
    numbers = [away.put(piece) for piece in PIECES]
    assert [away.get(number) for number in reversed(numbers)] == PIECES[::-1]
    assert [*tmp_path.iterdir()] == []
    assert away._file
    assert os.fstat(away._file.fileno()).st_size == sum(map(len, PIECES))


def test_where_no_file_can_be_had_it_stays_in_memory(tmp_path: Path) -> None:
    away = PutAway(tmp_path / "missing")
    assert [away.get(away.put(piece)) for piece in PIECES] == PIECES


class Full:
    """A disk that takes the first bytes alone."""

    def seek(self, *_: int) -> int:
        return 0

    def write(self, _: bytes) -> int:
        return 1


def test_what_a_full_disk_did_not_take_stays_in_memory() -> None:
    away = PutAway(None)
    away._file = Full()  # type: ignore[assignment]
    assert away.get(away.put(b"a sentence")) == b"a sentence"


def test_a_disk_that_lost_it_is_told(tmp_path: Path) -> None:
    away = PutAway(tmp_path)
    number = away.put(b"a sentence")
    assert away._file
    os.ftruncate(away._file.fileno(), 3)
    with pytest.raises(OSError, match="3 bytes where 10 were put away"):
        away.get(number)
