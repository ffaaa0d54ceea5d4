"""Which of several keys is meant; what is found about it is in test_key.py."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from daemon.conversation.no_session import KeyMissing
from daemon.doctor.checks.stored_key import ENCRYPTED, PLAIN, StoredKey, read_key, stored_key

if TYPE_CHECKING:
    from pathlib import Path

    from tests.daemon.doctor.machine import Machine


def written(machine: Machine, name: str, at_s: int) -> Path:
    path = machine.file(name, "AIza-of-a-test", 0o600)
    os.utime(path, (at_s, at_s))
    return path


@pytest.mark.parametrize(("plain_s", "encrypted_s", "meant"), [(1, 2, ENCRYPTED), (2, 1, PLAIN), (1, 1, ENCRYPTED)])
def test_of_the_installers_two_the_last_written_counts(
    machine: Machine, plain_s: int, encrypted_s: int, meant: str
) -> None:
    written(machine, PLAIN, plain_s)
    written(machine, ENCRYPTED, encrypted_s)
    stored = stored_key(machine.site())
    assert stored == StoredKey(machine.root / meant.lstrip("/"), encrypted=meant == ENCRYPTED, of_service=True)


def test_the_services_key_outranks_the_settings_and_that_the_shells(machine: Machine) -> None:
    machine.environ["GEMINI_API_KEY"] = "AIza-of-the-shell"
    assert stored_key(machine.site()) == StoredKey(None)
    assert read_key(machine.site(), StoredKey(None)) == "AIza-of-the-shell"
    own = machine.file("/home/pi/key", "AIza-of-the-settings", 0o600)
    machine.settings(f'[live.credential]\nfile = "{own}"\n')
    assert stored_key(machine.site()) == StoredKey(own)
    plain = written(machine, PLAIN, 1)
    assert stored_key(machine.site()) == StoredKey(plain, of_service=True)


def test_what_decrypts_to_nothing_is_no_key(machine: Machine) -> None:
    path = written(machine, ENCRYPTED, 1)
    machine.program("systemd-creds", "\n")
    with pytest.raises(KeyMissing):
        read_key(machine.site(), StoredKey(path, encrypted=True, of_service=True))
