"""Certificates that the settings name."""

import os
import ssl
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from daemon.conversation.causes import Cause
from daemon.trust import NoAuthority, authority_trouble, chain_trouble, show_chain, trusting
from daemon.web.certificate import ensure_certificate


def test_an_authority(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path)
    assert authority_trouble(files.ca_file) == ""
    assert trusting(str(files.ca_file)).cert_store_stats()["x509_ca"] == 1
    assert trusting("").verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize("content", [b"", b"hello", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_file_without_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ca.pem").write_bytes(content)
    with pytest.raises(NoAuthority, match=r"ca\.pem (is empty|holds no certificate in PEM)") as raised:
        trusting(str(tmp_path / "ca.pem"))
    assert raised.value.cause is Cause.CERTIFICATE


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert authority_trouble(tmp_path / "pipe") == "is a named pipe, not a file"
    assert chain_trouble(str(tmp_path / "pipe")) == "cannot be used: it is a named pipe, not a file"


def test_a_certificate_to_show(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path)
    assert chain_trouble(str(files.server_file)) == ""
    assert chain_trouble(str(files.ca_file)) == "holds no certificate in PEM followed by its key"
    assert stat.S_ISREG(files.server_file.stat().st_mode)


def test_nobody_is_asked_for_a_password(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path)
    pem = files.server_file.read_bytes()
    key = load_pem_private_key(pem, password=None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    end = b"-----END CERTIFICATE-----\n"
    (tmp_path / "locked.pem").write_bytes(pem.partition(end)[0] + end + locked)
    with pytest.raises(ValueError, match="its key has a password"):
        show_chain(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), str(tmp_path / "locked.pem"))


def test_what_the_environment_names_is_believed_besides(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path)
    own = {"SSL_CERT_FILE": str(files.ca_file)}
    assert len(trusting("", own).get_ca_certs()) == len(trusting("", {}).get_ca_certs()) + 1
    assert len(trusting(str(files.ca_file), {"SSL_CERT_FILE": "/nonexistent"}).get_ca_certs()) == 1


@pytest.mark.parametrize("content", [None, b"", b"rubbish"])
def test_nor_does_a_variable_that_names_nothing_go_unnoticed(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_bytes(content)
    with pytest.raises(NoAuthority, match="the file in SSL_CERT_FILE") as raised:
        trusting("", {"SSL_CERT_FILE": str(tmp_path / "ca.pem")})
    assert raised.value.fix == "correct SSL_CERT_FILE, or unset it"
