"""`pipit say` through the real socket and the real speaker: told into a rest, never into a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.control_socket.verbs import verbs_of
from daemon.conversation.events import MessageTold, PlayoutDrained, ReplyStarted
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.sound.pcm import REPLY_RATE_HZ
from daemon.speech.bulletins import Fate
from tests.daemon.control_socket.controlled import serving
from tests.system.asking import is_heard

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.conftest import Homes
    from tests.system.voices import Voice

DINNER = "dinner is ready"
STORY = Say("A long story.", tone_s=4.0)


@pytest.mark.hears_levels
async def test_a_message_is_read_out_at_rest_and_one_in_a_conversation_at_its_end(
    at_home: Homes, synthetic_voice: Voice, tmp_path: Path
) -> None:
    async with (
        at_home(Scenario(turns=[[STORY]])) as home,
        serving(tmp_path / "control.sock", verbs_of(home.house.powers)) as served,
    ):
        household, bulletins = await served.caller(), home.house.powers.bulletins
        words = await home.house.voice.speak(DINNER)
        assert (await household.asks("say", text=DINNER))["ok"]
        await home.diary.until_happened(MessageTold)
        assert is_heard(words, REPLY_RATE_HZ, home)

        home.say(synthetic_voice.wake_and_request)
        await home.diary.until_happened(ReplyStarted)
        before = len(home.heard())
        number = (await household.asks("say", text=DINNER))["number"]
        told = len(home.diary.all(MessageTold))
        await home.diary.until_happened(PlayoutDrained)
        assert len(home.diary.all(MessageTold)) == told
        assert not is_heard(words, REPLY_RATE_HZ, home, before)
        await home.diary.until(lambda: bool(bulletins and bulletins.fate(number) is Fate.TOLD))
        assert is_heard(words, REPLY_RATE_HZ, home, before)
