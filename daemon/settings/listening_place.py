"""The settings of a program that listens for devices in a network: where, by what names, and with which certificate."""

from typing import Annotated, Any

from pydantic import Field

from daemon.settings.field import setting
from daemon.settings.place import LARGEST_AUTHORITY_BYTES, Place

Names = tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9.:-]{1,200}$")], ...]
"""Of hosts; `named_hosts` says what else each has to be."""


def host_setting() -> Any:
    return setting(
        "127.0.0.1",
        "Address to listen on; devices elsewhere need one of this machine in their network.",
        min_length=1,
        max_length=200,
        fix="write the address that your devices reach this machine by",
    )


def port_setting(port: int) -> Any:
    return setting(port, "Port to listen on.", ge=1, le=65_535, fix=f"try {port}")


def names_setting(example: str) -> Any:
    return setting(
        (),
        "Names and addresses that devices call this machine by, for its certificate; host is one of them.",
        strict=False,
        max_length=20,
        fix=f'write a list, such as ["{example}"]',
    )


def certificate_setting(reader: str) -> Any:
    """`reader` is the user that the program runs as."""
    return setting(
        "",
        "Certificate chain (PEM) to show, followed by its key; empty makes one, whose authority devices are given.",
        pattern=r"^$|^/",
        max_length=300,
        fix="name a file from / on, of mode 0600",
        place=Place(
            largest_bytes=LARGEST_AUTHORITY_BYTES,
            content="chain",
            reader=reader,
            fix="name the certificate followed by its key, or leave it empty",
        ),
    )
