"""The certificate that a server of ours shows in the network: one that the settings name, or one made for it."""

from __future__ import annotations

import ssl
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from daemon.errors import UsageError
from daemon.trust import show_chain
from daemon.web.certificate import LOOPBACK, ensure_certificate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LIFETIME: Final = timedelta(days=3650)
"""Of a certificate that a server makes: a new one would have to be carried to every device."""
EVERYWHERE: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - to be told apart


def shown_certificate(
    file: str, host: str, names: Sequence[str], folder: Path, table: str
) -> tuple[ssl.SSLContext, str]:
    """The TLS context, and what to tell whoever sets up a device.

    Without a `file` it is one in `folder`, for `host` and `names`. `table` has the settings of it. Blocks.
    Raises UsageError.
    """
    try:
        if file:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            show_chain(context, file)
            told = f"certificate   {file}"
        else:
            listened = () if host in EVERYWHERE else (host,)
            files = ensure_certificate(
                folder, names=tuple(dict.fromkeys((*names, *listened, *LOOPBACK))), lifetime=LIFETIME
            )
            context = files.server_context()
            told = f"authority     {files.ca_file}\nfingerprint   {files.fingerprint()}"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"there is no certificate to be had from {file or folder}: {reason}",
            fix=f"check [{table}] certificate and names, or name a folder that can be written by --state",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context, told
