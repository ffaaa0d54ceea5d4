"""The settings of the token broker, and of a device that asks one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.house.file import check
from daemon.web.certificate import ensure_certificate

if TYPE_CHECKING:
    from pathlib import Path


def problems(folder: Path, text: str) -> list[str]:
    file = folder / "pipit.toml"
    file.write_text(text)
    return [str(problem).removeprefix(f"{folder}/") for problem in check(file).problems]


def test_a_device_and_a_broker(tmp_path: Path) -> None:
    ensure_certificate(tmp_path)
    text = f"""
[live.credential]
broker = "https://broker.local:8444/"
broker_ca_file = "{tmp_path}/ca.pem"
secret_file = "/etc/pipit/secret"
[broker]
host = "0.0.0.0"
names = ["broker.local", "192.0.2.7", "2001:db8::1"]
lock = ["response", "voice", "instruction", "tools", "sampling", "thinking", "safety"]
"""
    assert problems(tmp_path, text) == []
    settings = check(tmp_path / "pipit.toml").settings
    assert settings is not None
    assert settings.live.credential.broker == "https://broker.local:8444"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            'file = "/k"\nbroker = "https://b"',
            "pipit.toml:3: live.credential.broker: cannot be used together with file",
        ),
        ('broker = "http://b"', "pipit.toml:2: live.credential.broker: must be an https:// URL of a host"),
        ('broker = "https://user:pass@b"', "must be an https:// URL of a host, without user, password or query"),
        ('broker = "b:8444"', "must be an https:// URL"),
        ('broker = "https://a..b"', "a host is letters, digits and hyphens between single dots"),
        (f'broker = "https://{"x" * 70}.local"', "must be an https:// URL"),
        ('broker_ca_file = "/ca.pem"', "broker_ca_file: has no meaning without broker"),
        ('secret_file = "/s"', "secret_file: has no meaning without broker"),
        ('broker = "https://b"\nbroker_ca_file = "/nowhere/ca.pem"', 'there is no file "/nowhere/ca.pem"'),
        ('broker = "https://b"\nsecret_file = "kitchen:abc"', "must be an absolute path, or empty"),
        ('broker = "https://b"\nsecret = "kitchen:abc"', "secrets are not kept in the settings"),
    ],
)
def test_what_is_wrong_with_a_device(tmp_path: Path, lines: str, said: str) -> None:
    told = "\n".join(problems(tmp_path, f"[live.credential]\n{lines}\n"))
    assert said in told
    assert "kitchen:abc" not in told
    assert "user:pass" not in told


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("port = 0", "broker.port: must be at least 1, not 0"),
        (
            'lock = ["instructions"]',
            (
                "broker.lock[1]: must be one of response, voice, instruction, tools, sampling, thinking, safety, not "
                '"instructions". Fix: did you mean "instruction"?'
            ),
        ),
        ("session_s = 30.0", "broker.session_s: must be at least 120"),
        ("session_s = 90000.0", "must be at most 72000"),
        ('host = "a..b"', 'broker.host: must be the name or address of a host, not "a..b". Fix: that is letters'),
        (f'host = "{"x" * 70}"', "broker.host: must be the name or address of a host"),
        ('host = "[::1]"', "no brackets"),
        ('names = ["a..b"]', 'broker.names: must be the name or address of a host, not "a..b"'),
        ('names = ["a b"]', "broker.names[1]: is not written as it must be"),
        ('certificate = "server.pem"', "broker.certificate: is not written as it must be"),
        ('hosts = "x"', 'broker.hosts: unknown key. Fix: did you mean "host"?'),
    ],
)
def test_what_is_wrong_with_a_broker(tmp_path: Path, line: str, said: str) -> None:
    [told] = problems(tmp_path, f"[broker]\n{line}\n")
    assert told.startswith("pipit.toml:2: ")
    assert said in told
