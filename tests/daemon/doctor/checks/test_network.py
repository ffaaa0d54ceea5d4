"""Names are looked up by a stand-in, TLS is spoken with real sockets of this machine."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from daemon.doctor.checks.network import DNS, TLS
from daemon.machine.check import examine_one
from daemon.web.certificate import BACKDATING, LIFETIME, ensure_certificate
from tests.daemon.doctor.machine import BAD, GOOD, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from daemon.web.certificate import CertificateFiles
    from tests.daemon.doctor.machine import Machine

GOOGLE = "generativelanguage.googleapis.com"
FOUND = "192.0.2.7      STREAM {host}\n192.0.2.7      DGRAM\n2001:db8::7     STREAM\n"
CABLE = "Iface\tDestination\tGateway\neth0\t00000000\t0102A8C0\t0003\n"
NO_CABLE = "Iface\tDestination\tGateway\n"


class TestDns:
    def test_a_name_that_is_found(self, machine: Machine) -> None:
        machine.program("getent", FOUND.format(host=GOOGLE))
        finding = machine.finding(DNS)
        assert_finding(finding, GOOD, f"{GOOGLE} is 192.0.2.7")
        assert finding.facts["addresses"] == 2
        assert machine.calls("getent") == [f"ahosts {GOOGLE}"]

    def test_the_endpoint_of_the_settings_is_looked_up(self, machine: Machine) -> None:
        machine.settings('[live]\nendpoint = "https://relay.example:8443"\n')
        machine.program("getent", FOUND.format(host="relay.example"))
        assert_finding(machine.finding(DNS), GOOD, "relay.example")

    def test_a_name_that_is_not_found(self, machine: Machine) -> None:
        machine.program("getent", status=2)
        machine.file("/proc/net/route", CABLE)
        finding = machine.finding(DNS)
        assert_finding(finding, BAD, f"the name {GOOGLE} is not found")
        assert "DNS" in finding.fix

    def test_without_any_network_that_is_what_is_told(self, machine: Machine) -> None:
        machine.program("getent", status=2)
        machine.file("/proc/net/route", NO_CABLE)
        finding = machine.finding(DNS)
        assert_finding(finding, BAD, "connected to no network")
        assert "Wi-Fi" in finding.fix

    def test_a_route_by_ipv6_is_a_network(self, machine: Machine) -> None:
        machine.program("getent", status=2)
        machine.file("/proc/net/route", NO_CABLE)
        route = f"{'0' * 32} 00 {'0' * 32} 00 fe800000 00000400 00000001 00000000 00450003"
        machine.file("/proc/net/ipv6_route", f"{route} lo\n{route} wlan0\n")
        assert_finding(machine.finding(DNS), BAD, "the name")

    def test_where_nothing_can_be_looked_up(self, machine: Machine) -> None:
        assert_finding(machine.finding(DNS), SKIPPED, "getent")

    def test_of_a_proxy_the_name_is_looked_up(self, machine: Machine) -> None:
        machine.environ["HTTPS_PROXY"] = "http://user:password@proxy.example:3128"
        machine.program("getent", FOUND.format(host="proxy.example"))
        finding = machine.finding(DNS)
        assert_finding(finding, GOOD, "the proxy proxy.example is 192.0.2.7")
        assert "password" not in str(finding)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> CertificateFiles:
    return ensure_certificate(tmp_path_factory.mktemp("certificate"))


@contextmanager
def listening(context: ssl.SSLContext | None, *, says: bytes = b"") -> Iterator[int]:
    """A server on loopback that greets every visitor, by TLS if there is a context; its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def greet() -> None:
            while True:
                try:
                    visitor, _ = listener.accept()
                except OSError:
                    return
                with closing(visitor):
                    try:
                        if context:
                            context.wrap_socket(visitor, server_side=True).close()
                        else:
                            visitor.sendall(says)
                    except OSError:
                        continue

        thread = threading.Thread(target=greet)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def endpoint(machine: Machine, port: int, ca_file: Path | None = None, host: str = "127.0.0.1") -> None:
    machine.settings(f'[live]\nendpoint = "https://{host}:{port}"\nca_file = "{ca_file or ""}"\n')
    machine.program("getent", f"127.0.0.1 STREAM {host}\n")


class TestTls:
    def test_a_certificate_that_is_trusted(self, machine: Machine, certificate: CertificateFiles) -> None:
        with listening(certificate.server_context()) as port:
            endpoint(machine, port, certificate.ca_file)
            finding = machine.finding(TLS)
        assert_finding(finding, GOOD, f"TLS with 127.0.0.1:{port} works")
        assert int(finding.facts["milliseconds"]) >= 0

    def test_a_certificate_that_is_not_trusted(self, machine: Machine, certificate: CertificateFiles) -> None:
        with listening(certificate.server_context()) as port:
            endpoint(machine, port)
            finding = machine.finding(TLS)
        assert_finding(finding, BAD, "is not trusted")
        assert "ca-certificates" in finding.fix

    @pytest.mark.parametrize(
        ("made", "words", "code"),
        [
            (BACKDATING + timedelta(days=30), "not valid yet: the clock is wrong", 9),
            (-LIFETIME - timedelta(days=1), "has expired, or the clock is ahead", 10),
        ],
    )
    def test_a_certificate_of_another_time(
        self, machine: Machine, tmp_path: Path, made: timedelta, words: str, code: int
    ) -> None:
        files = ensure_certificate(tmp_path / "certificate", datetime.now(UTC) + made)
        with listening(files.server_context()) as port:
            endpoint(machine, port, files.ca_file)
            finding = machine.finding(TLS)
        assert_finding(finding, BAD, words)
        assert "check clock" in finding.fix
        assert finding.facts["verify_code"] == code

    def test_a_certificate_of_another_host(self, machine: Machine, certificate: CertificateFiles) -> None:
        with listening(certificate.server_context()) as port:
            endpoint(machine, port, certificate.ca_file, host="pipit.example")
            assert_finding(machine.finding(TLS), BAD, "not that of pipit.example")

    def test_a_page_in_between_that_speaks_no_tls(self, machine: Machine) -> None:
        with listening(None, says=b"HTTP/1.1 302 Found\r\n\r\n") as port:
            endpoint(machine, port)
            finding = machine.finding(TLS)
        assert_finding(finding, BAD, "does not speak TLS")
        assert "login page" in finding.fix

    def test_nobody_listens(self, machine: Machine) -> None:
        with listening(None) as port:
            endpoint(machine, port)
        finding = machine.finding(TLS)
        assert_finding(finding, BAD, "nobody listens at 127.0.0.1")
        assert "pipit live-server" in finding.fix

    def test_the_second_address_is_tried(self, machine: Machine, certificate: CertificateFiles) -> None:
        with listening(certificate.server_context()) as port:
            endpoint(machine, port, certificate.ca_file)
            machine.program("getent", "::1 STREAM localhost\n127.0.0.1 STREAM\n")
            assert_finding(machine.finding(TLS), GOOD, "works")

    def test_a_name_that_is_not_found_is_told_by_the_other_check(self, machine: Machine) -> None:
        machine.program("getent", status=2)
        assert_finding(machine.finding(TLS), SKIPPED, "see the check dns")

    def test_an_authority_that_has_gone(self, machine: Machine, tmp_path: Path) -> None:
        authority = ensure_certificate(tmp_path).ca_file
        endpoint(machine, 1, authority)
        site = machine.site()
        authority.unlink()
        finding = examine_one(TLS, site)
        assert_finding(finding, BAD, "ca.pem", "does not exist")


class TestProxy:
    """The proxy is a real one on loopback; the service behind it has a name that only the proxy knows."""

    @pytest.fixture
    def through_proxy(self, machine: Machine, tmp_path: Path) -> Iterator[Machine]:
        pem = self_signed("pipit.example", tmp_path / "server.pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        with listening(context) as port, proxy_to(port) as proxy:
            machine.settings(f'[live]\nendpoint = "https://pipit.example"\nca_file = "{pem}"\n')
            machine.environ["https_proxy"] = f"http://proxy.example:{proxy}"
            machine.program("getent", "127.0.0.1 STREAM proxy.example\n")
            yield machine

    def test_the_certificate_behind_it_is_looked_at(self, through_proxy: Machine) -> None:
        settings = through_proxy.settings_path.read_text()
        through_proxy.settings(settings.replace("https://pipit.example", "https://another.example"))
        assert_finding(through_proxy.finding(TLS), BAD, "not that of another.example")

    def test_a_proxy_that_only_the_shell_knows(self, through_proxy: Machine) -> None:
        through_proxy.unit(Environment="LG_WD=/run/pipit")
        finding = through_proxy.finding(TLS)
        assert_finding(finding, WARNING, "this shell knows and the service does not")
        assert "Environment=HTTPS_PROXY" in finding.fix

    def test_a_proxy_that_the_unit_knows(self, through_proxy: Machine) -> None:
        proxy = through_proxy.environ.pop("https_proxy")
        through_proxy.unit(Environment=f"LG_WD=/run/pipit HTTPS_PROXY={proxy}")
        assert_finding(through_proxy.finding(TLS), GOOD, "through the proxy proxy.example")

    def test_a_host_that_needs_no_proxy(self, through_proxy: Machine) -> None:
        through_proxy.environ["no_proxy"] = "10.0.0.1, .example"
        through_proxy.finding(TLS)
        assert through_proxy.calls("getent") == ["ahosts pipit.example"]


def self_signed(name: str, path: Path) -> Path:
    """A certificate that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return path


@contextmanager
def proxy_to(target: int) -> Iterator[int]:
    """An HTTP proxy that leads every CONNECT to the port `target` of loopback; its own port."""

    async def serve(ready: threading.Event, box: list[object]) -> None:
        async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"CONNECT ")
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", target)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            async with asyncio.TaskGroup() as group:
                group.create_task(pump(reader, there_writer))
                group.create_task(pump(there_reader, writer))

        stop = asyncio.Event()
        async with await asyncio.start_server(connect, "127.0.0.1", 0) as server:
            box += [server.sockets[0].getsockname()[1], asyncio.get_running_loop(), stop]
            ready.set()
            await stop.wait()

    ready, box = threading.Event(), []
    thread = threading.Thread(target=lambda: asyncio.run(serve(ready, box)))
    thread.start()
    assert ready.wait(10)
    port, loop, stop = box
    yield port
    loop.call_soon_threadsafe(stop.set)
    thread.join()


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with closing(writer):
        while data := await reader.read(65536):
            writer.write(data)
