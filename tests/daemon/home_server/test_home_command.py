"""The home server from its settings: what it prints, what it refuses to start with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.no_session import KeyMissing
from daemon.errors import ModelFileError, UsageError
from daemon.home_server.home_command import Means, add_device, list_devices, remove_device, serve
from daemon.home_server.settings import HomeServerSettings
from daemon.spending.settings import UsageSettings
from daemon.web.certificate import ensure_certificate
from tests.daemon.live.telling import options_with

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.live.options import LiveOptions


def means(folder: Path, **home: Any) -> Means:
    return Means(
        home=HomeServerSettings(**home).model_copy(update={"port": 0}),
        usage=UsageSettings(),
        prices=(),
        model="gemini-3.8-live",
        options=lambda: options_with(api_key="k"),
        state=folder / "state",
        models_dir=folder,
    )


async def test_it_says_where_it_listens_and_whom_it_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_device(tmp_path / "state", "kitchen")
    ready = asyncio.Event()
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        serving = group.create_task(serve(means(tmp_path, brain="relay", fallback=False), lambda _: ready.set()))
        await ready.wait()
        serving.cancel()
    secret, address, authority, fingerprint, devices = capsys.readouterr().out.splitlines()
    assert secret.startswith("kitchen:")
    assert address.startswith("home server   https://127.0.0.1:")
    assert authority == f"authority     {tmp_path / 'state' / 'ca.pem'}"
    assert fingerprint.startswith("fingerprint   ")
    assert devices == "devices       kitchen"


async def test_its_folder_is_made_even_if_its_certificate_is_elsewhere(tmp_path: Path) -> None:
    file = str(ensure_certificate(tmp_path / "elsewhere").server_file)
    ready = asyncio.Event()
    given = means(tmp_path, brain="relay", fallback=False, certificate=file)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        serving = group.create_task(serve(given, lambda _: ready.set()))
        await ready.wait()
        serving.cancel()
    assert (tmp_path / "state" / "pipit.db").exists()


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(UsageError, match="--state"):
        await serve(means(tmp_path), lambda _: None)


async def test_a_relay_does_not_start_without_a_key(tmp_path: Path) -> None:
    def missing() -> LiveOptions:
        raise KeyMissing("there is no API key", fix="store one")

    given = means(tmp_path, brain="relay", fallback=False)
    with pytest.raises(KeyMissing):
        await serve(Means(**{**vars(given), "options": missing}), lambda _: None)


@pytest.mark.parametrize("home", [{"brain": "local"}, {"brain": "relay"}])
async def test_it_does_not_start_without_the_models_it_would_need(tmp_path: Path, home: dict[str, Any]) -> None:
    with pytest.raises(ModelFileError):
        await serve(means(tmp_path, **home), lambda _: None)


def test_devices_are_added_listed_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("kitchen", "hall"):
        add_device(tmp_path, name)
    remove_device(tmp_path, "kitchen")
    capsys.readouterr()
    list_devices(tmp_path)
    assert capsys.readouterr().out == "hall\n"
