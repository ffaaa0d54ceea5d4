"""Whose certificates are believed: those of the authority in a file, else those that this system trusts."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING, Final

from daemon.errors import NoSession
from daemon.events import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE: Final = "SSL_CERT_FILE"
"""What OpenSSL reads instead of the system's own; of a file that is not there it says nothing, and trusts nobody."""


class CertificateUnusable(NoSession):
    """A file of certificates that holds none, or cannot be read."""

    cause = Cause.CERTIFICATE


def trust_of(ca_file: str, environ: Mapping[str, str] = os.environ) -> ssl.SSLContext:
    """A context that checks names and certificates; reads files. Raises CertificateUnusable."""
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ValueError) as error:
        what = ca_file or "the system's trust in certificates"
        raise _unusable(what, error, "check [live] ca_file" if ca_file else "check SSLKEYLOGFILE") from None
    named = environ.get(VARIABLE)
    if named and not ca_file:
        try:
            context.load_verify_locations(named)
        except (OSError, ValueError) as error:
            raise _unusable(f"the file in {VARIABLE}", error, f"correct {VARIABLE}, or unset it") from None
    return context


def _unusable(what: str, error: Exception, fix: str) -> CertificateUnusable:
    match error:
        case ssl.SSLError():
            why = "it holds no certificate"
        case OSError(strerror=str(reason)):
            why = reason
        case _:
            why = "its name is none"
    return CertificateUnusable(f"{what} cannot be used: {why}", fix=fix)
