"""installer/key.sh: what is taken for a key, how it is stored, and that it is seen nowhere else."""

import codecs
import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.installer.parts import CHECKOUT, Parts, parts

__all__ = ["parts"]

KEY: Final = "AIzaSy-a_key_that_opens_nothing"
PLAIN: Final = "etc/pipit/gemini-api-key"
ENCRYPTED: Final = "etc/pipit/gemini-api-key.cred"
DROP_IN: Final = "etc/systemd/system/pipit.service.d/10-gemini-api-key.conf"
TRIAL: Final = "etc/systemd/system/pipit-key.service"


def key_file(folder: Path, content: bytes = f"{KEY}\n".encode()) -> Path:
    path = folder / "key"
    path.write_bytes(content)
    return path


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


HOST_KEY: Final = {"SYSTEMD_CREDENTIAL_SECRET": "/host-key"}
"""With its own host key named, even a machine in a folder can encrypt."""


def store(parts: Parts, *, key: str = KEY, **environment: str) -> str:
    return parts.ran(f"store_key '{key_file(parts.folder, key.encode())}'", **environment)


class TestWhatIsTaken:
    @pytest.mark.parametrize("around", ["{}", "{}\n", "  {}  \n", "{}\r\n", "\n\t{}\n\n"])
    def test_what_an_editor_leaves_around_a_key_is_dropped(self, parts: Parts, around: str) -> None:
        store(parts, key=around.format(KEY))
        assert parts.read(PLAIN) == f"{KEY}\n"

    @pytest.mark.parametrize(
        ("content", "fault"),
        [
            (b"", "is empty"),
            (b" \n\t\n", "is empty"),
            (b"AIza Sy", "has a space or a line break in it"),
            (b"AIza\nSy\n", "has a space or a line break in it"),
            (b"AIza\0Sy", "has a space or a line break in it"),
            ("AIzäSy".encode(), "has a character in it that no key has"),
            (b"\xff\xfeAIza", "has a character in it that no key has"),
            ("\ufeffAIza".encode(), "has a character in it that no key has"),
            (b"AIza\x07Sy", "has a character in it that no key has"),
            (b"A" * 501, "is longer than 500 characters"),
            (b"A" * 5000, "is longer than 500 characters"),
        ],
    )
    def test_a_malformed_key_is_refused_before_anything_is_stored(
        self, parts: Parts, content: bytes, fault: str
    ) -> None:
        before = parts.files()
        path = key_file(parts.folder, content)
        run = parts.run(f"store_key '{path}'", LC_ALL="C.UTF-8")
        assert run.returncode == 1
        assert run.stderr.startswith(f"install.sh: the key in {path} {fault} — fix: copy the key from Google AI Studio")
        assert parts.files() == before
        assert parts.record == []

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (f"{KEY}\u00a0".encode(), "c2 a0"),
            (f"\ufeff{KEY}".encode(), "ef bb bf"),
            (KEY.encode("utf-16"), "ff fe"),
            (f"{KEY}\u200b".encode(), "e2 80 8b"),
            (b"\x07" * 20, "07 07 07 07 07 07 07 07"),
        ],
    )
    def test_what_cannot_be_seen_is_named_by_its_bytes_and_the_key_is_not(
        self, parts: Parts, content: bytes, told: str
    ) -> None:
        run = parts.run(f"store_key '{key_file(parts.folder, content)}'", LC_ALL="C.UTF-8")
        assert run.returncode == 1
        assert f"alone on one line; it has the bytes {told} in it (log: " in run.stderr
        assert KEY not in run.stderr + run.stdout + parts.log

    @pytest.mark.parametrize("name", ["-n", "-", "a key", "ke'y", "new\nline", "*"])
    def test_a_file_may_have_any_name(self, parts: Parts, name: str) -> None:
        (parts.folder / name).write_text(KEY)
        parts.ran('cd "$FOLDER" && store_key "$NAME"', FOLDER=str(parts.folder), NAME=name)
        assert parts.read(PLAIN) == f"{KEY}\n"

    @pytest.mark.parametrize("name", ["new\nline", "/dev/stdin", "~/key", "\x1b[31m"])
    def test_what_is_no_file_is_named_on_one_line(self, parts: Parts, name: str) -> None:
        run = parts.run('cd "$FOLDER" && store_key "$NAME"', FOLDER=str(parts.folder), NAME=name)
        assert run.returncode == 1
        assert run.stderr.startswith("install.sh: the key file ")
        assert run.stderr.count("\n") == 1
        assert "\x1b" not in run.stderr

    @pytest.mark.parametrize("name", ["absent", "folder"])
    def test_a_file_that_cannot_be_read_is_refused(self, parts: Parts, name: str) -> None:
        (parts.folder / "folder").mkdir()
        run = parts.run(f"store_key '{parts.folder / name}'")
        assert run.returncode == 1
        assert f"the key file {parts.folder / name} cannot be read — fix: " in run.stderr

    def test_on_the_terminal_it_is_asked_again_until_it_may_be_one(self, parts: Parts) -> None:
        answers = f"printf 'no key\\n\\xc3\\xa4\\n {KEY} \\n' >answers; exec <answers;"
        said = parts.ran(f"cd '{parts.folder}'; {answers} ask_for_key; [[ $API_KEY == '{KEY}' ]]; ! env | grep '{KEY}'")
        assert said.splitlines()[1] == "  This key has a space or a line break in it. Copy it again, alone."
        assert said.splitlines()[3] == "  This key has a character in it that no key has. Copy it again, alone."
        assert KEY not in said

    def test_no_answer_is_no_key(self, parts: Parts) -> None:
        assert "key=." in parts.ran("ask_for_key; say key=$API_KEY.; store_key")
        assert not (parts.root / PLAIN).exists()


class TestEncrypted:
    def test_it_is_encrypted_by_the_machine_and_handed_on_by_systemd(self, parts: Parts) -> None:
        said = store(parts, **HOST_KEY)
        assert parts.read(ENCRYPTED) == f"encrypted\n{codecs.encode(KEY, 'rot13')}\n"
        assert mode(parts.root / ENCRYPTED) == "0o600"
        assert parts.files() >= {DROP_IN, TRIAL}
        assert PLAIN not in parts.files()
        assert "LoadCredentialEncrypted=gemini-api-key:" in parts.read(DROP_IN)
        assert "protects a backup, not a stolen card" in said
        calls = [line for line in parts.record if line.startswith("systemd-creds ")]
        assert "--with-key=host --name=gemini-api-key" in calls[0]

    def test_no_program_and_no_log_sees_the_key(self, parts: Parts) -> None:
        said = store(parts, **HOST_KEY)
        assert KEY not in said
        assert KEY not in parts.log
        assert KEY not in "\n".join(parts.record), "neither as an argument nor in the environment"
        for place in parts.files():
            assert KEY not in parts.read(place)

    @pytest.mark.parametrize("broken", ["encrypt", "decrypt"])
    def test_where_systemd_cannot_it_is_stored_for_root_alone(self, parts: Parts, broken: str) -> None:
        said = store(parts, FAKE_CREDS=broken, **HOST_KEY)
        assert parts.read(PLAIN) == f"{KEY}\n"
        assert mode(parts.root / PLAIN) == "0o600"
        assert not any(".cred" in place for place in parts.files())
        assert TRIAL not in parts.files()
        assert "LoadCredential=gemini-api-key:" in parts.read(DROP_IN)
        assert "stored for root alone, but not encrypted" in said

    def test_an_old_systemd_stores_it_plain(self, parts: Parts) -> None:
        parts.stand_in("systemd-creds", "#!/bin/bash\necho 'Unknown command verb encrypt.' >&2; exit 1\n")
        assert "not encrypted" in store(parts, **HOST_KEY)
        assert parts.read(PLAIN) == f"{KEY}\n"

    def test_in_an_image_it_is_plain_for_another_machine_could_not_decrypt_it(self, parts: Parts) -> None:
        store(parts)
        assert parts.read(PLAIN) == f"{KEY}\n"
        assert parts.record == []

    def test_the_plain_key_goes_once_the_encrypted_one_works(self, parts: Parts) -> None:
        store(parts)
        store(parts, FAKE_CREDS="decrypt", **HOST_KEY)
        assert PLAIN in parts.files()
        store(parts, **HOST_KEY)
        assert PLAIN not in parts.files()
        assert ENCRYPTED in parts.files()

    def test_a_new_key_that_cannot_be_encrypted_replaces_the_encrypted_one(self, parts: Parts) -> None:
        store(parts, **HOST_KEY)
        store(parts, key="another", FAKE_CREDS="encrypt", **HOST_KEY)
        assert parts.read(PLAIN) == "another\n"
        assert not {ENCRYPTED, TRIAL} & parts.files()

    @pytest.mark.skipif(
        subprocess.run(["sh", "-c", "command -v systemd-creds"], check=False, capture_output=True).returncode != 0
        or not Path("/etc/machine-id").is_file()
        or os.geteuid() != 0,
        reason="needs systemd-creds, a machine id and root",
    )
    def test_the_real_systemd_creds_gives_it_back(self, parts: Parts) -> None:
        (parts.programs / "systemd-creds").unlink()
        secret = str(parts.folder / "host-secret")
        store(parts, SYSTEMD_CREDENTIAL_SECRET=secret)
        shown = subprocess.run(
            ["systemd-creds", "decrypt", "--name=gemini-api-key", str(parts.root / ENCRYPTED), "-"],
            env={**os.environ, "SYSTEMD_CREDENTIAL_SECRET": secret},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert shown.stdout == f"{KEY}\n"


class TestLater:
    def test_what_is_stored_is_known(self, parts: Parts) -> None:
        answer = "if key_is_stored; then say stored; else say none; fi"
        assert parts.ran(answer) == "none\n"
        store(parts)
        assert parts.ran(answer) == "stored\n"
        parts.write(PLAIN, "")
        assert parts.ran(answer) == "none\n"

    @pytest.mark.parametrize("host_key", [HOST_KEY, {}], ids=["encrypted", "plain"])
    def test_a_second_look_changes_nothing(self, parts: Parts, host_key: dict[str, str]) -> None:
        store(parts, **host_key)
        assert parts.ran("settle_key; say $CHANGES", **host_key) == "0\n"

    def test_a_run_that_was_cut_off_is_ended(self, parts: Parts) -> None:
        store(parts)
        script = f"read_key '{key_file(parts.folder)}'; place_key >/dev/null"
        parts.ran(script, **HOST_KEY)
        assert {PLAIN, ENCRYPTED} <= parts.files(), "cut off before the drop-in fits"
        parts.ran("settle_key", **HOST_KEY)
        assert PLAIN not in parts.files()
        assert "LoadCredentialEncrypted=" in parts.read(DROP_IN)

    def test_a_key_that_the_owner_writes_by_hand_counts(self, parts: Parts) -> None:
        store(parts, **HOST_KEY)
        path = parts.write(PLAIN, "by hand\n")
        path.chmod(0o644)
        newer = (parts.root / ENCRYPTED).stat().st_mtime + 5
        os.utime(path, (newer, newer))
        parts.ran("settle_key", **HOST_KEY)
        assert parts.read(PLAIN) == "by hand\n"
        assert mode(path) == "0o600"
        assert "LoadCredential=" in parts.read(DROP_IN)

    @pytest.mark.parametrize("host_key", [HOST_KEY, {}], ids=["encrypted", "plain"])
    def test_removal_leaves_nothing(self, parts: Parts, host_key: dict[str, str]) -> None:
        store(parts, **host_key)
        parts.ran("remove_key", **host_key)
        assert not {place for place in parts.files() if "key" in place or "pipit.service.d" in place}

    @pytest.mark.parametrize("host_key", [HOST_KEY, {}], ids=["encrypted", "plain"])
    def test_a_dry_run_only_says_it(self, parts: Parts, host_key: dict[str, str]) -> None:
        before = parts.files()
        said = parts.ran(f"DRY_RUN=yes; store_key '{key_file(parts.folder)}'", **host_key)
        assert parts.files() == before
        assert parts.record == []
        store(parts, **host_key)
        for place in parts.files() - before - {PLAIN, ENCRYPTED, "etc/pipit/made-by-install"}:
            assert f"would write {parts.root / place}\n" in said
        assert f"would store the API key in {parts.root / 'etc/pipit'}" in said

    def test_the_running_systemd_tries_the_key_before_the_plain_one_goes(self, parts: Parts) -> None:
        store(parts)
        parts.stand_in("systemctl", f'#!/bin/bash\necho "systemctl $*" >>"$RECORD"; [[ -e {parts.root / PLAIN} ]]\n')
        parts.boot()
        store(parts, **HOST_KEY)
        assert [line for line in parts.record if line.startswith("systemctl")] == [
            f"systemctl --root={parts.root} daemon-reload",
            f"systemctl --root={parts.root} restart pipit-key.service",
        ]
        assert PLAIN not in parts.files()

    def test_if_the_running_systemd_cannot_decrypt_it_the_plain_one_serves(self, parts: Parts) -> None:
        parts.boot()
        parts.stand_in("systemctl", "#!/bin/bash\n[[ $* != *restart* ]]\n")
        assert "not encrypted" in store(parts, **HOST_KEY)
        assert parts.read(PLAIN) == f"{KEY}\n"
        assert mode(parts.root / PLAIN) == "0o600"
        assert not {ENCRYPTED, TRIAL} & parts.files()
        assert "LoadCredential=" in parts.read(DROP_IN)


def test_the_drop_ins_name_the_files_that_the_installer_writes() -> None:
    plain = (CHECKOUT / "systemd/gemini-api-key.conf").read_text()
    encrypted = (CHECKOUT / "systemd/gemini-api-key.encrypted.conf").read_text()
    trial = (CHECKOUT / "systemd/pipit-key.service").read_text()
    assert f"LoadCredential=gemini-api-key:/{PLAIN}\n" in plain
    copied = f"/{ENCRYPTED} %t/pipit-key/gemini-api-key.cred"
    assert copied in trial
    assert "LoadCredentialEncrypted=gemini-api-key:/run/pipit-key/gemini-api-key.cred\n" in encrypted
