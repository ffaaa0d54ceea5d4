"""Secrets of devices: told once, kept as hashes, closed to others, gone at once."""

from __future__ import annotations

import os
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from daemon.broker.enrolled import Devices, DevicesError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def devices(tmp_path: Path) -> Devices:
    return Devices(tmp_path / "state" / "devices")


def test_a_secret_is_recognised(devices: Devices) -> None:
    kitchen, hall = devices.add("kitchen"), devices.add("hall")
    assert (devices.recognise(kitchen), devices.recognise(hall)) == ("kitchen", "hall")
    assert devices.names() == ["hall", "kitchen"]


def test_the_file_holds_no_secret_and_is_closed(devices: Devices) -> None:
    secret = devices.add("kitchen")
    text = devices.path.read_text()
    assert secret not in text
    assert secret.partition(":")[2] not in text
    assert stat.S_IMODE(devices.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "change", [lambda s: s[:-1], lambda s: s + "x", lambda s: s.replace("kitchen", "hall"), str.upper]
)
def test_what_is_not_quite_it_is_not_it(devices: Devices, change: object) -> None:
    secret = devices.add("kitchen")
    devices.add("hall")
    assert callable(change)
    assert devices.recognise(change(secret)) is None


@pytest.mark.parametrize("secret", ["", ":", "nobody:x", "kitchen", "kitchen:", "kitchen:" + "0" * 64])
def test_strangers(devices: Devices, secret: str) -> None:
    devices.add("kitchen")
    assert devices.recognise(secret) is None


def test_no_file_is_no_device(devices: Devices) -> None:
    assert devices.recognise("kitchen:x") is None
    assert devices.names() == []


def test_a_new_secret_takes_the_place_of_the_old_one(devices: Devices) -> None:
    old, new = devices.add("kitchen"), devices.add("kitchen")
    assert (devices.recognise(old), devices.recognise(new)) == (None, "kitchen")


def test_what_is_removed_is_refused_at_once(devices: Devices) -> None:
    secret = devices.add("kitchen")
    devices.remove("kitchen")
    assert devices.recognise(secret) is None
    with pytest.raises(DevicesError, match='there is no device "kitchen"'):
        devices.remove("kitchen")


@pytest.mark.parametrize("name", ["", "Kitchen", "kit chen", "a:b", "-a", "a\nb", "x" * 41])
def test_names_that_are_none(devices: Devices, name: str) -> None:
    with pytest.raises(DevicesError, match="is no name of a device"):
        devices.add(name)


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [("kitchen sha256:00\n", 0o600, "holds a line that is no device"), ("", 0o644, r"open to others \(mode 0644\)")],
)
def test_a_file_that_cannot_be_used(devices: Devices, text: str, mode: int, said: str) -> None:
    devices.path.parent.mkdir()
    devices.path.write_text(text)
    devices.path.chmod(mode)
    with pytest.raises(DevicesError, match=said):
        devices.recognise("kitchen:x")


def test_two_who_add_at_once_lose_none(devices: Devices) -> None:
    writers = [threading.Thread(target=devices.add, args=(f"device-{number}",)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(devices.names()) == 8


def test_a_named_pipe_is_not_waited_for(devices: Devices) -> None:
    devices.path.parent.mkdir()
    os.mkfifo(devices.path)
    with pytest.raises(DevicesError, match="cannot be read: it is a named pipe, not a file"):
        devices.names()
