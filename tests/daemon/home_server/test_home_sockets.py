"""Who gets in: by TLS, with a secret, at the paths of the Live API, and no more than there is room for."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

import pytest
from websockets.exceptions import InvalidStatus

from daemon.errors import PortInUse, UsageError
from daemon.live.lookup import Answer, look_up
from tests.daemon.home_server.home import MODEL, here, home
from tests.daemon.live.telling import options_with
from tests.daemon.offline.live_client import PATH

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("secret", ["", "kitchen", "kitchen:guess", "hall:guess", "ü", "k" * 4_000])
async def test_a_wrong_secret_opens_nothing(tmp_path: Path, secret: str, caplog: pytest.LogCaptureFixture) -> None:
    async with home(tmp_path, None, local=here()) as house:
        with pytest.raises(InvalidStatus) as refused:
            async with house.client(secret):
                pass
        assert refused.value.response.status_code == 401
    assert not secret or f":{secret}" not in caplog.text


async def test_a_device_that_is_removed_opens_nothing_any_more(tmp_path: Path) -> None:
    async with home(tmp_path, None, local=here()) as house:
        house.devices.remove("kitchen")
        with pytest.raises(InvalidStatus, match="401"):
            async with house.client():
                pass


async def test_a_file_of_devices_that_cannot_be_read_lets_nobody_in(tmp_path: Path) -> None:
    async with home(tmp_path, None, local=here()) as house:
        house.devices.path.write_text("nonsense\n")
        with pytest.raises(InvalidStatus, match="503"):
            async with house.client():
                pass


@pytest.mark.parametrize("target", ["/", PATH + "Constrained", "/v1beta/auth_tokens", PATH.replace("v1beta", "v9")])
async def test_there_is_nothing_at_other_paths(tmp_path: Path, target: str) -> None:
    async with home(tmp_path, None, local=here()) as house:
        with pytest.raises(InvalidStatus, match="404"):
            async with house.client(target=target):
                pass


async def test_a_page_of_a_browser_opens_nothing(tmp_path: Path) -> None:
    async with home(tmp_path, None, local=here()) as house:
        with pytest.raises(InvalidStatus, match="403"):
            async with house.client(origin="https://example.org"):
                pass


async def test_the_secret_may_stand_wherever_clients_write_a_key(tmp_path: Path) -> None:
    async with home(tmp_path, None, local=here()) as house, house.client("", f"{PATH}?key={house.secret}") as client:
        await client.set_up()


async def test_the_doctors_question_about_a_model_is_answered(tmp_path: Path) -> None:
    async with home(tmp_path, None, local=here()) as house:
        right, wrong = (
            options_with(api_key=key, endpoint=house.url, ca_file=str(house.files.ca_file), model=MODEL)
            for key in (house.secret, "kitchen:guess")
        )
        assert (await asyncio.to_thread(look_up, right, 5.0)).answer is Answer.AVAILABLE
        assert (await asyncio.to_thread(look_up, wrong, 5.0)).answer is Answer.KEY_WRONG


async def test_without_tls_nothing_is_said(tmp_path: Path) -> None:
    async with home(tmp_path, None, local=here()) as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert not (await reader.read()).startswith(b"HTTP")
        writer.transport.abort()


async def test_more_connections_than_there_is_room_for_are_closed_before_tls(tmp_path: Path) -> None:
    async with home(tmp_path, None, local=here(), connections=2) as house:
        silent = [await asyncio.open_connection("127.0.0.1", house.server.port) for _ in range(2)]
        trust = ssl.create_default_context(cafile=house.files.ca_file)
        with pytest.raises((ConnectionError, ssl.SSLError)):
            await asyncio.open_connection("127.0.0.1", house.server.port, ssl=trust)
        assert house.server.guests.turned_away == 1
        for _, writer in silent:
            writer.transport.abort()


async def test_an_address_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.1"):
        async with home(tmp_path, None, local=here(), host="192.0.2.1"):
            pass


async def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    async with home(tmp_path / "one", None, local=here()) as house:
        with pytest.raises(PortInUse, match=f"port {house.server.port} on 127.0.0.1"):
            async with home(tmp_path / "two", None, local=here(), port=house.server.port):
                pass
