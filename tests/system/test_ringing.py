"""A timer by voice through real parts: set by the model's call, rings, is heard, and stops when told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.conversation.commands import Pattern, StartRinging, StopRinging
from daemon.conversation.events import ButtonPressed, PlayoutDrained, RingDue
from daemon.conversation.exchange import State
from daemon.offline.rehearsal.scenario import Call, Say, Scenario

if TYPE_CHECKING:
    from tests.system.conftest import Homes
    from tests.system.home import Home
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

SET_AND_SAY = [Call("set_timer", {"seconds": 1, "name": "pasta"}), Say("One second.", tone_s=0.3)]


async def until_it_rings(home: Home, voice: Voice) -> None:
    home.say(voice.wake_and_request)
    await home.diary.until_happened(PlayoutDrained)
    await home.diary.until(lambda: any(isinstance(command, StartRinging) for command in home.diary.commands))


async def test_a_timer_that_was_asked_for_rings_until_the_button_is_pressed(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    async with at_home(Scenario(turns=[SET_AND_SAY])) as home:
        await until_it_rings(home, synthetic_voice)
        assert home.state is State.IDLE
        assert home.indicator.shown[-1] == Pattern.RINGING.value
        await home.until(lambda: bool(abs(home.heard()[-16_000:]).max() > 0))
        home.button.press()
        await home.diary.until_happened(ButtonPressed)
        (stopped,) = [command for command in home.diary.commands if isinstance(command, StopRinging)]
        assert stopped == StopRinging(("1",), answered=True)
        assert home.state is State.IDLE


async def test_while_muted_it_rings_and_the_microphone_stays_closed(at_home: Homes, synthetic_voice: Voice) -> None:
    async with at_home(Scenario(turns=[SET_AND_SAY])) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        home.appliance.mute(muted=True)
        await home.diary.until_happened(RingDue)
        assert home.state is State.MUTED
        assert any(isinstance(command, StartRinging) for command in home.diary.commands)
        home.button.press()
        assert any(isinstance(command, StopRinging) for command in home.diary.commands)
        assert home.state is State.MUTED
