"""The figure on disk: what was kept is read, and nothing else is believed."""

from __future__ import annotations

import json
import os
import stat
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from daemon.hearing.return_loss_file import FILE, LARGEST_BYTES, _check_trusted, forget, keep, on_record
from tests.daemon.hearing.test_return_loss import ENOUGH

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_kept_is_on_record_until_it_is_forgotten(tmp_path: Path) -> None:
    assert on_record(tmp_path) is None
    for record in (ENOUGH, replace(ENOUGH, loss_db=-3.25)):
        keep(record, tmp_path)
        assert on_record(tmp_path) == record
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    forget(tmp_path)
    forget(tmp_path)
    assert on_record(tmp_path) is None


def test_the_service_may_read_what_root_wrote_whatever_his_mask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        keep(ENOUGH, tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o644


def test_where_there_is_no_state_it_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        keep(ENOUGH, tmp_path / "none")
    assert on_record(tmp_path / "none") is None
    assert not (tmp_path / "none").exists()


def test_a_link_in_its_place_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    (tmp_path / FILE).symlink_to(tmp_path / "precious")
    keep(ENOUGH, tmp_path)
    assert (tmp_path / "precious").read_text() == "precious"
    assert on_record(tmp_path) == ENOUGH


def written(folder: Path) -> dict[str, Any]:
    keep(ENOUGH, folder)
    told: dict[str, Any] = json.loads((folder / FILE).read_text())
    return told


@pytest.mark.parametrize(
    "change",
    [
        {"loss_db": "20"},
        {"loss_db": True},
        {"loss_db": float("nan")},
        {"loss_db": float("inf")},
        {"loss_db": 1e9},
        {"loss_db": None},
        {"at": "yesterday"},
        {"at": "2026-11-30T12:00:00"},
        {"at": 3},
        {"by": {}},
        {"by": None},
        {"form": 2},
    ],
    ids=str,
)
def test_what_we_do_not_write_is_not_believed(tmp_path: Path, change: dict[str, Any]) -> None:
    (tmp_path / FILE).write_text(json.dumps(written(tmp_path) | change))
    assert on_record(tmp_path) is None


@pytest.mark.parametrize("change", [{"gain_db": "6"}, {"microphone": 1}, {"more": 1}], ids=str)
def test_nor_what_it_was_measured_with(tmp_path: Path, change: dict[str, Any]) -> None:
    told = written(tmp_path)
    (tmp_path / FILE).write_text(json.dumps(told | {"by": told["by"] | change}))
    assert on_record(tmp_path) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"7", b"\xff\xfe", b"[" * 4_000, b" " * (LARGEST_BYTES + 1)],
    ids=lambda text: text[:3],
)
def test_damage_is_as_if_it_were_not_there(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert on_record(tmp_path) is None


def test_what_others_may_have_written_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / FILE
    keep(ENOUGH, tmp_path)
    path.chmod(0o664)
    assert on_record(tmp_path) is None
    path.rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").chmod(0o644)
    path.symlink_to("elsewhere")
    assert on_record(tmp_path) is None
    path.unlink()
    os.mkfifo(path)
    assert on_record(tmp_path) is None


@pytest.mark.parametrize(("uid", "believed"), [(0, True), (990, True), (1_000, False)])
def test_root_and_whose_the_state_is_are_believed(uid: int, *, believed: bool) -> None:
    status = os.stat_result((stat.S_IFREG | 0o644, 0, 0, 1, uid, 0, 0, 0, 0, 0))
    with nullcontext() if believed else pytest.raises(ValueError, match="owner"):
        _check_trusted(status, 990)
