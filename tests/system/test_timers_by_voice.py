"""Timers, reminders and planned actions by voice: what was said is what happens, and is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.conversation.commands import StartRinging, StopRinging
from daemon.conversation.events import MessageTold, RingDue
from daemon.offline.rehearsal.scenario import Call, Say, Scenario
from daemon.sound.pcm import REPLY_RATE_HZ
from tests.system.asking import answers, ask, is_heard, press_and_ask

if TYPE_CHECKING:
    from tests.system.conftest import Homes
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

DONE = Say("Done.", tone_s=0.3)
ASKED = "turn on the lamp please"


async def test_without_a_network_a_timer_is_set_and_asked_about(at_home_offline: Homes) -> None:
    async with at_home_offline() as home:
        ((name, set_),) = await press_and_ask(home, "set a timer for ten minutes")
        assert (name, set_["left_s"]) == ("set_timer", 600)
        ((name, listed),) = await press_and_ask(home, "how long is left on the timer")
        assert name == "list_timers"
        (timer,) = listed["timers"]
        assert 590 <= timer["left_s"] < 600


async def test_several_are_named_asked_about_and_all_cancelled(at_home: Homes, synthetic_voice: Voice) -> None:
    setting = [Call("set_timer", {"seconds": 60, "name": name}) for name in ("pasta", "tea")]
    cancelling = [Call("change_timer", {"which": "all", "change": "cancel"}), Call("list_timers"), DONE]
    async with at_home(Scenario(turns=[[*setting, Call("list_timers"), DONE], cancelling])) as home:
        *_, (_, listed) = await ask(home, synthetic_voice, ASKED)
        assert [timer["name"] for timer in listed["timers"]] == ["pasta", "tea"]
        (_, cancelled), (_, listed) = await ask(home, synthetic_voice, ASKED)
        assert len(cancelled["changed"]) == 2
        assert listed["timers"] == []


async def test_a_reminder_rings_and_says_its_words(at_home: Homes, synthetic_voice: Voice) -> None:
    remind = Call("set_reminder", {"text": "call mum", "seconds": 2})
    async with at_home(Scenario(turns=[[remind, DONE]])) as home:
        words = await home.house.voice.speak(home.house.voice.book("reminder", text="call mum"))
        await ask(home, synthetic_voice, ASKED)
        await home.diary.until_happened(RingDue)
        assert StartRinging() in home.diary.commands
        begun = len(home.heard())
        await home.until(lambda: len(home.heard()) > begun + 10 * home.speaker.format.rate_hz)
        assert is_heard(words, REPLY_RATE_HZ, home, begun)
        home.button.press()
        assert StopRinging(("1",), answered=True) in home.diary.commands


async def test_planned_actions_are_done_within_the_limits_of_their_time_and_told(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    """The heater stays off for ten minutes once it is off, and it is so since the start."""
    turns = [
        Call("plan_device", {"device": "heater", "state": "on", "seconds": 3}, expect={"ok": True}),
        Call("plan_device", {"device": "lamp", "state": "on", "seconds": 3}, expect={"ok": True}),
        DONE,
    ]
    async with at_home(Scenario(turns=[turns])) as home:
        await ask(home, synthetic_voice, ASKED)
        assert [answer.response["ok"] for answer in answers(home)] == [True] * 2
        assert not home.lamp_is_on()
        await home.diary.until_happened(MessageTold, 2)
        heater = next(output for output in home.wiring.outputs if output.name == "heater")
        assert home.lamp_is_on()
        assert not heater.read().on
        done = await home.house.voice.speak(home.house.voice.book("action_done", device="lamp"))
        assert is_heard(done, REPLY_RATE_HZ, home)
