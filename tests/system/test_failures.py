"""Sessions that are refused or lost, in each state; microphones that go away. Each is told, and none sticks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.causes import Cause
from daemon.conversation.commands import Announce, Earcon, OpenSession, PlayEarcon
from daemon.conversation.events import PlayoutDrained, ReplyStarted, SessionLost, SessionOpened
from daemon.conversation.exchange import State
from daemon.offline.rehearsal.scenario import Call, Say, Scenario
from daemon.offline.service.faults import CloseSocket, ConnectionFaults, Loss, Wait

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.conftest import Homes
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

REPLY = Say("Done.", tone_s=0.3)


def refusing(code: int, reason: str) -> dict[str, Any]:
    return {"scenario": Scenario(connections=[ConnectionFaults(refuse=CloseSocket(code, reason))])}


REFUSALS = [
    pytest.param({"server": {"keys": {"another"}}}, Cause.KEY_REFUSED, id="wrong key"),
    pytest.param({"server": {"models": {"gemini-9"}}}, Cause.MODEL_UNKNOWN, id="unknown model"),
    pytest.param({"environ": {}}, Cause.KEY_MISSING, id="no key"),
    pytest.param(
        refusing(1007, "Invalid JSON payload received. Unknown name \"x\" at 'setup': Cannot find field."),
        Cause.SETUP_REFUSED,
        id="configuration",
    ),
    pytest.param(refusing(1011, "RESOURCE_EXHAUSTED: quota exceeded"), Cause.QUOTA, id="quota"),
    pytest.param({"live": {"endpoint": "https://127.0.0.1:1"}}, Cause.NO_NETWORK, id="nobody listens"),
    pytest.param({"live": {"endpoint": "https://nowhere.invalid"}}, Cause.NO_NETWORK, id="no such host"),
    pytest.param(
        {"scenario": Scenario(connections=[ConnectionFaults(silent=True)]), "live": {"connect_timeout_s": 1.0}},
        Cause.TIMEOUT,
        id="never answered",
    ),
]


@pytest.mark.parametrize(("circumstances", "cause"), REFUSALS)
async def test_a_session_that_is_refused_is_told_by_its_cause(
    at_home: Homes, synthetic_voice: Voice, circumstances: dict[str, Any], cause: Cause
) -> None:
    async with at_home(**circumstances) as home:
        home.say(synthetic_voice.wake_and_request)
        lost = await home.diary.until_happened(SessionLost)
        assert lost.cause is cause
        assert "test-key" not in lost.detail
        await home.until_state(State.IDLE)
        assert Announce(cause) in home.diary.commands
        assert "failed" in home.indicator.shown


async def test_an_untrusted_certificate_is_told_as_one(at_home: Homes, synthetic_voice: Voice, tmp_path: Path) -> None:
    from daemon.web.certificate import ensure_certificate

    stranger = ensure_certificate(tmp_path).ca_file
    async with at_home(live={"ca_file": str(stranger)}) as home:
        home.say(synthetic_voice.wake_and_request)
        assert (await home.diary.until_happened(SessionLost)).cause is Cause.CERTIFICATE


@pytest.mark.parametrize("during", ["setup", "activity", "thinking"])
async def test_a_session_lost_before_the_reply_is_opened_again_and_every_sample_sent_again(
    at_home: Homes, synthetic_voice: Voice, during: Any
) -> None:
    scenario = Scenario(
        turns=[[REPLY], [REPLY]], connections=[ConnectionFaults(lose=Loss(during, after_audio_bytes=20_000))]
    )
    async with at_home(scenario) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        assert home.diary.commands.count(OpenSession()) == 2
        assert not [c for c in home.diary.commands if isinstance(c, Announce)]
        whole = (await home.session(2)).windows[0].samples
        assert len(whole) > len(synthetic_voice.request)


async def test_a_session_lost_in_mid_reply_is_told(at_home: Homes, synthetic_voice: Voice) -> None:
    scenario = Scenario(
        turns=[[Say("A long story.", tone_s=0.5), Wait(300), CloseSocket(1011, "Internal error encountered."), REPLY]]
    )
    async with at_home(scenario) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(ReplyStarted)
        await home.until_state(State.IDLE)
        assert [c for c in home.diary.commands if isinstance(c, Announce)]


async def test_a_session_lost_again_and_again_is_told(at_home: Homes, synthetic_voice: Voice) -> None:
    lost = ConnectionFaults(lose=Loss("thinking"))
    listening = {"follow_up_s": 0, "nothing_said_s": 3, "reply_deadline_s": 20}
    async with at_home(Scenario(connections=[lost] * 9), listening=listening) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.until_state(State.THINKING)
        await home.until_state(State.IDLE)
        assert len(home.server.sessions) == 1 + home.appliance.conversation.rules.reopenings
        assert Announce(Cause.LOST) in home.diary.commands


async def test_a_session_lost_at_rest_is_not_noticed_and_the_next_wake_word_opens_another(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    async with at_home(Scenario(turns=[[REPLY, Wait(1)], [REPLY]])) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        await home.server.go_away(0)
        session = await home.session()
        await session.until(lambda s: not s.open)
        assert not [c for c in home.diary.commands if isinstance(c, Announce)]
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained, times=2)
        assert len(home.server.sessions) == 2


async def test_a_tool_of_a_lost_session_does_not_run_twice(at_home: Homes, synthetic_voice: Voice) -> None:
    toggle = Call("set_device", {"device": "lamp", "state": "toggle"})
    scenario = Scenario(turns=[[toggle, CloseSocket(1011, "Internal error encountered.")], [toggle, REPLY]])
    async with at_home(scenario) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.until_state(State.THINKING)
        await home.until_state(State.IDLE)
        assert home.lamp_is_on()
        assert len(home.server.sessions) == 1


async def test_a_service_that_never_replies_is_told(at_home: Homes, synthetic_voice: Voice) -> None:
    listening = {"follow_up_s": 0, "linger_s": 30, "nothing_said_s": 3, "reply_deadline_s": 2}
    async with at_home(Scenario(turns=[[Wait(60_000)]]), listening=listening) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.until_state(State.THINKING)
        await home.until_state(State.IDLE)
        assert Announce(Cause.NO_REPLY) in home.diary.commands
        session = await home.session()
        await session.until(lambda s: not s.open)


async def test_a_microphone_that_goes_away_is_told_and_comes_back(at_home: Homes, synthetic_voice: Voice) -> None:
    async with at_home(Scenario(turns=[[REPLY]])) as home:
        home.microphone.unplug()
        assert PlayEarcon(Earcon.MICROPHONE_LOST) in home.diary.commands
        assert home.indicator.shown[-1] == "failed"
        home.microphone.replug()
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        assert home.diary.all(SessionOpened)
