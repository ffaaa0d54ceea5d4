"""Whose certificates are believed, and what is said of a file that holds none."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest

from daemon.events import Cause
from daemon.live.trust import CertificateUnusable, trust_of

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.web.certificate import CertificateFiles


def test_a_file_of_ones_own(certificate: CertificateFiles) -> None:
    context = trust_of(str(certificate.ca_file), {"SSL_CERT_FILE": "/nonexistent"})
    assert len(context.get_ca_certs()) == 1
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_what_the_environment_adds(certificate: CertificateFiles) -> None:
    before = len(trust_of("", {}).get_ca_certs())
    assert len(trust_of("", {"SSL_CERT_FILE": str(certificate.ca_file)}).get_ca_certs()) == before + 1


def refusal(ca_file: str, environ: dict[str, str]) -> CertificateUnusable:
    with pytest.raises(CertificateUnusable) as raised:
        trust_of(ca_file, environ)
    assert raised.value.cause is Cause.CERTIFICATE
    return raised.value


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "rubbish.pem").write_text("-----BEGIN RUBBISH-----\n")
    assert str(refusal(str(tmp_path / "rubbish.pem"), {})) == (
        f"{tmp_path}/rubbish.pem cannot be used: it holds no certificate. Fix: check [live] ca_file"
    )
    assert "No such file" in refusal(str(tmp_path / "none.pem"), {}).message
    assert "Is a directory" in refusal(str(tmp_path), {}).message
    assert refusal("a\0b", {}).message.endswith("its name is none")


@pytest.mark.parametrize("content", [None, b"", b"rubbish"])
def test_nor_does_a_variable_that_names_nothing_go_unnoticed(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_bytes(content)
    error = refusal("", {"SSL_CERT_FILE": str(tmp_path / "ca.pem")})
    assert error.message.startswith("the file in SSL_CERT_FILE cannot be used: ")
    assert error.fix == "correct SSL_CERT_FILE, or unset it"
