"""Where the key is looked for, and what is wrong with the places it should be in."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.conversation.causes import Cause
from daemon.conversation.no_session import KeyMissing, SecretMissing
from daemon.live.credentials import CREDENTIAL, SECRET_CREDENTIAL, find_key, find_secret


def key_file(folder: Path, text: str, *, mode: int = 0o600, name: str = "key") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


class TestOrder:
    def test_systemds_credential_comes_first(self, tmp_path: Path) -> None:
        key_file(tmp_path, "from-systemd\n", name=CREDENTIAL, mode=0o440)
        file = key_file(tmp_path, "from-file")
        environ = {"CREDENTIALS_DIRECTORY": str(tmp_path), "GEMINI_API_KEY": "from-environment"}
        assert find_key(str(file), environ) == "from-systemd"

    @pytest.mark.parametrize("text", ["\n", ""])
    def test_an_empty_credential_names_the_installers_command(self, tmp_path: Path, text: str) -> None:
        key_file(tmp_path, text, name=CREDENTIAL)
        with pytest.raises(KeyMissing, match=r"systemd hands on no API key.* Fix: sudo \./install\.sh key$"):
            find_key("", {"CREDENTIALS_DIRECTORY": str(tmp_path), "GEMINI_API_KEY": "from-environment"})

    def test_then_the_file(self, tmp_path: Path) -> None:
        file = key_file(tmp_path, "from-file\n")
        environ = {"CREDENTIALS_DIRECTORY": str(tmp_path), "GEMINI_API_KEY": "from-environment"}
        assert find_key(str(file), environ) == "from-file"

    def test_then_the_environment(self) -> None:
        assert find_key("", {"GEMINI_API_KEY": "from-environment"}) == "from-environment"

    def test_then_nothing(self) -> None:
        with pytest.raises(KeyMissing, match=r"there is no API key\. Fix: put one into a file of mode 0600"):
            find_key("", {})

    def test_a_named_file_is_not_passed_over(self, tmp_path: Path) -> None:
        with pytest.raises(KeyMissing, match="does not exist"):
            find_key(str(tmp_path / "absent"), {"GEMINI_API_KEY": "from-environment"})


class TestFile:
    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
    def test_open_to_others_is_refused(self, tmp_path: Path, mode: int) -> None:
        file = key_file(tmp_path, "secret", mode=mode)
        with pytest.raises(KeyMissing, match=rf"\(mode {mode:04o}\)") as caught:
            find_key(str(file), {})
        assert caught.value.fix == f"chmod 600 {file}"

    def test_read_only_is_fine(self, tmp_path: Path) -> None:
        assert find_key(str(key_file(tmp_path, "secret", mode=0o400)), {}) == "secret"

    def test_home_is_understood(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        key_file(tmp_path, "secret")
        assert find_key("~/key", {}) == "secret"

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        folder = tmp_path / "folder"
        folder.mkdir(mode=0o700)
        with pytest.raises(KeyMissing, match="is a folder"):
            find_key(str(folder), {})

    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe", 0o600)
        with pytest.raises(KeyMissing, match="is a named pipe, not a file"):
            find_key(str(tmp_path / "pipe"), {})

    def test_a_file_that_is_no_key_is_not_read_to_its_end(self, tmp_path: Path) -> None:
        with pytest.raises(KeyMissing, match="is larger than 64 kB"):
            find_key(str(key_file(tmp_path, "k" * 70_000)), {})

    @pytest.mark.parametrize("name", ["k" * 300, "~nobody-of-this-name/key"])
    def test_a_name_that_leads_nowhere(self, name: str) -> None:
        with pytest.raises(KeyMissing, match=r"has a longer name than a file can have|does not exist"):
            find_key(name, {})

    def test_a_credential_that_is_a_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "gemini-api-key", 0o600)
        with pytest.raises(KeyMissing, match="is a named pipe"):
            find_key("", {"CREDENTIALS_DIRECTORY": str(tmp_path)})

    def test_a_file_as_folder(self, tmp_path: Path) -> None:
        with pytest.raises(KeyMissing, match="goes through something that is no folder"):
            find_key(str(key_file(tmp_path, "secret") / "key"), {})


class TestText:
    @pytest.mark.parametrize("text", ["key\n", "key\r\n", "  key\t\n\n", "key"])
    def test_editors_newlines_are_stripped(self, tmp_path: Path, text: str) -> None:
        assert find_key(str(key_file(tmp_path, text)), {}) == "key"

    @pytest.mark.parametrize("text", ["", "\n", "   "])
    def test_empty(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(KeyMissing, match="is empty"):
            find_key(str(key_file(tmp_path, text)), {})

    @pytest.mark.parametrize(
        "text", ["two words", "two\nlines", "t\tab", "be\x07ll", "schlüssel", "\N{ZERO WIDTH SPACE}k"]
    )
    def test_malformed_is_refused_and_not_quoted(self, tmp_path: Path, text: str) -> None:
        for file, environ in ((str(key_file(tmp_path, text)), {}), ("", {"GEMINI_API_KEY": text})):
            with pytest.raises(KeyMissing, match="holds characters that no key has") as caught:
                find_key(file, environ)
            assert text not in str(caught.value)

    @given(st.text())
    def test_whatever_is_found_fits_into_a_header(self, text: str) -> None:
        try:
            key = find_key("", {"GEMINI_API_KEY": text})
        except KeyMissing:
            return
        assert key.isascii()
        assert key.isprintable()
        assert key == key.strip() != ""


class TestSecretOfTheBroker:
    def test_systemd_first_then_the_file(self, tmp_path: Path) -> None:
        file = key_file(tmp_path, "kitchen:file\n")
        assert find_secret(str(file), {}) == "kitchen:file"
        key_file(tmp_path, "kitchen:systemd\n", name=SECRET_CREDENTIAL, mode=0o440)
        assert find_secret(str(file), {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "kitchen:systemd"

    def test_none_says_where_one_comes_from(self) -> None:
        with pytest.raises(SecretMissing, match="token-broker add-device") as caught:
            find_secret("", {})
        assert caught.value.cause is Cause.BROKER_REFUSED

    def test_open_to_others(self, tmp_path: Path) -> None:
        file = key_file(tmp_path, "kitchen:x", mode=0o640)
        with pytest.raises(SecretMissing, match=r"the secret file .* is open to others \(mode 0640\)"):
            find_secret(str(file), {})

    def test_a_key_beside_a_broker_is_refused(self, tmp_path: Path) -> None:
        file = key_file(tmp_path, "kitchen:x")
        with pytest.raises(SecretMissing, match="both an API key, in GEMINI_API_KEY") as caught:
            find_secret(str(file), {"GEMINI_API_KEY": "hush"})
        assert "hush" not in str(caught.value)
        key_file(tmp_path, "hush", name=CREDENTIAL)
        with pytest.raises(SecretMissing, match="both an API key, which systemd hands on"):
            find_secret(str(file), {"CREDENTIALS_DIRECTORY": str(tmp_path)})

    def test_an_empty_key_of_systemd_is_none(self, tmp_path: Path) -> None:
        """The installer's drop-in hands on an empty line where no key was stored."""
        file = key_file(tmp_path, "kitchen:x", name="secret")
        key_file(tmp_path, "\n", name=CREDENTIAL)
        assert find_secret(str(file), {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "kitchen:x"
