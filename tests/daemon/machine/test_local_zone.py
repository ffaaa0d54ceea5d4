"""The zone that the machine is set to: read from its file, again when that is another, and the process told."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import TZPATH, ZoneInfo

import pytest

from daemon.machine.local_zone import LOCALTIME, LocalZone, NamedZone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ZONES = next(folder for folder in map(Path, TZPATH) if folder.is_dir())
NOTHING: Mapping[str, str] = {}
SUMMER = datetime.fromisoformat("2026-07-01T12:00")
HOUR = {"Europe/Berlin": 2, "Asia/Tokyo": 9}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    return tmp_path


def set_to(root: Path, name: str) -> None:
    """As timedatectl does: by another link in its place."""
    link = root / "etc" / "new"
    link.symlink_to(ZONES / name)
    link.replace(root / LOCALTIME)


def hours_ahead(zone: LocalZone) -> float:
    offset = SUMMER.replace(tzinfo=zone.zone()).utcoffset()
    assert offset is not None
    return offset.total_seconds() / 3_600


def test_it_is_read_by_what_the_link_names(root: Path) -> None:
    set_to(root, "Europe/Berlin")
    zone = LocalZone(root, NOTHING)
    assert (zone.present().name, hours_ahead(zone)) == ("Europe/Berlin", 2)
    assert zone.zone() is zone.zone(), "else timers would be planned anew at each look"


def test_one_that_is_set_later_is_found(root: Path) -> None:
    zone = LocalZone(root, NOTHING)
    for name, ahead in HOUR.items():
        set_to(root, name)
        assert (zone.present().name, hours_ahead(zone)) == (name, ahead)


def test_a_copy_of_a_zone_has_its_times_and_no_name(root: Path) -> None:
    (root / LOCALTIME).write_bytes((ZONES / "Asia/Tokyo").read_bytes())
    zone = LocalZone(root, NOTHING)
    assert (zone.present().name, hours_ahead(zone)) == ("local", 9)


@pytest.mark.parametrize("content", [None, b"", b"TZif", b"nonsense" * 99])
def test_without_a_zone_that_can_be_read_it_is_utc(root: Path, content: bytes | None) -> None:
    if content is not None:
        (root / LOCALTIME).write_bytes(content)
    assert LocalZone(root, NOTHING).present() == NamedZone(UTC, "UTC")


@pytest.mark.parametrize("given", ["Asia/Tokyo", ":Asia/Tokyo"])
def test_one_that_the_environment_names_goes_before_the_file(root: Path, given: str) -> None:
    set_to(root, "Europe/Berlin")
    assert LocalZone(root, {"TZ": given}).present() == NamedZone(ZoneInfo("Asia/Tokyo"), "Asia/Tokyo")


@pytest.mark.parametrize(
    "given", ["", ":", "No/Where", "/etc/localtime", "../../etc", "CET-1CEST", "x" * 5_000, "Asia"]
)
def test_what_names_none_is_passed_over(root: Path, given: str) -> None:
    set_to(root, "Europe/Berlin")
    assert LocalZone(root, {"TZ": given}).present().name == "Europe/Berlin"


@pytest.fixture
def process_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The zone of this process may be set, and is put back."""
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


def test_the_process_is_told_of_another_zone_and_not_of_the_first(root: Path, process_zone: pytest.MonkeyPatch) -> None:
    process_zone.setenv("TZ", "UTC0")
    time.tzset()
    process_zone.setenv("TZ", "JST-9")
    zone = LocalZone(root, NOTHING)
    set_to(root, "Europe/Berlin")
    zone.present()
    assert time.tzname[0] == "UTC"
    set_to(root, "Asia/Tokyo")
    zone.present()
    assert time.tzname[0] == "JST"
