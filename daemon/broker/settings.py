"""The settings of the token broker, which read [live] as an appliance does: what model, what voice, whose key."""

from pydantic import field_validator

from daemon.live.tokens import Lock
from daemon.settings.field import Table, named_hosts, setting
from daemon.settings.listening_place import Names, certificate_setting, host_setting, names_setting, port_setting


class BrokerSettings(Table):
    """`pipit token-broker` on a machine that holds the key; an appliance needs none of this (docs/token-broker.md)."""

    host: str = host_setting()
    port: int = port_setting(8444)
    names: Names = names_setting("broker.local")
    certificate: str = certificate_setting("pipit-broker")
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
