"""The end of a conversation, said or pressed: no more is listened for, though the follow-up would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.conversation.events import GoodbyeAsked
from daemon.conversation.exchange import State
from daemon.offline.rehearsal.scenario import Call, Say, Scenario
from daemon.sound.pcm import samples_of_ms
from tests.system.asking import TAP_MS, ask, press_and_ask

if TYPE_CHECKING:
    from tests.system.conftest import Homes
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

FOLLOWING = {"follow_up_s": 4, "linger_s": 30, "nothing_said_s": 3, "reply_deadline_s": 5}
LAST_WORDS = Say("Good night.", tone_s=1.0)


async def test_after_the_models_last_words_nobody_is_listened_to(at_home: Homes, synthetic_voice: Voice) -> None:
    farewell = Scenario(turns=[[Say("Done.", tone_s=0.3)], [Call("end_conversation"), LAST_WORDS]])
    async with at_home(farewell, listening=FOLLOWING) as home:
        await ask(home, synthetic_voice, "turn on the lamp please")
        assert home.state is State.LISTENING
        before = len(home.heard())
        home.say(synthetic_voice.request)
        await home.diary.until_happened(GoodbyeAsked)
        await home.until_state(State.IDLE)
        assert State.SPEAKING in home.diary.states
        heard = home.heard()[before:]
        assert (abs(heard.astype(int)) > 100).sum() > samples_of_ms(800, home.speaker.format.rate_hz)


async def test_a_tap_ends_it_while_it_listens(at_home: Homes, synthetic_voice: Voice) -> None:
    async with at_home(Scenario(turns=[[Say("Done.", tone_s=0.3)]]), listening=FOLLOWING) as home:
        await ask(home, synthetic_voice, "turn on the lamp please")
        assert home.state is State.LISTENING
        home.button.press()
        home.button.release(TAP_MS)
        assert home.state is State.IDLE


async def test_without_a_network_never_mind_ends_it(at_home_offline: Homes) -> None:
    async with at_home_offline(listening=FOLLOWING) as home:
        assert await press_and_ask(home, "never mind") == [("end_conversation", {"ok": True})]
        assert home.diary.all(GoodbyeAsked)
        assert home.state is State.IDLE
