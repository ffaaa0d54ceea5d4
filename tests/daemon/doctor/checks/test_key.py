from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.key import _MEANINGS, KEY, MODEL
from daemon.doctor.checks.stored_key import DROP_IN, ENCRYPTED, PLAIN
from daemon.live.lookup import Answer
from daemon.machine.check import examine_one
from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.daemon.doctor.machine import BAD, GOOD, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.daemon.doctor.machine import Machine

SECRET = "AIza-the-key-of-this-test"


def with_key(machine: Machine, mode: int = 0o600) -> Path:
    """A key as the installer stores it where it cannot be encrypted."""
    machine.file(DROP_IN, "[Service]\nLoadCredential=gemini-api-key:/etc/pipit/gemini-api-key\n")
    return machine.file(PLAIN, SECRET + "\n", mode)


class TestTheKeyItself:
    def test_a_key_that_is_closed_and_handed_on(self, machine: Machine) -> None:
        with_key(machine)
        finding = machine.finding(KEY)
        assert_finding(finding, GOOD, PLAIN, "closed to others")
        assert SECRET not in str(finding)

    def test_no_key(self, machine: Machine) -> None:
        finding = machine.finding(KEY)
        assert_finding(finding, BAD, "there is no API key")
        assert "install.sh key" in finding.fix

    def test_a_key_that_others_can_read(self, machine: Machine) -> None:
        with_key(machine, 0o644)
        finding = machine.finding(KEY)
        assert_finding(finding, BAD, "open to others (mode 0644)")
        assert "chmod 600" in finding.fix

    def test_it_is_closed_by_mending(self, machine: Machine) -> None:
        path = with_key(machine, 0o644)
        assert KEY.mend is not None
        told = KEY.mend(machine.site())
        assert "0644" in told, "so that it can be undone"
        assert path.stat().st_mode & 0o777 == 0o600
        assert_finding(machine.finding(KEY), GOOD)

    def test_an_empty_file(self, machine: Machine) -> None:
        with_key(machine).write_text("\n")
        assert_finding(machine.finding(KEY), BAD, "is empty")

    def test_a_key_the_service_is_not_told_of(self, machine: Machine) -> None:
        with_key(machine)
        (machine.root / DROP_IN.lstrip("/")).unlink()
        assert_finding(machine.finding(KEY), BAD, "the service is not told of it", "10-gemini-api-key.conf")

    def test_a_key_of_the_shell(self, machine: Machine) -> None:
        machine.environ["GEMINI_API_KEY"] = SECRET
        finding = machine.finding(KEY)
        assert_finding(finding, WARNING, "the service does not see")
        assert SECRET not in str(finding)

    def test_a_file_of_the_settings(self, machine: Machine) -> None:
        key = machine.file("/home/pi/key", SECRET, 0o600)
        machine.settings(f'[live.credential]\nfile = "{key}"\n')
        assert_finding(machine.finding(KEY), GOOD, str(key))

    def test_a_file_of_the_settings_that_the_service_cannot_read(self, machine: Machine) -> None:
        key = machine.file("/home/pi/key", SECRET, 0o600)
        machine.settings(f'[live.credential]\nfile = "{key}"\n')
        owner = key.stat().st_uid
        machine.file("/etc/passwd", f"pi:x:{owner}:1000::/home/pi:/bin/sh\npipit:x:{owner + 7}:997::/:/bin/false\n")
        finding = machine.finding(KEY)
        assert_finding(finding, BAD, "belongs to pi", "cannot read it")
        assert "chown pipit" in finding.fix


class TestAnEncryptedKey:
    @pytest.fixture(autouse=True)
    def encrypted(self, machine: Machine) -> None:
        machine.file(DROP_IN, "[Service]\nLoadCredentialEncrypted=gemini-api-key:/etc/pipit/gemini-api-key.cred\n")
        machine.file(ENCRYPTED, "Whxqht+dQJax1aZeCGLxmiAAAA")

    def test_it_decrypts(self, machine: Machine) -> None:
        machine.program("systemd-creds", SECRET)
        finding = machine.finding(KEY)
        assert_finding(finding, GOOD, "encrypted for this machine")
        assert SECRET not in str(finding)
        [call] = machine.calls("systemd-creds")
        assert call.startswith("decrypt --name=gemini-api-key ")
        assert call.endswith(" -")

    def test_it_is_of_another_machine(self, machine: Machine) -> None:
        machine.program("systemd-creds", status=1, errors="Failed to decrypt: Bad message")
        finding = machine.finding(KEY)
        assert_finding(finding, BAD, "cannot be decrypted on this machine", "Bad message")
        assert "install.sh key" in finding.fix

    def test_an_ordinary_user_cannot_tell(self, machine: Machine) -> None:
        machine.uid = 1000
        machine.unit(ActiveState="active")
        finding = machine.finding(KEY)
        assert_finding(finding, SKIPPED, "only root can decrypt it")
        assert "sudo" in finding.fix

    def test_an_ordinary_user_is_told_what_systemd_saw(self, machine: Machine) -> None:
        machine.uid = 1000
        machine.unit(ActiveState="failed")
        assert_finding(machine.finding(KEY), BAD, "systemd cannot decrypt the stored key")
        assert machine.calls("systemctl") == ["show pipit-key.service --property=ActiveState"]

    def test_a_newer_plain_key_that_the_service_does_not_get(self, machine: Machine) -> None:
        machine.program("systemd-creds", SECRET)
        plain = machine.file(PLAIN, SECRET, 0o600)
        os.utime(machine.root / ENCRYPTED.lstrip("/"), (1, 1))
        finding = machine.finding(KEY)
        assert_finding(finding, BAD, f"{plain} is newer than the other one")
        assert "install.sh key" in finding.fix

    def test_without_systemd_creds(self, machine: Machine) -> None:
        assert_finding(machine.finding(KEY), SKIPPED, "there is no systemd-creds")


class TestTheModel:
    @pytest.fixture
    async def server(self, machine: Machine, tmp_path: Path) -> AsyncIterator[LiveServer]:
        brain = ScriptedBrain(Scenario())
        async with LiveServer(brain, certificate_dir=tmp_path, keys={SECRET}, models={"gemini-3.8-live"}) as server:
            with_key(machine)
            machine.settings(f'[live]\nendpoint = "{server.url}"\nca_file = "{server.ca_file}"\n')
            machine.consent = True
            yield server

    async def test_a_key_and_a_model_that_are_right(self, machine: Machine, server: LiveServer) -> None:
        finding = await asyncio.to_thread(machine.finding, MODEL)
        assert_finding(finding, GOOD, "takes the key and has gemini-3.8-live")
        assert not server.sessions, "no session is opened for it"

    @pytest.mark.usefixtures("server")
    async def test_a_key_that_the_service_does_not_know(self, machine: Machine) -> None:
        with_key(machine).write_text("AIza-of-somebody-else")
        finding = await asyncio.to_thread(machine.finding, MODEL)
        assert_finding(finding, BAD, "does not know this key", "API key not valid")
        assert "somebody" not in str(finding)

    @pytest.mark.usefixtures("server")
    async def test_a_model_that_the_service_does_not_have(self, machine: Machine) -> None:
        machine.settings(machine.settings_path.read_text() + 'model = "gemini-9-live"\n')
        finding = await asyncio.to_thread(machine.finding, MODEL)
        assert_finding(finding, BAD, "the service has no model gemini-9-live")
        assert 'model = "gemini-3.8-live"' in finding.fix

    @pytest.mark.usefixtures("server")
    async def test_without_consent_nothing_is_sent(self, machine: Machine) -> None:
        machine.consent = False
        finding = await asyncio.to_thread(machine.finding, MODEL)
        assert_finding(finding, SKIPPED, "was not sent")
        assert "--check-key" in finding.fix

    async def test_no_network(self, machine: Machine) -> None:
        with_key(machine)
        machine.consent = True
        machine.settings('[live]\nendpoint = "https://127.0.0.1:1"\n')
        assert_finding(await asyncio.to_thread(machine.finding, MODEL), BAD, "cannot be reached")

    def test_without_a_key_there_is_nothing_to_ask(self, machine: Machine) -> None:
        machine.consent = True
        assert_finding(examine_one(MODEL, machine.site()), SKIPPED, "there is no API key")


def test_every_answer_has_its_sentence() -> None:
    assert set(_MEANINGS) == set(Answer)
    assert len({meaning.sentence for meaning in _MEANINGS.values()}) == len(Answer)
    assert all(meaning.fix for answer, meaning in _MEANINGS.items() if answer is not Answer.AVAILABLE)
