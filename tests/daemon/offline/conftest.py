"""Servers for the tests of the Live server's parts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from daemon.offline.server import LiveServer
from daemon.offline.service.faults import Stage
from tests.daemon.offline.live_client import DEADLINE_S

Serve = Callable[..., Any]


@pytest.fixture(scope="session")
def certificate_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One certificate for all tests."""
    return tmp_path_factory.mktemp("certificate")


@pytest.fixture
def serve(certificate_dir: Path) -> Serve:
    """`async with serve(brain, …) as server`: a recording server with a plain port too, and a deadline on its use."""

    @asynccontextmanager
    async def start(brain: Stage, **options: Any) -> AsyncIterator[LiveServer]:
        server = LiveServer(brain, certificate_dir=certificate_dir, plain_port=0, record=True, **options)
        async with asyncio.timeout(2 * DEADLINE_S), server:
            yield server

    return start
