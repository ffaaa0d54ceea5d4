"""A server to talk with."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.daemon.live.telling import options_with

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from daemon.live.options import LiveOptions
    from daemon.offline.service.faults import ConnectionFaults
    from tests.daemon.chat.chatting import Serve

DEADLINE_S = 60.0


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture
def serve(certificates: Path) -> Serve:
    """`async with serve(turns…) as (server, options)`, with a deadline on its use."""

    @asynccontextmanager
    async def start(
        *turns: Any, connections: list[ConnectionFaults] | None = None, model: str = "gemini-3.8-live", **given: Any
    ) -> AsyncIterator[tuple[LiveServer, LiveOptions]]:
        plot = Scenario(turns, connections or [])
        brain = ScriptedBrain(plot)
        server = LiveServer(brain, certificate_dir=certificates, faults=plot.faults, record=True, **given)
        async with asyncio.timeout(DEADLINE_S), server:
            yield (
                server,
                options_with(api_key="test-key", model=model, endpoint=server.url, ca_file=str(server.ca_file)),
            )

    return start
