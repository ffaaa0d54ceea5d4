"""The settings of the token broker, which read [live] as an appliance does: what model, what voice, whose key."""

from typing import Annotated

from pydantic import Field, field_validator

from daemon.live.tokens import Lock
from daemon.settings.field import Table, named_hosts, setting
from daemon.settings.place import LARGEST_AUTHORITY_BYTES, Place


class BrokerSettings(Table):
    """`pipit token-broker` on a machine that holds the key; an appliance needs none of this (docs/token-broker.md)."""

    host: str = setting(
        "127.0.0.1",
        "Address to listen on; devices elsewhere need one of this machine in their network.",
        min_length=1,
        max_length=200,
        fix="write the address that your devices reach this machine by",
    )
    port: int = setting(8444, "Port to listen on.", ge=1, le=65_535, fix="try 8444")
    names: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9.:-]{1,200}$")], ...] = setting(
        (),
        "Names and addresses that devices call this machine by, for its certificate; host is one of them.",
        strict=False,
        max_length=20,
        fix='write a list, such as ["broker.local"]',
    )
    certificate: str = setting(
        "",
        "Certificate chain (PEM) to show, followed by its key; empty makes one, whose authority devices are given.",
        pattern=r"^$|^/",
        max_length=300,
        fix="name a file from / on, of mode 0600",
        place=Place(
            largest_bytes=LARGEST_AUTHORITY_BYTES,
            content="chain",
            reader="pipit-broker",
            fix="name the certificate followed by its key, or leave it empty",
        ),
    )
    lock: tuple[Lock, ...] = setting(
        ("response",),
        "What devices cannot choose, besides the model: [live] here decides. tools are Google's of [live.google], and"
        " none of the device's own.",
        strict=False,
        fix='write a list, such as ["response", "instruction"]',
    )
    session_s: float = setting(
        1800.0,
        "How long a token lasts; a conversation that lasts longer gets another.",
        ge=120,
        le=72_000,
        fix="try 1800",
    )
    start_s: float = setting(60.0, "How long a token waits for its session to begin.", ge=10, le=3600, fix="try 60")
    device_per_minute: int = setting(10, "Tokens a minute for one device.", ge=1, le=600, fix="try 10")
    per_minute: int = setting(60, "Tokens a minute for all.", ge=1, le=6000, fix="try 60")
    connections: int = setting(32, "Connections at a time; more are turned away.", ge=1, le=1000, fix="try 32")
    clock_tolerance_s: float = setting(
        300.0, "A device whose clock is further off is told so and gets no token.", ge=10, le=86_400, fix="try 300"
    )

    @field_validator("host", "names")
    @classmethod
    def _reachable(cls, given: str | tuple[str, ...]) -> str | tuple[str, ...]:
        return named_hosts(given)
