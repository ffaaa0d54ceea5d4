"""The broker from its settings: certificate, devices, terms; and what it says at the start."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509

from daemon.broker.command import Place, add_device, list_devices, remove_device, serve, terms_of
from daemon.conversation.no_session import KeyMissing
from daemon.errors import UsageError
from daemon.house.settings import Settings
from tests.daemon.live.telling import options_with

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.live.options import LiveOptions


def settings_of(**broker: Any) -> Settings:
    """Port 0 stands on the command line alone."""
    settings = Settings.model_validate({"broker": broker})
    return settings.model_copy(update={"broker": settings.broker.model_copy(update={"port": 0})})


def options() -> LiveOptions:
    return options_with(api_key="k")


async def started(settings: Settings, place: Place) -> list[str]:
    """What it says when it is ready, and then it is stopped."""
    ready: list[str] = []
    listening = asyncio.Event()

    def now(text: str) -> None:
        ready.append(text)
        listening.set()

    task = asyncio.create_task(serve(settings.broker, settings.live.model, place, options, now))
    waiting = asyncio.create_task(listening.wait())
    async with asyncio.timeout(60):
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    task.cancel()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return ready


async def test_it_says_where_it_is_and_what_to_trust(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(tmp_path)
    place.devices.add("kitchen")
    assert await started(settings_of(names=["broker.local"]), place) == ["giving tokens for gemini-3.8-live"]
    said = capsys.readouterr().out
    assert "token broker  https://127.0.0.1:" in said
    assert f"authority     {tmp_path}/ca.pem" in said
    assert "devices       kitchen" in said
    leaf = x509.load_pem_x509_certificate((tmp_path / "server.pem").read_bytes())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"broker.local", "localhost"} <= set(names.get_values_for_type(x509.DNSName))


async def test_the_certificate_stays_from_start_to_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await started(settings_of(), Place(tmp_path))
    first = (tmp_path / "ca.pem").read_text()
    await started(settings_of(), Place(tmp_path))
    assert (tmp_path / "ca.pem").read_text() == first
    assert "none yet: pipit token-broker add-device NAME" in capsys.readouterr().out


async def test_a_certificate_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await started(settings_of(), Place(tmp_path / "maker"))
    given = tmp_path / "maker" / "server.pem"
    await started(settings_of(certificate=str(given)), Place(tmp_path / "other"))
    assert f"certificate   {given}" in capsys.readouterr().out
    assert not (tmp_path / "other" / "server.pem").exists()


@pytest.mark.parametrize("text", [None, "", "no certificate"])
async def test_a_certificate_that_cannot_be_had(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "own.pem"
    if text is not None:
        file.write_text(text)
    settings = settings_of(certificate=str(file))
    with pytest.raises(UsageError, match=f"there is no certificate to be had from {file}"):
        await serve(settings.broker, settings.live.model, Place(tmp_path), options, lambda _: None)


async def test_without_a_key_it_does_not_even_start(tmp_path: Path) -> None:
    def none() -> LiveOptions:
        raise KeyMissing("there is no API key", fix="get one")

    settings = settings_of()
    with pytest.raises(KeyMissing):
        await serve(settings.broker, settings.live.model, Place(tmp_path), none, lambda _: None)


def test_the_terms_are_the_settings() -> None:
    terms = terms_of(settings_of(lock=["voice"], session_s=600.0, start_s=30.0).broker)
    assert (terms.locks, terms.lasts_s, terms.opens_s) == (("voice",), 600.0, 30.0)


def test_devices_come_and_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(tmp_path)
    add_device(place, "kitchen")
    secret = capsys.readouterr().out.strip()
    assert place.devices.recognise(secret) == "kitchen"
    list_devices(place)
    assert capsys.readouterr().out == "kitchen\n"
    remove_device(place, "kitchen")
    assert "gets no more tokens" in capsys.readouterr().out
    assert place.devices.names() == []
