"""A device's session: with the service by the key of the house, else with this machine; booked once for all."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import InvalidStatus

from daemon.home_server import device_line
from daemon.offline.rehearsal.scenario import Say
from daemon.offline.service.faults import CloseSocket, ConnectionFaults
from tests.daemon.home_server.home import (
    HERE,
    KEY,
    MODEL,
    TODAY,
    eventually,
    here,
    home,
    said,
    service,
    service_options,
)

if TYPE_CHECKING:
    from pathlib import Path

DAY = TODAY.date().isoformat()
SETUP: dict[str, Any] = {
    "model": f"models/{MODEL}",
    "realtimeInputConfig": {"automaticActivityDetection": {"disabled": True}},
    "outputAudioTranscription": {},
    "generationConfig": {"responseModalities": ["AUDIO"]},
}


async def test_the_service_answers_by_the_key_of_the_house(tmp_path: Path) -> None:
    async with service(tmp_path) as google, home(tmp_path, service_options(google), local=here()) as house:
        async with house.client() as client:
            await client.set_up(**SETUP)
            assert await said(client) == "Good day."
        assert google.sessions[0].setup
        assert google.sessions[0].setup.model == MODEL


async def test_two_sessions_are_booked_in_one_book(tmp_path: Path) -> None:
    async with service(tmp_path) as google, home(tmp_path, service_options(google)) as house:
        costs = []
        for secret in (house.secret, house.devices.add("hall")):
            async with house.client(secret) as client:
                await client.set_up(**SETUP)
                await said(client)
            costs.append(house.ledger.spent(DAY))
    assert 0 < costs[0] < costs[1] == 2 * costs[0]


async def test_where_the_budget_is_spent_the_turn_is_finished_and_then_this_machine_answers(tmp_path: Path) -> None:
    async with service(tmp_path) as google, home(tmp_path, service_options(google), local=here(), limit=1e-6) as house:
        async with house.client() as client:
            await client.set_up(**SETUP)
            assert await said(client) == "Good day."
            assert await client.closed() == (1011, "RESOURCE_EXHAUSTED: the spending limit of this house is reached")
        async with house.client() as client:
            await client.set_up(**SETUP)
            assert await said(client) == HERE
        assert len(google.sessions) == 1


@pytest.mark.parametrize(
    "options",
    [
        {"keys": {"another"}},
        {"faults": lambda _: ConnectionFaults(http_status=503)},
        {"faults": lambda _: ConnectionFaults(refuse=CloseSocket(1011, "quota exceeded"))},
        {"faults": lambda _: ConnectionFaults(silent=True)},
    ],
    ids=["key", "overloaded", "quota", "silent"],
)
async def test_where_the_service_refuses_this_machine_takes_the_same_setup(
    tmp_path: Path, options: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "daemon.home_server")
    async with (
        service(tmp_path, **options) as google,
        home(tmp_path, service_options(google), local=here(), reach_s=0.5) as house,
        house.client() as client,
    ):
        await client.set_up(**SETUP)
        assert await said(client, "a word of my own") == HERE
    assert "this machine answers" in caplog.text
    for private in (KEY, house.secret, "a word of my own", HERE):
        assert private not in caplog.text


async def test_who_cannot_be_reached_is_not_waited_for_again_at_once(tmp_path: Path) -> None:
    async with (
        service(tmp_path, faults=lambda _: ConnectionFaults(silent=True)) as google,
        home(tmp_path, service_options(google), local=here(), reach_s=0.5) as house,
    ):
        for passed_s, asked in ((0, 1), (29, 1), (2, 2)):
            house.clock.now_s += passed_s
            async with house.client() as client:
                await client.set_up(**SETUP)
                assert await said(client) == HERE
            assert len(google.sessions) == asked


async def test_without_a_fallback_the_cause_is_told(tmp_path: Path) -> None:
    async with (
        service(tmp_path, keys={"another"}) as google,
        home(tmp_path, service_options(google)) as house,
        house.client() as client,
    ):
        await client.send({"setup": SETUP})
        assert await client.closed() == (1007, "API key not valid. Please pass a valid API key.")


async def test_what_another_setup_would_mend_is_told_in_the_words_of_the_service(tmp_path: Path) -> None:
    async with service(tmp_path) as google, home(tmp_path, service_options(google)) as house:
        async with house.client() as client:
            await client.send({"setup": {**SETUP, "shoeSize": 43}})
            code, reason = await client.closed()
        assert (code, "shoeSize" in reason) == (1007, True)
        async with house.client() as client:
            await client.send({"setup": {**SETUP, "sessionResumption": {"handle": "of yesterday"}}})
            assert await client.closed() == (1008, "Requested entity was not found.")


async def test_a_setup_that_the_service_alone_refuses_is_not_answered_here(tmp_path: Path) -> None:
    def refusing(_: int) -> ConnectionFaults:
        return ConnectionFaults(refuse=CloseSocket(1007, "Request contains an invalid argument."))

    async with (
        service(tmp_path, faults=refusing) as google,
        home(tmp_path, service_options(google), local=here()) as house,
        house.client() as client,
    ):
        await client.send({"setup": SETUP})
        await client.write("Hello")
        assert await client.closed() == (1007, "Request contains an invalid argument.")


async def test_a_model_that_the_house_does_not_pay_for_reaches_nobody(tmp_path: Path) -> None:
    async with service(tmp_path) as google, home(tmp_path, service_options(google), local=here()) as house:
        async with house.client() as client:
            await client.send({"setup": {**SETUP, "model": "models/dearer"}})
            code, reason = await client.closed()
        assert (code, reason[:40]) == (1008, "models/dearer is not found for API versi")
        assert not google.sessions


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("garbage", 1007),
        (b"\xff\xfe", 1007),
        ("[]", 1007),
        ('{"setup": 1}', 1007),
        ('{"realtimeInput": {}}', 1007),
        ("[" * 50_000, 1007),
        ('{"setup": {}}', 1008),
        ("x" * (64 * 1024 + 1), 1009),
    ],
)
async def test_what_is_no_setup_is_refused_and_reaches_nobody(tmp_path: Path, frame: str | bytes, code: int) -> None:
    async with (
        service(tmp_path) as google,
        home(tmp_path, service_options(google), local=here(), message_kb=64) as house,
    ):
        async with house.client() as client:
            await client.socket.send(frame)
            assert (await client.closed())[0] == code
        assert not google.sessions


async def test_a_larger_message_than_allowed_ends_the_session_in_the_middle(tmp_path: Path) -> None:
    async with (
        service(tmp_path) as google,
        home(tmp_path, service_options(google), message_kb=64) as house,
        house.client() as client,
    ):
        await client.set_up(**SETUP)
        await client.socket.send("x" * (64 * 1024 + 1))
        assert (await client.closed())[0] == 1009
        await eventually(lambda: google.sessions[0].close_code)


async def test_so_many_sessions_for_a_device_and_for_all(tmp_path: Path) -> None:
    limits = {"sessions": 2, "device_sessions": 1}
    async with service(tmp_path) as google, home(tmp_path, service_options(google), **limits) as house:
        others = [house.devices.add(name) for name in ("hall", "attic")]
        async with house.client() as kitchen, house.client(others[0]) as hall:
            await kitchen.set_up(**SETUP)
            await hall.set_up(**SETUP)
            for secret in (house.secret, others[1]):
                async with house.client(secret) as client:
                    code, reason = await client.closed()
                assert (code, "Maximum concurrent sessions" in reason) == (1011, True)
        assert google.peak_sessions == 2
        await house.empty()
        async with house.client() as kitchen:
            await kitchen.set_up(**SETUP)


async def test_a_device_that_lost_the_network_finds_a_place_at_once_and_the_service_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_line, "ALIVE_S", 0.05)  # nobody answers at all
    async with (
        service(tmp_path) as google,
        home(tmp_path, service_options(google), device_sessions=1) as house,
        house.client() as before,
    ):
        await before.set_up(**SETUP)
        before.socket.transport.pause_reading()
        async with house.client() as after:
            await after.set_up(**SETUP)
            await google.sessions[0].until(lambda record: not record.open)
            assert google.sessions[1].open
        before.socket.transport.abort()


async def test_so_many_sessions_a_minute(tmp_path: Path) -> None:
    async with home(tmp_path, None, local=here(), device_per_minute=2) as house:
        for _ in range(2):
            async with house.client() as client:
                await client.set_up(**SETUP)
        with pytest.raises(InvalidStatus) as refused:
            async with house.client():
                pass
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["Retry-After"] == "60"
        house.clock.now_s += 60
        async with house.client() as client:
            await client.set_up(**SETUP)


async def test_the_brain_of_this_machine_alone_takes_secrets_too(tmp_path: Path) -> None:
    async with home(tmp_path, None, local=here()) as house, house.client() as client:
        await client.set_up(**SETUP)
        assert await said(client) == HERE


async def test_a_turn_that_the_service_breaks_off_is_broken_off_with_its_words(tmp_path: Path) -> None:
    turn = [Say("One"), CloseSocket(1011, "The service is currently unavailable.")]
    async with (
        service(tmp_path, turn) as google,
        home(tmp_path, service_options(google), local=here()) as house,
        house.client() as client,
    ):
        await client.set_up(**SETUP)
        await client.write("Hello")
        assert await client.closed() == (1011, "The service is currently unavailable.")
