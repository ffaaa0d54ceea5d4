"""The settings of the home server, which reads [live] as an appliance does (whose key, what model) and [usage]."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from daemon.files import KB
from daemon.settings.field import OptionalFile, Table, named_hosts, problem, setting
from daemon.settings.host import WHAT_A_HOST_IS, is_service_url
from daemon.settings.listening_place import Names, certificate_setting, host_setting, names_setting, port_setting
from daemon.settings.place import LARGEST_AUTHORITY_BYTES, Place

_READER = "pipit-home"
"""The user of systemd/pipit-home-server.service."""


class ThinkerSettings(Table):
    """An OpenAI-compatible server of yours that thinks with brain = "openai": llama.cpp, Ollama and their like."""

    prose = {"instruction": "\n\t"}  # noqa: RUF012 - a ClassVar of Table

    url: str = setting(
        "",
        "Its address up to /v1, without /chat/completions.",
        max_length=300,
        fix='write "http://127.0.0.1:11434/v1"',
    )
    model: str = setting(
        "",
        "The model's name there; empty is whatever it serves.",
        max_length=200,
        pattern=r"^[\x21-\x7e]*$",
        fix='write a name that it lists, such as "qwen3:8b"',
    )
    key_file: OptionalFile = setting(
        "",
        "File that holds nothing but its key (mode 0600), if it wants one.",
        fix="name a file, or ''",
        place=Place(
            largest_bytes=64 * KB,
            if_missing="warned",
            secret=True,
            reader=_READER,
            fix="write it into a file of mode 0600, name that",
        ),
    )
    ca_file: OptionalFile = setting(
        "",
        "Certificate authority (PEM) to trust for an https:// address; empty is the system's.",
        fix="name a file, or ''",
        place=Place(
            largest_bytes=LARGEST_AUTHORITY_BYTES,
            content="authority",
            reader=_READER,
            fix="correct the path, or leave it empty",
        ),
    )
    patience_s: float = setting(
        20.0, "Longest wait for its first word, and for each that follows.", ge=1, le=300, fix="try 20"
    )
    max_tokens: int = setting(400, "Longest answer.", ge=16, le=8_192, fix="try 400")
    rounds: int = setting(4, "Most times that it may call tools for one request.", ge=1, le=20, fix="try 4")

    @field_validator("url")
    @classmethod
    def _of_a_service(cls, url: str) -> str:
        if url and not is_service_url(url, {"http", "https"}):
            raise problem(
                "must be an http:// or https:// URL of a host, without user, password or query",
                f'write "http://127.0.0.1:11434/v1"; a host is {WHAT_A_HOST_IS}',
            )
        return url.rstrip("/")


class HomeServerSettings(Table):
    """`pipit live-server --listen` on a stronger machine, for the Pipits of a house (docs/home-server.md)."""

    openai: ThinkerSettings = ThinkerSettings()
    brain: Literal["local", "relay", "openai"] = setting(
        "local",
        'Who answers: "local" is this machine alone, "relay" the service by the key of [live], "openai" the server in'
        " [home_server.openai].",
    )
    fallback: bool = setting(
        True,  # noqa: FBT003
        "Relay: this machine answers when the service cannot be reached, refuses, or the budget of [usage] is spent.",
    )
    host: str = host_setting()
    port: int = port_setting(8445)
    names: Names = names_setting("home.local")
    certificate: str = certificate_setting(_READER)
    models: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")], ...] = setting(
        (),
        "Relay: models that devices may use, for this house pays; empty is the one of [live] alone.",
        strict=False,
        max_length=20,
        fix='write a list, such as ["gemini-3.8-live"]',
    )
    sessions: int = setting(8, "Sessions open at a time, of all devices; more are refused.", ge=1, le=200, fix="try 8")
    device_sessions: int = setting(
        2, "Sessions open at a time for one device: the next may begin before the last has ended.", ge=1, le=20,
        fix="try 2",
    )  # fmt: skip
    device_per_minute: int = setting(20, "Sessions a minute for one device.", ge=1, le=600, fix="try 20")
    per_minute: int = setting(120, "Sessions a minute for all.", ge=1, le=6_000, fix="try 120")
    connections: int = setting(
        32, "Connections at a time, with those that say nothing; more are turned away.", ge=1, le=1_000, fix="try 32"
    )
    message_kb: int = setting(
        2_048, "Largest message of a device; a larger one ends its session.", ge=64, le=16_384, fix="try 2048"
    )
    reach_s: float = setting(
        3.0, "Relay: longest time for the service to accept a session.", ge=0.5, le=30, fix="try 3"
    )
    patience_s: float = setting(
        10.0, "Relay: longest time that a device, or the service, may take no message that waits for it.", ge=1, le=120,
        fix="try 10",
    )  # fmt: skip

    @field_validator("host", "names")
    @classmethod
    def _reachable(cls, given: str | tuple[str, ...]) -> str | tuple[str, ...]:
        return named_hosts(given)

    @field_validator("brain")
    @classmethod
    def _has_one(cls, brain: str, info: ValidationInfo) -> str:
        thinker = info.data.get("openai")
        if brain == "openai" and isinstance(thinker, ThinkerSettings) and not thinker.url:
            raise problem("needs an address of one", 'write url = "http://127.0.0.1:11434/v1" in [home_server.openai]')
        return brain
