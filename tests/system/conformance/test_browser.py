"""A page in a real browser, by the unmodified @google/genai: tokens by fetch, sessions by WebSocket, other origins."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.system.conformance.conftest import DEADLINE_S
from tests.system.conformance.js_sdk import SOURCES, installed_modules

BROWSER = os.environ.get("PIPIT_BROWSER", "")
RETRY = b"const once = (work) => work(1); once.AbortError = class extends Error {}; export default once;"

pytestmark = pytest.mark.skipif(not BROWSER, reason="PIPIT_BROWSER names no Chromium")


@asynccontextmanager
async def site(live: LiveServer, said: asyncio.Future[Any]) -> AsyncIterator[int]:
    """Serves the page and what it imports, on a port of its own, until it has posted what came of it."""
    genai = installed_modules() / "@google" / "genai" / "dist" / "web" / "index.mjs"
    files = {
        "/": ("text/html", (SOURCES / "page.html").read_bytes()),
        "/genai.mjs": ("text/javascript", genai.read_bytes()),
        "/p-retry.mjs": ("text/javascript", RETRY),
        "/where": ("application/json", json.dumps({"baseUrl": live.plain_url}).encode()),
        "/said": ("application/json", b"{}"),
    }

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split()[1]
        lengths = [int(line.split(":")[1]) for line in head.lower().splitlines() if line.startswith("content-length:")]
        body = await reader.readexactly(sum(lengths))
        kind, content = files.get(path, ("text/plain", b""))
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n".encode())
        writer.write(b"Connection: close\r\n\r\n" + content)
        await writer.drain()
        writer.close()
        if path == "/said" and not said.done():
            said.set_result(json.loads(body))

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def visited(host: str, live: LiveServer, folder: Path) -> Any:
    """What a page of `host` says came of its talk."""
    said: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    async with site(live, said) as port:
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={folder}")
        options += ("--no-proxy-server", f"--host-resolver-rules=MAP {host} 127.0.0.1")
        quiet = asyncio.subprocess.DEVNULL
        command = (BROWSER, *options, f"http://{host}:{port}/")
        process = await asyncio.create_subprocess_exec(*command, stdin=quiet, stdout=quiet, stderr=quiet)
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await said
        finally:
            process.terminate()
            await process.wait()


@pytest.mark.parametrize(
    ("host", "origins", "talks"),
    [
        pytest.param("localhost", (), True, id="of this machine"),
        pytest.param("app.example", (), False, id="of another site"),
        pytest.param("app.example", ("*",), True, id="of another site, let in"),
    ],
)
async def test_a_page(certificate_dir: Path, tmp_path: Path, host: str, origins: tuple[str, ...], talks: bool) -> None:
    brain = ScriptedBrain(Scenario([[Say("Hello from Pipit.", 0.5)]] * 2))
    async with LiveServer(
        brain, certificate_dir=certificate_dir, plain_port=0, keys={"right"}, origins=origins
    ) as live:
        said = await visited(host, live, tmp_path)
    assert said["origin"].startswith(f"http://{host}:")
    assert said["wrong"] == "400"  # read, not only refused
    expected = {"text": "Hello from Pipit.", "bytes": 24_000} if talks else {"code": 1006}
    assert (said["token"], said["key"]) == (expected, expected)
    assert len(live.sessions) == (2 if talks else 0)
