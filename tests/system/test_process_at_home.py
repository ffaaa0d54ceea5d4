"""The brain at home as it really runs: a process of its own, with the real recogniser, for a service that is dead."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from daemon.at_home.home_brain import starter
from daemon.conversation.commands import RunTool
from daemon.conversation.events import PlayoutDrained
from daemon.conversation.messages import Transcribed
from tests.system.asking import spoken
from tests.system.conftest import LOUD
from tests.system.test_fallback import NOWHERE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.conftest import Homes

pytestmark = [pytest.mark.hears_levels, pytest.mark.real_time]  # a process has a time of its own

MEMORY_MB = 400
PATIENT = {"follow_up_s": 0, "linger_s": 30, "nothing_said_s": 30, "reply_deadline_s": 60}
"""However busy the machine is."""


async def test_a_sentence_that_nobody_else_takes_is_heard_by_it_and_done_once(at_home: Homes, models: Path) -> None:
    sentence, brain = spoken("turn on the lamp, please"), starter(models, MEMORY_MB, os.environ)
    async with at_home(**NOWHERE, brain=brain, offline={"ready": "always"}, listening=PATIENT) as home:
        assert home.house.at_home
        await home.house.at_home.load()
        assert not home.lamp_is_on()
        home.say(LOUD.wake_word, sentence)
        await home.diary.until_happened(PlayoutDrained)
        heard = [message.text for message in home.diary.all(Transcribed) if message.speaker == "user"]
        ran = [command.call for command in home.diary.commands if isinstance(command, RunTool)]
        assert heard == ["Turn on the lamp, please."]
        assert [(call.name, call.arguments) for call in ran] == [("set_device", {"device": "lamp", "state": "on"})]
        assert home.lamp_is_on()
        assert home.heard().any()
