"""What a household is remembered by: only what was said and heard, and told to the next session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.abilities.memory.forgetting import EVERYTHING, forget
from daemon.abilities.memory.history import remarks_in
from daemon.brain.brain import Spoken
from daemon.conversation.events import PlayoutDrained, ReplyStarted
from daemon.conversation.exchange import State
from daemon.conversation.messages import HandleRefused
from daemon.offline.rehearsal.scenario import Hear, Say, Scenario
from daemon.offline.wire.client_messages import ClientContent
from daemon.state.archive import opened
from daemon.state.store import FILE
from tests.system.test_interruptions import AS_IT_SPEAKS, HISS, speaking
from tests.system.test_resumption import SHORT, rest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.conftest import Homes
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

STORY = " ".join(f"Bird {number} sang." for number in range(1, 60))
KEPT = {"keep": True}


async def test_of_a_reply_that_was_interrupted_what_was_heard_is_remembered(
    at_home: Homes, synthetic_voice: Voice, tmp_path: Path
) -> None:
    scenario = Scenario(turns=[[Hear("A story, please."), Spoken(STORY, HISS)], [Say("Done.", tone_s=0.3)]])
    async with at_home(scenario, server=AS_IT_SPEAKS, state=tmp_path / FILE, history=KEPT) as home:
        await speaking(home, synthetic_voice)
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        await home.until_state(State.IDLE)
    with opened(tmp_path / FILE) as database:
        asked, told, done = remarks_in(database, EVERYTHING).rows
    assert (asked.speaker, asked.text) == ("user", "A story, please.")
    assert (done.speaker, done.text) == ("model", "Done.")
    assert STORY.startswith(told.text)
    assert 0 < len(told.text) < len(STORY) / 2


async def test_a_session_that_cannot_be_taken_up_again_is_told_what_was_said(
    at_home: Homes, synthetic_voice: Voice, tmp_path: Path
) -> None:
    """After a restart the handle is refused; after that something is forgotten, and the third knows nothing."""
    async with at_home(
        Scenario(turns=[[Hear("I like tea."), Say("Noted.", tone_s=0.3)]]), state=tmp_path / FILE, history=KEPT
    ) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        await home.diary.until(lambda: home.house.memory.resumption.handle != "")
    again = Scenario(turns=[[Say("Tea.", tone_s=0.3)], [Say("No idea.", tone_s=0.3)]])
    async with at_home(again, state=tmp_path / FILE, history=KEPT, listening=SHORT) as home:
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(PlayoutDrained)
        assert len(home.diary.all(HandleRefused)) == 1
        await rest(home, 2)
        with opened(tmp_path / FILE) as database:
            forget(database, EVERYTHING)
        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(ReplyStarted, 2)
        seeded, blank = await home.session(2), await home.session(3)
        told = [remark.text for content in seeded.messages(ClientContent) for remark in content.remarks]
        assert told == ["I like tea.", "Noted."]
        assert blank.messages(ClientContent) == []
        assert blank.setup is not None
        assert blank.setup.handle == ""
