"""Where the API key of this machine is, and the key itself for who may read it. It is never part of a finding."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.conversation.no_session import KeyMissing
from daemon.files import FileTrouble, expanded, status_of
from daemon.live.credentials import CREDENTIAL, find_key
from daemon.machine.finding import CannotTell
from daemon.machine.model import SUDO, unit_properties

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.doctor.examining.patient import Patient

PLAIN: Final = "/etc/pipit/gemini-api-key"
ENCRYPTED: Final = "/etc/pipit/gemini-api-key.cred"
DROP_IN: Final = "/etc/systemd/system/pipit.service.d/10-gemini-api-key.conf"
TRIAL: Final = "pipit-key.service"
"""Decrypts the key at every start of the machine, as a trial."""
STORE_IT: Final = "store one with `sudo ./install.sh key`"
DECRYPT_TIMEOUT_S: Final = 10.0
"""A TPM may take seconds."""


@dataclass(frozen=True)
class StoredKey:
    """`path` is a file, or None for the environment variable; `of_service`: the unit hands it to the service."""

    path: Path | None
    encrypted: bool = False
    of_service: bool = False

    def __str__(self) -> str:
        return str(self.path) if self.path else "$GEMINI_API_KEY"


def stored_key(site: Patient) -> StoredKey:
    """The first place that has a key, as the service looks for one; then as the commands do. Raises KeyMissing.

    Of the installer's two files the one that was written last counts, as for install.sh: an owner may write the plain
    one by hand.
    """
    files = [site.path(name) for name in (ENCRYPTED, PLAIN) if site.path(name).exists()]
    if files:
        newest = max(files, key=lambda file: file.stat().st_mtime_ns)  # of equal ones the first, the encrypted one
        return StoredKey(newest, newest.suffix == ".cred", of_service=True)
    if site.settings and site.settings.live.credential.file:
        return StoredKey(expanded(site.settings.live.credential.file))
    if site.environ.get("GEMINI_API_KEY"):
        return StoredKey(None)
    raise KeyMissing("there is no API key", fix=STORE_IT)


def read_key(site: Patient, stored: StoredKey) -> str:
    """The key, checked for what no key has. Raises KeyMissing, and CannotTell where only root may look."""
    if stored.path is None:
        return find_key("", site.environ)
    if not site.is_root and not os.access(stored.path, os.R_OK) and _is_there(stored.path):
        raise CannotTell(f"there is a key in {stored.path}, which this user may not read", fix=SUDO)
    if stored.encrypted:
        return _decrypted(site, stored.path)
    return find_key(str(stored.path), {})


def _is_there(path: Path) -> bool:
    try:
        status_of(path)
    except FileTrouble as trouble:
        return trouble.number == errno.EACCES  # in a closed folder; if it is not there, the service says so
    return True


def _decrypted(site: Patient, path: Path) -> str:
    if not site.is_root:
        _ask_its_trial(site)
        raise CannotTell(f"the encrypted key {path} is there, but only root can decrypt it", fix=SUDO)
    done = site.run(["systemd-creds", "decrypt", f"--name={CREDENTIAL}", str(path), "-"], DECRYPT_TIMEOUT_S)
    if not done.found:
        raise CannotTell(f"{path} cannot be decrypted here: there is no systemd-creds")
    if not done.ok:
        raise KeyMissing(
            f"the key {path} cannot be decrypted on this machine ({_last_line(done.errors)})",
            fix=f"it was encrypted for another machine or another systemd: {STORE_IT}",
        )
    return find_key("", {"GEMINI_API_KEY": done.output} if done.output else {})


def _ask_its_trial(site: Patient) -> None:
    """Whether systemd could decrypt it when the machine started. Raises KeyMissing if not, CannotTell as it says."""
    if unit_properties(site, ["ActiveState"], TRIAL).get("ActiveState") == "failed":
        raise KeyMissing("systemd cannot decrypt the stored key on this machine", fix=STORE_IT)


def _last_line(text: str) -> str:
    return text.splitlines()[-1][:200] if text else "no reason given"
