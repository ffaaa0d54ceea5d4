"""Voices and servers for the system tests."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import pytest

from daemon.brain.local import LocalBrain
from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.conftest import recordings_folder
from tests.repetition import THOROUGH
from tests.system.day.loop import SingleThreadedLoop
from tests.system.day.speech import ears, utterance, wake_word
from tests.system.home import Home, home, house_time
from tests.system.voices import Hum, Voice, recorded, synthetic

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from daemon.brain.recognition.recogniser import Recogniser

    Homes = Callable[..., AbstractAsyncContextManager[Home]]


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """In a home time jumps: nothing is waited for, and no deadline passes because the machine is busy."""
    at_home = {"at_home", "certificates"} & set(getattr(item, "fixturenames", ()))
    if at_home and item.get_closest_marker("real_time") is None:
        return {"simulated": SingleThreadedLoop}
    return {"real": asyncio.new_event_loop}


def hears_levels(item: pytest.Item) -> bool:
    """Whether the wake word is one level and speech another, as it may where hearing is not the matter."""
    return not THOROUGH and item.get_closest_marker("hears_levels") is not None


LOUD: Final = Voice(wake_word(), utterance(1, 1.6))
"""What ears that know levels take for a wake word and a request."""

read_out = cache(synthetic)


@pytest.fixture
def synthetic_voice(request: pytest.FixtureRequest) -> Voice:
    """… of whose requests the words are the synthetic voice's own where a brain is to understand them."""
    if not hears_levels(request.node):
        return read_out()
    understood = {"local_brain", "at_home_offline"} & set(request.fixturenames)
    return replace(LOUD, request=read_out().request) if understood else LOUD


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that asks for a voice runs with people or with the synthetic voice; a thorough one with both."""
    if "voice" in metafunc.fixturenames and hears_levels(metafunc.definition):
        metafunc.parametrize("voice", ["loud"], indirect=True)
    elif "voice" in metafunc.fixturenames:
        voices = [pytest.param("recorded", marks=pytest.mark.recordings), "synthetic"]
        if not THOROUGH:
            by_people = crc32(metafunc.function.__name__.encode()) % 2 and recordings_folder().is_dir()
            voices = voices[:1] if by_people else voices[1:]
        metafunc.parametrize("voice", voices, indirect=True)


@pytest.fixture
def voice(request: pytest.FixtureRequest) -> Voice:
    if request.param == "loud" or hears_levels(request.node):
        return LOUD
    if request.param == "recorded":
        return recorded(request.getfixturevalue("recordings"))
    return request.getfixturevalue("synthetic_voice")


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture
def hearing(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How a home is to hear, if not as the product does: the sound comes and goes in half as many periods, too."""
    levels = {"listener": lambda _, listening: ears(listening), "period_ms": 40}
    return levels if hears_levels(request.node) else {}


@pytest.fixture
def at_home(models: Path, certificates: Path, hearing: dict[str, Any]) -> Homes:
    """`async with at_home(scenario) as home`: the appliance and a server that plays the scenario."""

    @asynccontextmanager
    async def open_home(
        scenario: Scenario | None = None, *, server: dict[str, Any] | None = None, **tables: Any
    ) -> AsyncIterator[Home]:
        plot = scenario or Scenario()
        live = LiveServer(
            ScriptedBrain(plot), certificate_dir=certificates, faults=plot.faults, record=True, **(server or {})
        )
        async with live, home(live, models, **hearing, **tables) as here:
            yield here

    return open_home


@pytest.fixture(scope="session")
def local_brain(models: Path, remembering_recogniser: Recogniser) -> LocalBrain:
    """What answers without a network, by the clock of `at_home_offline`; its words are hummed."""
    return LocalBrain(
        models,
        lambda: datetime.fromtimestamp(house_time()).astimezone(),
        synthesiser=lambda _: Hum(),
        recogniser=remembering_recogniser,
    )


@pytest.fixture
def at_home_offline(models: Path, certificates: Path, local_brain: LocalBrain, hearing: dict[str, Any]) -> Homes:
    """`async with at_home_offline() as home`: the appliance and a server with the local brain, on a Monday at 07:59."""

    @asynccontextmanager
    async def open_home(**tables: Any) -> AsyncIterator[Home]:
        live = LiveServer(local_brain, certificate_dir=certificates, record=True)
        async with live, home(live, models, wall=house_time, **hearing, **tables) as here:
            yield here

    return open_home
