"""A certificate of our own making, clean enough for Python 3.13's `VERIFY_X509_STRICT` (RFC 5280).

The authority signs once and its key is thrown away at once: nobody can make it vouch for anything else, so trusting
its `ca.pem` costs a client nothing.
"""

import fcntl
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from daemon.replaced_files import replace_content

LIFETIME: Final = timedelta(days=825)
"""The longest that common clients accept of a server certificate (Apple's limit since 2019)."""

RENEWAL: Final = timedelta(days=30)
"""A certificate with less than this left is replaced at the next start."""

BACKDATING: Final = timedelta(days=1)
"""So that a client whose clock is a little behind does not find the certificate not yet valid."""

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
"""Names that this machine has for itself."""


@dataclass(frozen=True)
class CertificateFiles:
    """Where the certificate lies: clients need `ca_file`, the server the other one, which holds its key too."""

    ca_file: Path
    server_file: Path

    def server_context(self) -> ssl.SSLContext:
        """A server's TLS context with this certificate; raises OSError or ssl.SSLError if the files are not usable."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server_file)
        return context

    def fingerprint(self) -> str:
        """SHA-256 of the authority, as `openssl x509 -fingerprint -sha256` prints it: to be compared by eye."""
        authority = x509.load_pem_x509_certificate(self.ca_file.read_bytes())
        return authority.fingerprint(hashes.SHA256()).hex(":").upper()


def ensure_certificate(
    directory: Path,
    now: datetime | None = None,
    *,
    names: Sequence[str] = LOOPBACK,
    lifetime: timedelta = LIFETIME,
) -> CertificateFiles:
    """The certificate in `directory` for `names` (hosts or addresses); one that cannot be used is made anew.

    That is one that is broken, lacks one of the names, or has expired at `now` (aware).

    Blocks for some milliseconds. Safe against a second server that starts at the same time. Raises OSError if the
    directory cannot be written.
    """
    now = now or datetime.now(UTC)
    files = CertificateFiles(directory / "ca.pem", directory / "server.pem")
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(directory / "lock"):
        if not _usable(files, now, names):
            _generate(files, now, names, lifetime)
    return files


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _usable(files: CertificateFiles, now: datetime, names: Sequence[str]) -> bool:
    """Whether the files exist, belong together, are private, and are valid for `names` at `now` and a while after."""
    try:
        authority = x509.load_pem_x509_certificate(files.ca_file.read_bytes())
        leaf_pem = files.server_file.read_bytes()
        leaf = x509.load_pem_x509_certificate(leaf_pem)
        key = load_pem_private_key(leaf_pem, password=None)
        leaf.verify_directly_issued_by(authority)
        own_key = key.public_key() == leaf.public_key()
        private = files.server_file.stat().st_mode & 0o077 == 0
        named = set(leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    first = max(authority.not_valid_before_utc, leaf.not_valid_before_utc)
    last = min(authority.not_valid_after_utc, leaf.not_valid_after_utc)
    return own_key and private and named >= set(_general_names(names)) and first <= now <= last - RENEWAL


def _generate(files: CertificateFiles, now: datetime, names: Sequence[str], lifetime: timedelta) -> None:
    authority_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    valid = now - BACKDATING, now + lifetime
    authority = _authority(authority_key, valid)
    leaf = _leaf(leaf_key.public_key(), authority, authority_key, valid, names)
    key_pem = leaf_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    replace_content(files.ca_file, authority.public_bytes(Encoding.PEM), 0o644)
    replace_content(files.server_file, leaf.public_bytes(Encoding.PEM) + key_pem, 0o600)


def _general_names(names: Sequence[str]) -> list[x509.GeneralName]:
    return [_general_name(name) for name in names]


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


Validity = tuple[datetime, datetime]


def _authority(key: ec.EllipticCurvePrivateKey, valid: Validity) -> x509.Certificate:
    name = _name("Pipit throw-away authority")
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        _builder(name, name, key.public_key(), valid)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    key: ec.EllipticCurvePublicKey,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    valid: Validity,
    names: Sequence[str],
) -> x509.Certificate:
    issuer_identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        _builder(_name(names[0][:64]), authority.subject, key, valid)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_general_names(names)), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(issuer_identifier, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, valid: Validity
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        subject_name=subject,
        issuer_name=issuer,
        public_key=key,
        serial_number=x509.random_serial_number(),
        not_valid_before=valid[0],
        not_valid_after=valid[1],
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
