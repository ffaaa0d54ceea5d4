"""The throw-away certificate: strict, private, kept while it is good."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from daemon.web.certificate import LIFETIME, RENEWAL, CertificateFiles, ensure_certificate

NOW = datetime.now(UTC)


def strict_context(files: CertificateFiles) -> ssl.SSLContext:
    """As Python 3.13 verifies by default."""
    context = ssl.create_default_context(cafile=files.ca_file)
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def shake_hands(files: CertificateFiles, name: str) -> None:
    """A TLS handshake with a server of that name, verified; raises ssl.SSLError if it fails."""
    near, far = socket.socketpair()
    near.settimeout(10)
    far.settimeout(10)
    server = threading.Thread(target=serve_one, args=(files, far))
    server.start()
    try:
        with strict_context(files).wrap_socket(near, server_hostname=name):
            pass
    finally:
        near.close()
        server.join(10)


def serve_one(files: CertificateFiles, connection: socket.socket) -> None:
    try:
        with files.server_context().wrap_socket(connection, server_side=True) as tls:
            tls.recv(1)
    except OSError:
        connection.close()


@pytest.mark.parametrize("name", ["127.0.0.1", "::1", "localhost"])
def test_passes_strict_verification(tmp_path: Path, name: str) -> None:
    shake_hands(ensure_certificate(tmp_path), name)


def test_vouches_for_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shake_hands(ensure_certificate(tmp_path), "example.org")


def test_extensions_that_rfc_5280_demands(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path)
    authority = x509.load_pem_x509_certificate(files.ca_file.read_bytes())
    leaf = x509.load_pem_x509_certificate(files.server_file.read_bytes())
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).critical
    assert authority.extensions.get_extension_for_class(x509.KeyUsage).critical
    identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    issuer = leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    assert issuer == identifier
    leaf.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)


def test_the_key_is_private_and_the_authority_has_none_left(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path / "new")
    assert files.server_file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    holders = [path.name for path in (tmp_path / "new").iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert holders == ["server.pem"]


def test_is_used_again(tmp_path: Path) -> None:
    before = ensure_certificate(tmp_path, NOW).server_file.read_bytes()
    assert ensure_certificate(tmp_path, NOW + LIFETIME - RENEWAL - timedelta(days=1)).server_file.read_bytes() == before


@pytest.mark.parametrize("later", [LIFETIME - RENEWAL + timedelta(days=1), -timedelta(days=2)])
def test_is_renewed_when_about_to_expire_or_not_yet_valid(tmp_path: Path, later: timedelta) -> None:
    before = ensure_certificate(tmp_path, NOW).ca_file.read_bytes()
    assert ensure_certificate(tmp_path, NOW + later).ca_file.read_bytes() != before


def delete_authority(files: CertificateFiles) -> None:
    files.ca_file.unlink()


def spoil_authority(files: CertificateFiles) -> None:
    files.ca_file.write_text("no certificate")


def drop_key(files: CertificateFiles) -> None:
    files.server_file.write_bytes(files.server_file.read_bytes().partition(b"-----BEGIN PRIVATE")[0])


def publish_key(files: CertificateFiles) -> None:
    files.server_file.chmod(0o644)


def mix_authorities(files: CertificateFiles) -> None:
    other = ensure_certificate(files.ca_file.parent / "other")
    files.ca_file.write_bytes(other.ca_file.read_bytes())


@pytest.mark.parametrize("damage", [delete_authority, spoil_authority, drop_key, publish_key, mix_authorities])
def test_is_made_anew_when_broken(tmp_path: Path, damage: Callable[[CertificateFiles], None]) -> None:
    files = ensure_certificate(tmp_path, NOW)
    before = files.server_file.read_bytes()
    damage(files)
    assert ensure_certificate(tmp_path, NOW).server_file.read_bytes() != before
    assert files.server_file.stat().st_mode & 0o777 == 0o600
    shake_hands(files, "localhost")


def test_two_servers_may_start_at_once(tmp_path: Path) -> None:
    threads = [threading.Thread(target=ensure_certificate, args=(tmp_path,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    shake_hands(ensure_certificate(tmp_path), "localhost")


def test_for_other_names(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path, names=("broker.local", "192.0.2.7"))
    for name in ("broker.local", "192.0.2.7"):
        shake_hands(files, name)
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shake_hands(files, "localhost")


def test_a_name_more_makes_another_and_a_name_less_does_not(tmp_path: Path) -> None:
    first = ensure_certificate(tmp_path, names=("a.local", "b.local")).fingerprint()
    assert ensure_certificate(tmp_path, names=("a.local",)).fingerprint() == first
    assert ensure_certificate(tmp_path, names=("a.local", "c.local")).fingerprint() != first


def test_for_as_long_as_is_said(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path, lifetime=timedelta(days=3650))
    leaf = x509.load_pem_x509_certificate(files.server_file.read_bytes())
    assert leaf.not_valid_after_utc > NOW + timedelta(days=3600)


def test_the_fingerprint_is_what_openssl_prints(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path)
    command = ["openssl", "x509", "-in", str(files.ca_file), "-noout", "-fingerprint", "-sha256"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.strip().partition("=")[2] == files.fingerprint()
