"""Which proxy is on the way; what is done with it is in test_network.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.network import DNS
from daemon.doctor.checks.proxy import Place, proxy_to, service_proxies
from tests.daemon.doctor.machine import BAD, assert_finding

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine

SERVICE = Place("api.example", 443)


@pytest.mark.parametrize(
    ("environ", "place"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, Place("proxy", 3128)),
        ({"https_proxy": "proxy:3128"}, Place("proxy", 3128)),
        ({"all_proxy": "http://user:pass@proxy"}, Place("proxy", 80)),
        ({"http_proxy": "http://proxy:3128"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "example"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "no_proxy": "*"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "no_proxy": "other.example,le"}, Place("proxy", 3128)),
    ],
)
def test_of_the_shell(machine: Machine, environ: dict[str, str], place: Place | None) -> None:
    machine.environ |= environ
    assert proxy_to(machine.site(), SERVICE) == place


def test_the_units_outranks_the_shells(machine: Machine) -> None:
    machine.environ["HTTPS_PROXY"] = "http://of-the-shell:1"
    machine.unit(Environment="LG_WD=/run/pipit HTTPS_PROXY=http://of-the-unit:2 NO_PROXY=local.example")
    assert proxy_to(machine.site(), SERVICE) == Place("of-the-unit", 2)
    assert proxy_to(machine.site(), Place("local.example", 443)) is None


def test_an_exception_alone_is_no_proxy(machine: Machine) -> None:
    machine.unit(Environment="NO_PROXY=local.example")
    assert service_proxies(machine.site()) == {}


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_none_leads_to_this_machine(machine: Machine, host: str) -> None:
    machine.environ["HTTPS_PROXY"] = "http://proxy:3128"
    assert proxy_to(machine.site(), Place(host, 8443)) is None


def test_an_address_that_cannot_be_read_is_told_without_its_password(machine: Machine) -> None:
    machine.environ["HTTPS_PROXY"] = "http://user:secret@proxy:many"
    finding = machine.finding(DNS)
    assert_finding(finding, BAD, "proxy cannot be read")
    assert "secret" not in str(finding)


def test_one_that_no_session_can_take_is_told_by_the_name_of_its_variable(machine: Machine) -> None:
    machine.environ["ALL_PROXY"] = "socks5://proxy:1080"
    assert_finding(machine.finding(DNS), BAD, "the proxy in ALL_PROXY cannot be used")


@pytest.mark.parametrize(
    ("place", "shown"),
    [(Place("a.example", 443), "a.example"), (Place("a", 8443), "a:8443"), (Place("::1", 8443), "[::1]:8443")],
)
def test_the_usual_port_is_not_shown(place: Place, shown: str) -> None:
    assert str(place) == shown
