"""Where the key comes from, and that nothing shows it."""

from pathlib import Path

import pytest

from daemon.credential import CREDENTIAL, VARIABLE, find_key
from daemon.errors import KeyMissing

KEY = "AIzaSyA-0123456789abcdefghijklmnopqrstu"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n", encoding="ascii")
    path.chmod(0o600)
    return path


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    folder = tmp_path / "credentials"
    folder.mkdir()
    return folder


def test_the_credential_comes_first_then_the_file_then_the_environment(key_file: Path, credentials: Path) -> None:
    (credentials / CREDENTIAL).write_text("from-systemd", encoding="ascii")
    everywhere = {"CREDENTIALS_DIRECTORY": str(credentials), VARIABLE: "from-environment"}
    assert find_key(str(key_file), everywhere).get_secret_value() == "from-systemd"
    (credentials / CREDENTIAL).unlink()
    assert find_key(str(key_file), everywhere).get_secret_value() == KEY
    assert find_key("", everywhere).get_secret_value() == "from-environment"


def test_no_key_at_all() -> None:
    with pytest.raises(KeyMissing, match=r"there is no API key. Fix: run `sudo ./install.sh install`"):
        find_key("", {})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o602, 0o601])
def test_a_file_that_others_may_read_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(KeyMissing, match=r"may be read by other users\. Fix: run `sudo chmod 600") as raised:
        find_key(str(key_file), {VARIABLE: "another"})
    assert str(key_file) in raised.value.fix


def test_a_file_that_does_not_exist_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="nowhere cannot be read: No such file or directory"):
        find_key(str(tmp_path / "nowhere"), {VARIABLE: "another"})


def test_a_folder_is_no_key_file(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(KeyMissing, match="cannot be read: Is a directory"):
        find_key(str(tmp_path), {})


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_place_is_named(text: str) -> None:
    with pytest.raises(KeyMissing, match=r"\$GEMINI_API_KEY holds no API key, it is empty"):
        find_key("", {VARIABLE: text})


@pytest.mark.parametrize("text", [f"GEMINI KEY={KEY}", f"{KEY}\n{KEY}", f"{KEY}\x00", "schlüssel"])
def test_what_is_no_key_is_refused_unseen(text: str) -> None:
    with pytest.raises(KeyMissing, match="does not hold an API key and nothing else") as raised:
        find_key("", {VARIABLE: text})
    assert text not in str(raised.value)


def test_bytes_that_are_no_text_are_no_key(key_file: Path) -> None:
    key_file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KeyMissing, match="does not hold an API key"):
        find_key(str(key_file), {})


def test_white_space_around_a_key_is_cut_off() -> None:
    assert find_key("", {VARIABLE: f" {KEY}\r\n"}).get_secret_value() == KEY


def test_nothing_shows_the_key(key_file: Path) -> None:
    secret = find_key(str(key_file), {})
    assert KEY not in f"{secret} {secret!r} {[secret]}"
