"""Certificates that the settings name: whom to trust, and what to show. TLS libraries open files with no questions."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING, Final

from daemon.conversation.causes import Cause
from daemon.conversation.no_session import NoSession
from daemon.errors import one_line
from daemon.files import MB, FileTrouble, check_regular, read_regular

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LARGEST_BYTES: Final = 8 * MB
"""The system's own bundle of authorities has a quarter of a megabyte."""


class NoAuthority(NoSession):
    """The file of the authority to trust cannot be used."""

    cause = Cause.CERTIFICATE


VARIABLE: Final = "SSL_CERT_FILE"
"""What OpenSSL reads instead of the system's own; of a file that is not there it says nothing, and trusts nobody."""


def trusting(ca_file: str, environ: Mapping[str, str] = os.environ) -> ssl.SSLContext:
    """What to check a server's certificate with: `ca_file`, or the system's authorities if it is empty. Reads files.

    Raises NoAuthority.
    """
    if ca_file and (trouble := authority_trouble(ca_file)):
        raise NoAuthority(one_line(f"the certificate authority {ca_file} {trouble}"), fix="name its file (PEM)")
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ValueError):
        raise NoAuthority("the system's trust in certificates cannot be used", fix="check SSLKEYLOGFILE") from None
    named = environ.get(VARIABLE)
    if named and not ca_file:
        if trouble := authority_trouble(named):
            raise NoAuthority(f"the file in {VARIABLE} {trouble}", fix=f"correct {VARIABLE}, or unset it")
        context.load_verify_locations(named)
    return context


def authority_trouble(ca_file: Path | str) -> str:
    """Why nobody can be trusted by this file, in words that follow its name; empty if it holds an authority."""
    try:
        check_regular(ca_file, LARGEST_BYTES)
        read_regular(ca_file, LARGEST_BYTES)  # whether it may be read, too
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(ca_file)
    except FileTrouble as trouble:
        return trouble.what
    except (OSError, ValueError):  # ssl.SSLError is the first
        return "holds no certificate in PEM"
    return ""


def show_chain(context: ssl.SSLContext, file: str) -> None:
    """Let a server show the certificates in `file`, with the key after them. Raises OSError, ValueError.

    Nobody is there to be asked for a password.
    """
    try:
        check_regular(file, LARGEST_BYTES)
    except FileTrouble as trouble:
        raise ValueError(f"it {trouble.what}") from None
    context.load_cert_chain(file, password=_no_password)


def _no_password() -> str:
    raise ValueError("its key has a password; store it without")


def chain_trouble(file: str) -> str:
    """Why a server cannot show the certificate in this file, in words that follow its name; empty if it can."""
    try:
        show_chain(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), file)
    except PermissionError:
        return ""  # for its reader to say
    except ssl.SSLError:
        return "holds no certificate in PEM followed by its key"
    except (OSError, ValueError) as error:
        return f"cannot be used: {error}"
    return ""
