"""`pipit live-server`, in this process."""

from __future__ import annotations

import asyncio
import io
import socket
from contextlib import asynccontextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any

import pytest

from daemon.chat.line import connected
from daemon.errors import PipitError, PortInUse, SettingsError, UsageError
from daemon.offline.serving import ServingOptions, serve
from tests.daemon.live.telling import options_with
from tests.daemon.offline.live_client import DEADLINE_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SCENARIO = '[[turn]]\nsteps = [{ hear = "what is it" }, { say = "It is a test", tone_s = 0.1 }]\n'


class Printed(io.StringIO):
    """Standard output that can be awaited."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def write(self, text: str) -> int:
        self._news.set()
        return super().write(text)

    async def lines(self, count: int) -> dict[str, str]:
        """What the first `count` lines are about, and what they say."""
        while self.getvalue().count("\n") < count:
            self._news.clear()
            await self._news.wait()
        return {line[:11].rstrip(): line[13:] for line in self.getvalue().splitlines()}


@asynccontextmanager
async def serving(options: ServingOptions, **time: Any) -> AsyncIterator[Printed]:
    """What it prints, while it serves."""
    with redirect_stdout(Printed()) as printed:
        async with asyncio.timeout(2 * DEADLINE_S), asyncio.TaskGroup() as group:
            task = group.create_task(serve(options, **time))
            yield printed
            task.cancel()


@pytest.fixture
def scenario(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A scenario file, with the text that the test is parametrized with, if it is."""
    path = tmp_path / "scenario.toml"
    path.write_text(getattr(request, "param", SCENARIO))
    return path


def options_of(scenario: Path, certificate_dir: Path, **given: Any) -> ServingOptions:
    named = {"models": scenario.parent, "port": 0, "scenario": scenario, "certificate_dir": certificate_dir}
    named |= {"quick": True}  # tests have no time to listen
    return ServingOptions(**{**named, **given})


async def test_the_scenario_is_served_where_it_says_by_the_authority_it_names(
    scenario: Path, certificate_dir: Path
) -> None:
    async with serving(options_of(scenario, certificate_dir)) as printed:
        said = await printed.lines(2)
        live = options_with(api_key="any", endpoint=said["live server"], ca_file=said["authority"])
        async with connected(lambda: live) as line:
            exchange = await line.ask_in_writing("What is it?")
    assert (exchange.heard, exchange.said, len(exchange.reply)) == ("what is it", "It is a test", 2_400)
    assert set(said) == {"live server", "authority"}


async def test_without_tls_only_where_a_port_was_named(scenario: Path, certificate_dir: Path) -> None:
    async with serving(options_of(scenario, certificate_dir, plain_port=0)) as printed:
        url = (await printed.lines(3))["without TLS"]
        host, port = url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 ")
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("scenario", [SCENARIO + "[[connection]]\nhttp_status = 503\n"], indirect=True)
async def test_a_connection_suffers_what_the_scenario_says(scenario: Path, certificate_dir: Path) -> None:
    async with serving(options_of(scenario, certificate_dir)) as printed:
        said = await printed.lines(2)
        live = options_with(api_key="any", endpoint=said["live server"], ca_file=said["authority"])
        with pytest.raises(ExceptionGroup) as failure:
            async with connected(lambda: live):
                pass
        assert failure.group_contains(PipitError, match="overloaded")


@pytest.mark.parametrize(
    "scenario",
    ['[[turn]]\nsteps = [{ say = "long", tone_s = 20 }]\n[server.delivery]\nchunk_ms = 20000\n'],
    indirect=True,
)
async def test_the_server_is_as_the_scenario_says(scenario: Path, certificate_dir: Path) -> None:
    """And our own client takes a message of more than 1 MiB, the default limit of WebSocket clients."""
    async with serving(options_of(scenario, certificate_dir)) as printed:
        said = await printed.lines(2)
        live = options_with(api_key="any", endpoint=said["live server"], ca_file=said["authority"])
        async with connected(lambda: live) as line:
            exchange = await line.ask_in_writing("What is it?")
    assert len(exchange.reply) == 20 * 24_000


SAYS_HOW = "[server.delivery]\nrealtime = {}\nlead_ms = 100\nchunk_ms = 100\n"


@pytest.mark.parametrize(
    ("scenario", "quick", "slept"),
    [
        pytest.param(SCENARIO, False, [0.1], id="as the service"),
        pytest.param(SCENARIO, True, [], id="quick"),
        pytest.param(SCENARIO + SAYS_HOW.format("true"), True, [0.1], id="the scenario has the last word"),
        pytest.param(SCENARIO + SAYS_HOW.format("false"), False, [], id="either way"),
    ],
    indirect=["scenario"],
)
async def test_a_turn_is_over_when_it_was_heard(
    scenario: Path, certificate_dir: Path, quick: bool, slept: list[float]
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        if seconds > 100:  # until the connection has lived long enough
            await asyncio.Event().wait()
        waits.append(seconds)

    async with serving(options_of(scenario, certificate_dir, quick=quick), clock=lambda: 0.0, sleep=sleep) as printed:
        said = await printed.lines(2)
        live = options_with(api_key="any", endpoint=said["live server"], ca_file=said["authority"])
        async with connected(lambda: live) as line:
            assert len((await line.ask_in_writing("What is it?")).reply) == 2_400
    assert [wait for wait in waits if wait] == slept


async def test_an_origin_that_is_none_is_named(scenario: Path, certificate_dir: Path) -> None:
    with pytest.raises(UsageError, match=r"'example\.org' is no origin") as error:
        await serve(options_of(scenario, certificate_dir, origins=("https://a.b", "example.org")))
    assert "https://example.org:8080" in error.value.fix


@pytest.mark.parametrize("which", ["port", "plain_port"])
async def test_a_port_that_is_taken_is_named(scenario: Path, certificate_dir: Path, which: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=f"port {port} on 127.0.0.1") as error:
            await serve(options_of(scenario, certificate_dir, **{which: port}))
    assert "another port" in error.value.fix


@pytest.mark.parametrize(
    ("given", "culprit"),
    [
        pytest.param({"host": "192.0.2.1"}, "192.0.2.1", id="address of another machine"),
        pytest.param({"host": "no such host"}, "no such host", id="name that is none"),
        pytest.param({"port": 70_000}, r"0-65535\. Fix", id="port that is none"),
    ],
)
async def test_an_address_that_cannot_be_listened_on_is_a_usage_error(
    scenario: Path, certificate_dir: Path, given: dict[str, Any], culprit: str
) -> None:
    async with asyncio.timeout(DEADLINE_S):
        with pytest.raises(UsageError, match=culprit) as error:
            await serve(options_of(scenario, certificate_dir, **given))
    assert "None" not in str(error.value)
    assert error.value.fix


async def test_a_certificate_folder_that_cannot_be_written_is_a_usage_error(scenario: Path) -> None:
    with pytest.raises(UsageError, match=r"scenario\.toml"):
        await serve(options_of(scenario, scenario / "below"))


@pytest.mark.parametrize("scenario", ["[[turn]]\nsteps = [{ shout = 1 }]\n"], indirect=True)
async def test_a_scenario_that_is_none_is_refused_with_its_problems(scenario: Path, certificate_dir: Path) -> None:
    with pytest.raises(SettingsError, match=r"scenario\.toml"):
        await serve(options_of(scenario, certificate_dir))
