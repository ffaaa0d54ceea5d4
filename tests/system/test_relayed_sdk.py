"""Google's own Python SDK through a home server: taken up again by its handle, told to go, cut off on either side,
with a wrong secret, and one too many. TLS and sockets are real; the service is the offline server.
"""

from __future__ import annotations

import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import pytest
from google.genai import Client, types

from daemon.conversation.causes import Cause
from daemon.live.failures import explain
from daemon.offline.rehearsal.scenario import Say
from daemon.offline.service.faults import AbortSocket, CloseSocket, GoAway, SocketEnd, Wait
from tests.daemon.home_server.home import MODEL, TODAY, home, service, service_options

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from google.genai.live import AsyncSession

    from tests.daemon.home_server.home import House

DAY: Final = TODAY.date().isoformat()
ONE: Final = {"device_sessions": 1}
"""Whoever has not given its place back finds none."""


@asynccontextmanager
async def session(house: House, handle: str | None = None, secret: str = "") -> AsyncIterator[AsyncSession]:
    """One of the SDK's, with the secret of the kitchen or another as its API key."""
    trust = ssl.create_default_context(cafile=house.files.ca_file)
    options = types.HttpOptions(base_url=house.url, async_client_args={"ssl": trust})
    config = types.LiveConnectConfig(
        response_modalities=[types.Modality.AUDIO],
        output_audio_transcription=types.AudioTranscriptionConfig(),
        session_resumption=types.SessionResumptionConfig(handle=handle),
    )
    client = Client(api_key=secret or house.secret, http_options=options)
    async with client.aio.live.connect(model=MODEL, config=config) as live:
        yield live


async def asked(live: AsyncSession, words: str = "Hello") -> list[types.LiveServerMessage]:
    """All that is said to `words`, and in the end the handle that stands for it."""
    await live.send_client_content(turns=types.UserContent(words))
    messages = [message async for message in live.receive()]
    while not handle_in(messages):  # it comes after the turn
        messages.append(await anext(live.receive()))
    return messages


def said_in(messages: list[types.LiveServerMessage]) -> str:
    contents = [message.server_content for message in messages if message.server_content]
    return "".join(content.output_transcription.text or "" for content in contents if content.output_transcription)


def handle_in(messages: list[types.LiveServerMessage]) -> str:
    updates = [message.session_resumption_update for message in messages if message.session_resumption_update]
    return updates[-1].new_handle or "" if updates else ""


async def test_who_is_told_to_go_takes_the_conversation_up_by_its_handle(tmp_path: Path) -> None:
    async with (
        service(tmp_path, [Say("One.", tone_s=0.2), GoAway(30)], [Say("Two.", tone_s=0.2)]) as google,
        home(tmp_path, service_options(google), **ONE) as house,
    ):
        async with session(house) as live:
            first = await asked(live)
        await house.empty()
        async with session(house, handle_in(first)) as live:
            second = await asked(live, "And now?")
        setups = [record.setup for record in google.sessions]
        spent = house.ledger.spent(DAY)
    assert [said_in(first), said_in(second)] == ["One.", "Two."]
    [leave] = [message.go_away for message in first if message.go_away]
    assert leave.time_left == "30s"
    assert [setup and setup.handle for setup in setups] == ["", handle_in(first)]
    assert spent > 0


@pytest.mark.parametrize("end", [AbortSocket(), CloseSocket(1011, "The service is currently unavailable.")])
async def test_a_service_that_dies_in_mid_reply_ends_the_session_and_the_next_goes_on(
    tmp_path: Path, end: SocketEnd
) -> None:
    turns = [[Say("One.", tone_s=0.2)], [Say("Two", tone_s=0.2), end], [Say("Three.", tone_s=0.2)]]
    async with service(tmp_path, *turns) as google, home(tmp_path, service_options(google), **ONE) as house:
        async with session(house) as live:
            handle = handle_in(await asked(live))
            await live.send_client_content(turns=types.UserContent("Go on"))
            while not said_in([await anext(live.receive())]):
                pass
            with pytest.raises(Exception) as broken:  # noqa: PT011, PT012 - the SDK raises what it likes
                while True:
                    await anext(live.receive())
        cause = explain(broken.value, opened=True, secret=house.secret).cause
        assert cause is (Cause.OVERLOADED if isinstance(end, CloseSocket) else Cause.LOST)
        await house.empty()
        async with session(house, handle) as live:
            assert said_in(await asked(live, "Are you there?")) == "Three."


async def test_a_device_that_dies_in_mid_reply_ends_the_session_of_the_service_at_once(tmp_path: Path) -> None:
    """… its place is free again, and what was reported of its turns is booked."""
    turns = [[Say("One.", tone_s=0.2)], [Say("Two", tone_s=0.2), Wait(600_000)], [Say("Three.", tone_s=0.2)]]
    async with service(tmp_path, *turns) as google, home(tmp_path, service_options(google), **ONE) as house:
        async with session(house) as live:
            await asked(live)
            booked = house.ledger.spent(DAY)
            await live.send_client_content(turns=types.UserContent("Go on"))
            while not said_in([await anext(live.receive())]):
                pass
            live._ws.transport.abort()
            await google.sessions[0].until(lambda record: not record.open)
        assert google.sessions[0].close_code == 1000
        await house.empty()
        async with session(house) as live:
            assert said_in(await asked(live)) == "Three."
        assert 0 < booked < house.ledger.spent(DAY)


async def test_a_wrong_secret_is_a_key_that_is_refused(tmp_path: Path) -> None:
    async with service(tmp_path) as google, home(tmp_path, service_options(google)) as house:
        with pytest.raises(Exception) as refused:  # noqa: PT011
            async with session(house, secret="kitchen:guess"):
                pass
        assert explain(refused.value, opened=False, secret=house.secret).cause is Cause.KEY_REFUSED
        assert not google.sessions


async def test_one_session_too_many_is_told_as_a_quota_and_disturbs_no_other(tmp_path: Path) -> None:
    async with (
        service(tmp_path, [Say("One.", tone_s=0.2)]) as google,
        home(tmp_path, service_options(google), **ONE) as house,
        session(house) as live,
    ):
        with pytest.raises(Exception) as refused:  # noqa: PT011
            async with session(house):
                pass
        assert explain(refused.value, opened=False, secret=house.secret).cause is Cause.QUOTA
        assert said_in(await asked(live)) == "One."
        assert len(google.sessions) == 1
