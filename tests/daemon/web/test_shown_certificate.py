"""The certificate of a server in the network: its own, or one that is made for the names it has."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from daemon.errors import UsageError
from daemon.web.certificate import ensure_certificate
from daemon.web.shown_certificate import shown_certificate

if TYPE_CHECKING:
    from pathlib import Path


def test_one_is_made_for_its_names_its_address_and_this_machine(tmp_path: Path) -> None:
    context, told = shown_certificate("", "192.168.1.5", ("home.local",), tmp_path, "home_server")
    leaf = x509.load_pem_x509_certificate((tmp_path / "server.pem").read_bytes())
    named = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in named] == ["home.local", "192.168.1.5", "localhost", "127.0.0.1", "::1"]
    assert told.splitlines()[0] == f"authority     {tmp_path / 'ca.pem'}"
    assert told.splitlines()[1].startswith("fingerprint   ")
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_every_address_is_no_name(tmp_path: Path) -> None:
    shown_certificate("", "0.0.0.0", (), tmp_path, "home_server")  # noqa: S104
    leaf = x509.load_pem_x509_certificate((tmp_path / "server.pem").read_bytes())
    named = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "0.0.0.0" not in [str(name.value) for name in named]  # noqa: S104


def test_one_of_ones_own_is_shown(tmp_path: Path) -> None:
    file = ensure_certificate(tmp_path).server_file
    assert shown_certificate(str(file), "a", (), tmp_path / "x", "broker")[1] == f"certificate   {file}"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("text", ["garbage", ""])
def test_one_that_is_none_is_told_with_its_table(tmp_path: Path, text: str) -> None:
    file = tmp_path / "own.pem"
    file.write_text(text)
    with pytest.raises(UsageError, match=r"own\.pem.*\[home_server\]"):
        shown_certificate(str(file), "a", (), tmp_path, "home_server")


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="--state"):
        shown_certificate("", "a", (), tmp_path / "file" / "below", "broker")
