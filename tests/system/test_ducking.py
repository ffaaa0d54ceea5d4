"""What is played is softer while somebody speaks over it, and no longer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.conversation.events import PlayoutDrained, ReplyStarted
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.sound.echo.echo_path import EchoPath
from daemon.sound.fader import DUCKED
from tests.system.voices import spoken

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples
    from tests.system.conftest import Homes
    from tests.system.voices import Voice

BLOCK = 480


@pytest.fixture(scope="module")
def remark() -> Samples:
    return spoken("could somebody please open the window in the kitchen")


@pytest.mark.parametrize(("duck", "taken_out"), [(True, True), (False, True), (True, False)])
async def test_a_reply_is_softer_while_somebody_speaks_over_it(
    at_home: Homes, synthetic_voice: Voice, remark: Samples, *, duck: bool, taken_out: bool
) -> None:
    scenario = Scenario(turns=[[Say("A long story.", tone_s=12)]])
    tables = {"listening": {"duck": duck, "follow_up_s": 0}}
    async with at_home(scenario, echo=partial(EchoPath, by_board=taken_out), **tables) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(ReplyStarted)
        home.say(remark)
        await home.diary.until_happened(PlayoutDrained)
        heard = home.heard().astype(float)
    blocks = np.sqrt(np.square(heard[: len(heard) // BLOCK * BLOCK].reshape(-1, BLOCK)).mean(axis=1))
    played = blocks[np.flatnonzero(blocks)[0] : np.flatnonzero(blocks)[-1]]
    loud, soft = np.median(played), np.abs(played / np.median(played) / DUCKED - 1) < 0.2
    assert bool(soft.sum() > 25) is (duck and taken_out)
    assert played[-25:].min() > 0.9 * loud
