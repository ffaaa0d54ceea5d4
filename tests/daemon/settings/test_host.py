"""Hosts and addresses: what can be resolved, encoded and checked by everyone on the way, and nothing else."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.settings.host import is_host, is_service_url

HOSTS = [
    "localhost", "broker.local", "a", "a-b.c_d.example", "xn--bcher-kva.example", "1und1.de", "x" * 63 + ".de",
    ".".join(["x" * 49] * 5), "127.0.0.1", "0.0.0.0", "::", "::1", "2001:db8::1", "fe80::1",  # noqa: S104
]  # fmt: skip
NO_HOSTS = [
    "", ".", "a..b", ".a", "a.", "-a", "a-", "a.-b.c", "x" * 64, "a." + "x" * 70 + ".b", ".".join(["x" * 50] * 6),
    "a b", " a", "a\n", "a\0b", "a\tb", "a%20b", "fe80::1%eth0", "[::1]", "a]", "a/b", "a:80", "a@b", "bücher.de",
    "256.1.1.1", "1.2.3", "127.1", "1", "::1::", "12345::", "a_.b_-", "ａ.de", "a。b", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_hosts(host: str) -> None:
    assert is_host(host)
    if host:
        host.encode("idna")  # as the resolver does


def test_what_is_none() -> None:
    assert [host for host in NO_HOSTS if is_host(host)] == []


def test_addresses_of_services() -> None:
    places = [f"[{host}]" if ":" in host else host for host in HOSTS]
    rests = ("", ":1", ":8443", ":65535", "/", "/base/path", ":8443/~x/v1-2_3")
    urls = [f"https://{place}{rest}" for place, rest in product(places, rests)]
    assert [url for url in urls if not is_service_url(url, {"https"})] == []


def test_an_address_without_a_host() -> None:
    hosts = [host for host in NO_HOSTS if "/" not in host and ":80" not in host and host != "[::1]"]
    assert [host for host in hosts if is_service_url(f"https://{host}", {"https"})] == []


def test_what_is_no_address_of_a_service() -> None:
    urls = (
        "", "https://", "https:", "https:host", "http://host", "ftp://host", "host", "//host", "HTTPS//host",
        "https://host:", "https://host:0", "https://host:65536", "https://host:-1", "https://host:8a", "https://host:１",
        "https://u@host", "https://@host", "https://u:p@host", "https://:@host", "https://host?", "https://host?q=1",
        "https://host#", "https://host#f", "https://ho st", "https://host/a b", "https://ho\nst", "https://host\t",
        " https://host", "https://host ", "https://host\\x", "https://host/%2e", "https://[host]", "https://[::1", "https://::1",
        "https://[::1%25eth0]", "https://[v1.x]", "https://ho\u200bst", "https://host/\ud800", "https://[::1]x",
    )  # fmt: skip
    assert [url for url in urls if is_service_url(url, {"https"})] == []


@given(text=st.text() | st.text("ab.-:[]/@?#%8 \n", max_size=12).map("https://{}".format))
def test_what_passes_can_be_resolved(text: str) -> None:
    if is_host(text):
        text.encode("idna")
    if is_service_url(text, {"https"}):
        assert text.isascii()
        assert text.isprintable()
