"""A device without a key: the unmodified SDK, the broker over TLS, tokens of the service, and what may go wrong."""

from __future__ import annotations

import logging
import re
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from daemon.broker.command import Minter
from daemon.broker.desk import Desk, Rules
from daemon.broker.device import BrokerTokens
from daemon.broker.enrolled import Devices
from daemon.broker.sockets import BrokerServer
from daemon.conversation.causes import Cause
from daemon.conversation.commands import Announce
from daemon.conversation.events import PlayoutDrained, SessionEnding, SessionLost
from daemon.conversation.exchange import State
from daemon.house.sessions import live_options
from daemon.house.settings import Settings
from daemon.live.minting import Terms
from daemon.live.settings import GoogleSettings
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.web.certificate import ensure_certificate
from tests.daemon.live.telling import options_with
from tests.system.home import Home, home

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from daemon.live.tokens import Token
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

KEY = "the-key-of-the-broker-alone"
MODEL = "gemini-3.8-live"
ANSWER = Say("Done.", tone_s=0.3)
SHORT = {"follow_up_s": 0, "linger_s": 0.2, "nothing_said_s": 3, "reply_deadline_s": 8}


@dataclass
class Wall:
    """A wall clock that may be wrong."""

    ahead_s: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead_s


@dataclass
class House:
    """A device, its broker and the service; what a test may turn."""

    home: Home
    service: LiveServer
    broker: BrokerServer
    devices: Devices
    secret: str
    brokers_clock: Wall
    minted: list[str]
    log: list[str] = field(default_factory=list)

    async def ask(self, voice: Voice, times: int = 1) -> None:
        self.home.say(voice.wake_and_request)
        await self.home.diary.until_happened(PlayoutDrained, times)

    async def lost(self, voice: Voice) -> SessionLost:
        """Ask, and be told why there is no answer."""
        self.home.say(voice.wake_and_request)
        lost = await self.home.diary.until_happened(SessionLost)
        await self.home.until_state(State.IDLE)
        return lost

    async def rest(self, number: int) -> None:
        """Wait until session `number` is closed."""
        await self.home.until_state(State.IDLE)
        session = await self.home.session(number)
        await session.until(lambda session: not session.open)


@dataclass
class Noting:
    """Makes tokens as the broker does, and keeps what they are called, so that a test can look for leaks."""

    minter: Minter
    minted: list[str]
    told_s: float | None = None
    """How long the device is told that a token lasts, if not the truth."""

    async def __call__(self) -> Token:
        token = await self.minter()
        self.minted.append(token.name)
        return token if self.told_s is None else replace(token, lasts_s=self.told_s)


@pytest.fixture
def living(models: Path, certificates: Path, hearing: dict[str, Any], tmp_path: Path) -> Any:
    """`async with living(…) as house`: everything real, on loopback."""

    @asynccontextmanager
    async def open_house(
        scenario: Scenario | None = None,
        *,
        terms: Terms | None = None,
        broker_live: dict[str, Any] | None = None,
        rules: dict[str, Any] | None = None,
        credential: dict[str, Any] | None = None,
        brokers_key: str = KEY,
        listening: dict[str, Any] | None = None,
        live: dict[str, Any] | None = None,
        told_s: float | None = None,
    ) -> AsyncIterator[House]:
        plot = scenario or Scenario(turns=[[ANSWER]] * 4)
        brain = ScriptedBrain(plot)
        files = ensure_certificate(certificates)
        devices, clock, minted = Devices(tmp_path / "devices"), Wall(), []
        secret = devices.add("kitchen")
        (tmp_path / "secret").write_text(secret)
        (tmp_path / "secret").chmod(0o600)
        async with LiveServer(
            brain, certificate_dir=certificates, faults=plot.faults, record=True, keys={KEY}
        ) as service:
            options = options_with(
                api_key=brokers_key,
                model=MODEL,
                endpoint=service.url,
                ca_file=str(service.ca_file),
                **(broker_live or {}),
            )
            granted = {"device_per_minute": 10, "per_minute": 60, "clock_tolerance_s": 300.0, **(rules or {})}
            granted_by_default = Terms(locks=["response"], lasts_s=1800, opens_s=60)
            mint = Noting(Minter(lambda: options, terms or granted_by_default), minted, told_s)
            desk = Desk(devices, Rules(model=MODEL, **granted), mint, wall=clock, now=time.monotonic)
            async with BrokerServer(
                desk.answer, files.server_context(), host="127.0.0.1", port=0, connections=4
            ) as broker:
                asked = {
                    "broker": f"https://127.0.0.1:{broker.port}",
                    "broker_ca_file": str(files.ca_file),
                    "secret_file": str(tmp_path / "secret"),
                    **(credential or {}),
                }
                async with home(
                    service,
                    models,
                    environ={},
                    **hearing,
                    live={"credential": asked, **(live or {})},
                    listening=listening or SHORT,
                ) as here:
                    yield House(here, service, broker, devices, secret, clock, minted)

    return open_house


async def test_a_device_without_a_key_holds_a_conversation(living: Any, synthetic_voice: Voice) -> None:
    async with living() as house:
        await house.ask(synthetic_voice)
        session = await house.home.session()
        assert session.path.endswith("v1alpha.GenerativeService.BidiGenerateContentConstrained")
        assert len(session.windows[0].samples) > len(synthetic_voice.request)


async def test_what_is_locked_wins_over_what_the_device_asks(living: Any, synthetic_voice: Voice) -> None:
    locked = {"voice": "Puck", "system_instruction": "Be kind.", "google": GoogleSettings()}
    terms = Terms(locks=["response", "voice", "instruction", "tools"], lasts_s=1800, opens_s=60)
    wishes = {"voice": "Zephyr", "system_instruction": "Be rude.", "google": {"search": True}}
    async with living(terms=terms, broker_live=locked, live=wishes) as house:
        await house.ask(synthetic_voice)
        setup = (await house.home.session()).setup
        assert setup is not None
        assert (setup.voice, setup.system_instruction, setup.functions) == ("Puck", "Be kind.", ())
        assert setup.detection is None  # the device's own: it was not locked


async def test_a_secret_that_was_taken_back_opens_nothing(living: Any, synthetic_voice: Voice) -> None:
    async with living() as house:
        house.devices.remove("kitchen")
        assert (await house.lost(synthetic_voice)).cause is Cause.BROKER_REFUSED
        assert Announce(Cause.BROKER_REFUSED) in house.home.diary.commands
        assert not house.minted


async def test_a_token_that_is_revoked_is_replaced_by_another(living: Any, synthetic_voice: Voice) -> None:
    """The service forgets the token that would have resumed; the device asks for one more, and no word is lost."""
    async with living() as house:
        await house.ask(synthetic_voice, 1)
        await house.rest(1)
        house.service.tokens.revoke()
        await house.ask(synthetic_voice, 2)
        assert len(house.minted) == 2
        assert [lost.cause for lost in house.home.diary.all(SessionLost)] == [Cause.TOKEN_REFUSED]
        assert not [c for c in house.home.diary.commands if isinstance(c, Announce)]
        last = house.service.sessions[-1]
        assert last.setup is not None
        assert last.setup.handle
        assert len(last.windows[0].samples) > len(synthetic_voice.request)


async def test_going_on_after_a_pause_takes_no_other_token(living: Any, synthetic_voice: Voice) -> None:
    async with living() as house:
        await house.ask(synthetic_voice, 1)
        await house.rest(1)
        await house.ask(synthetic_voice, 2)
        assert len(house.minted) == 1
        setup = (await house.home.session(2)).setup
        assert setup is not None
        assert setup.handle


async def test_a_session_is_renewed_before_its_token_expires(living: Any, synthetic_voice: Voice) -> None:
    """A token of some seconds, a conversation of longer: the second turn is on another session that knows the first."""
    listening = {"follow_up_s": 20, "linger_s": 30, "nothing_said_s": 3, "reply_deadline_s": 8}
    async with living(told_s=6.0, listening=listening) as house:
        await house.ask(synthetic_voice, 1)
        await house.home.diary.until_happened(SessionEnding)
        house.home.say(synthetic_voice.request)
        await house.home.diary.until_happened(PlayoutDrained, 2)
        first, second = await house.home.session(1), await house.home.session(2)
        assert first.close_code == 1000  # ours, not the service's 1011
        assert second.setup is not None
        assert second.setup.handle
        assert len(house.minted) >= 2
        assert not house.home.diary.all(SessionLost)


async def test_nothing_secret_is_logged_by_anyone(
    living: Any, synthetic_voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    """All of the conversation, a refusal and a lost session, with every logger of device and broker wide open."""
    caplog.set_level(logging.DEBUG)
    async with living(live={"context": {"resume_h": 0}}) as house:  # else its token serves once more
        await house.ask(synthetic_voice)
        await house.rest(1)
        house.devices.remove("kitchen")
        await house.lost(synthetic_voice)
        secrets = [KEY, house.secret, house.secret.partition(":")[2], *house.minted]
        assert house.minted
    for record in caplog.records:
        text = logging.Formatter("%(name)s %(message)s").format(record)  # with its traceback
        if record.name.startswith("websockets.server"):
            continue  # the service's own side of the wire, which this test plays
        for secret in secrets:
            assert secret not in text, record.name
            assert secret not in repr(record.args), record.name
    assert "a token for kitchen" in caplog.text
    assert not re.search(r"auth_tokens/\S", "".join(session.path for session in house.service.sessions))


async def test_options_and_tokens_show_no_secret() -> None:
    tokens = BrokerTokens("https://b", "", lambda: "kitchen:hush", MODEL)
    options = replace(live_options(Settings(), "hush-key"), tokens=tokens)
    assert "hush" not in repr(options)
    assert "hush" not in repr(tokens)
