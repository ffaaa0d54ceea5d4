"""Conversations over the guest's sound cards and GPIO lines, with the offline server's local brain."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from daemon.conversation.commands import Earcon
from daemon.sound.pcm import CAPTURE_RATE_HZ
from daemon.speech.earcons import earcon
from daemon.speech.synthesis import Espeak
from tests.system.voices import trimmed
from tests.vm.appliance import BUTTON, INDICATOR, LAMP
from tests.vm.sounds import LONGEST_PAUSE, last_sound

if TYPE_CHECKING:
    from tests.vm.appliance import Appliance


PRESS_S = 0.1
"""As long as a finger takes; what is shorter than `[button] bounce_ms` is no press."""


def test_a_spoken_command_switches_the_lamp_and_the_reply_is_heard(appliance: Appliance) -> None:
    assert appliance.line(LAMP) == 0
    heard = appliance.converse("lamp-on")
    assert appliance.line(LAMP) == 1, heard.journal
    assert "wake word hey_jarvis" in heard.journal
    expected = trimmed(asyncio.run(Espeak().speak("The lamp is on.", CAPTURE_RATE_HZ)))
    tone = len(earcon(Earcon.HEARD, CAPTURE_RATE_HZ)) + LONGEST_PAUSE  # a quick reply follows it without a pause
    assert 0.75 * len(expected) <= len(last_sound(heard.reply)) <= 1.25 * len(expected) + tone


def test_the_next_command_is_heard_as_well(appliance: Appliance) -> None:
    heard = appliance.converse("lamp-off")
    assert appliance.line(LAMP) == 0, heard.journal


def test_the_light_follows_the_conversation_that_a_press_begins(appliance: Appliance) -> None:
    assert appliance.line(INDICATOR) == 0
    mark = appliance.mark()
    appliance.pull(BUTTON, "down")
    appliance.until_line(INDICATOR, 1)
    appliance.pull(BUTTON, "up")
    said = appliance.until_said(mark, "listening, after ButtonPressed")
    assert "wake word" not in said
    appliance.say("lamp-on-without-wake-word")
    appliance.until_said(mark, r"(?s)speaking, after .*idle, after")
    assert appliance.line(LAMP) == 1
    appliance.until_line(INDICATOR, 0)


def test_a_second_press_cancels_what_the_first_began(appliance: Appliance) -> None:
    mark = appliance.mark()
    for _ in range(2):
        appliance.pull(BUTTON, "down")
        time.sleep(PRESS_S)
        appliance.pull(BUTTON, "up")
    appliance.until_said(mark, r"(?s)listening, after ButtonPressed.*idle, after Button")
    appliance.until_line(INDICATOR, 0)
