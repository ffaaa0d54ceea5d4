"""An end of speech that can be taken back, through real parts: the models, the SDK over TLS, tools, the playout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.conversation.commands import EndActivity, PlayKept, RefuseTool, RunTool, StartActivity
from daemon.conversation.events import PlayoutDrained, ReplyStarted, ToolRequested, UtteranceEnded
from daemon.conversation.exchange import State
from daemon.conversation.pausing import UtterancePaused, UtteranceResumed
from daemon.offline.rehearsal.scenario import Call, Scenario
from daemon.offline.wire.protocol import FunctionAnswer
from tests.system.home import quiet
from tests.system.test_interruptions import AS_IT_SPEAKS, LONG_REPLY, SHORT_REPLY, periods_of_the_story_since
from tests.system.voices import spoken

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples
    from tests.system.conftest import Homes
    from tests.system.voices import Voice

EAGER = {"follow_up_s": 0, "linger_s": 30, "nothing_said_s": 3, "reply_deadline_s": 5, "eager": True}
LAMP_ON = Call("set_device", {"device": "lamp", "state": "on"})


@pytest.fixture(scope="module")
def hesitating() -> Samples:
    """A request with a pause of half a second in the middle, which is none to the rule that ends it."""
    return np.concatenate((spoken("please turn on the lamp"), quiet(0.4), spoken("and the heater in the kitchen")))


async def test_who_hesitates_is_heard_to_the_end_and_nothing_of_the_first_answer_is_heard_or_done(
    at_home: Homes, synthetic_voice: Voice, hesitating: Samples
) -> None:
    scenario = Scenario(turns=[[LAMP_ON, LONG_REPLY], [SHORT_REPLY]])
    async with at_home(scenario, server=AS_IT_SPEAKS, listening=EAGER) as home:
        home.say(np.concatenate((synthetic_voice.wake_word, quiet(0.1), hesitating)))
        await home.diary.until_happened(PlayoutDrained)
        assert home.diary.all(PlayoutDrained)[0].turn == 2
        assert not home.lamp_is_on()
        assert periods_of_the_story_since(home, 0) == 0
        assert [type(c) for c in home.diary.commands if isinstance(c, RunTool | RefuseTool)] == [RefuseTool]
        session = await home.session()
        begun = [command.from_sample for command in home.diary.commands if isinstance(command, StartActivity)]
        for window, begin in zip(session.windows, begun, strict=True):
            samples = window.samples
            assert np.array_equal(samples, home.appliance.ring.read(begin, begin + len(samples)))
        assert begun[1] <= begun[0] + len(session.windows[0].samples), "no sample is between the two"
        assert len(session.messages(FunctionAnswer)) == 1


@pytest.mark.hears_levels
async def test_a_reply_that_came_in_a_pause_that_was_taken_back_is_not_heard(
    at_home: Homes, synthetic_voice: Voice, hesitating: Samples
) -> None:
    scenario = Scenario(turns=[[LONG_REPLY], [SHORT_REPLY]])
    async with at_home(scenario, server=AS_IT_SPEAKS, listening=EAGER) as home:
        home.say(np.concatenate((synthetic_voice.wake_word, quiet(0.1), hesitating)))
        await home.diary.until_happened(UtteranceResumed)
        assert home.diary.all(ReplyStarted)
        await home.diary.until_happened(PlayoutDrained)
        assert periods_of_the_story_since(home, 0) == 0


@pytest.mark.hears_levels
async def test_a_whole_request_is_asked_in_the_pause_and_done_once_when_that_has_lasted(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    async with at_home(Scenario(turns=[[LAMP_ON, SHORT_REPLY]]), server=AS_IT_SPEAKS, listening=EAGER) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        await home.until_state(State.IDLE)
        assert home.lamp_is_on()
        assert len((await home.session()).windows) == 1
        kinds = (UtterancePaused, ToolRequested, UtteranceEnded)
        order = [type(event) for event in home.diary.events if isinstance(event, kinds)]
        assert order == list(kinds), "it was asked for before the pause had lasted, and did not run before"
        commands = [type(c) for c in home.diary.commands if isinstance(c, EndActivity | RunTool | PlayKept)]
        assert commands == [EndActivity, PlayKept, RunTool]
        ended, paused = home.diary.all(UtteranceEnded)[0].at, home.diary.all(UtterancePaused)[0].at
        assert ended - paused >= 3 * 512
