"""Do not disturb, by voice: softer sounds, messages told later, and what rings rings all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.conversation.commands import StartRinging
from daemon.conversation.events import MessageTold, RingDue
from daemon.offline.rehearsal.scenario import Call, Say, Scenario
from daemon.speech.bulletins import Fate
from tests.system.asking import ask, press_and_ask
from tests.system.home import house_time

if TYPE_CHECKING:
    from tests.system.conftest import Homes
    from tests.system.home import Home
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

DONE = Say("Done.", tone_s=0.3)
ASKED = "turn on the lamp please"


async def how_loud_a_mute_is(home: Home) -> int:
    """The largest sample of the earcon that says that the microphone is closed; it is open again afterwards."""
    before = len(home.heard())
    home.appliance.mute(muted=True)
    second = home.speaker.format.rate_hz
    await home.until(lambda: len(home.heard()) > before + second)
    heard = home.heard()[before:]
    home.appliance.mute(muted=False)
    return int(np.abs(heard.astype(int)).max())


async def test_until_eight_messages_are_held_back_and_then_told(at_home_offline: Homes) -> None:
    async with at_home_offline() as home:
        loud = await how_loud_a_mute_is(home)
        ((name, answer),) = await press_and_ask(home, "do not disturb until eight")
        assert name == "do_not_disturb"
        assert "T08:00" in answer["until"]
        soft = await how_loud_a_mute_is(home)
        assert soft < loud / 2
        messages = home.house.powers.bulletins
        assert messages
        number = messages.post("dinner is ready")
        await home.until(lambda: house_time() % 60 > 55)
        assert messages.fate(number) is Fate.WAITING
        await home.diary.until_happened(MessageTold)
        assert house_time() % 60 < 30
        assert messages.fate(number) is Fate.TOLD


async def test_what_rings_rings_all_the_same(at_home: Homes, synthetic_voice: Voice) -> None:
    hushing = [Call("do_not_disturb", {"seconds": 600}), Call("set_timer", {"seconds": 1}), DONE]
    async with at_home(Scenario(turns=[hushing])) as home:
        assert [answer["ok"] for _, answer in await ask(home, synthetic_voice, ASKED)] == [True, True]
        await home.diary.until_happened(RingDue)
        assert StartRinging() in home.diary.commands
        begun = len(home.heard())
        await home.until(lambda: bool(np.abs(home.heard()[begun:]).max(initial=0) > 0))
