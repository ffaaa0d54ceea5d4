"""Cards that go away in each state of a conversation while their echo is taken out: it goes on, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.conversation.commands import WatchForSpeech
from daemon.conversation.events import PlayoutDrained, ReplyStarted
from daemon.conversation.exchange import State
from daemon.offline.rehearsal.scenario import Say
from daemon.sound.echo.echo_path import EchoPath
from daemon.web.certificate import ensure_certificate
from tests.daemon.sound.echo.test_canceller import Subtracting
from tests.repetition import THOROUGH
from tests.system.quick_home import CARD, QUICKLY, REPLY, SITUATIONS, Situation, quick_home

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.offline.rehearsal.scenario import Turn


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    ensure_certificate(folder)
    return folder


@pytest.mark.parametrize("situation", SITUATIONS if THOROUGH else SITUATIONS[::2], ids=str)
async def test_cards_that_go_away_and_come_back_leave_a_conversation_that_goes_on(
    situation: Situation, certificates: Path
) -> None:
    path = EchoPath(CARD, QUICKLY.now, Subtracting)
    turns: tuple[Turn, ...] = (*situation.turns, [REPLY], [REPLY])
    async with quick_home(turns, certificates=certificates, echo=path, **situation.rules) as home:
        await situation.reach(home)
        for card in (home.microphone, home.speakers[0]):
            card.unplug()
            card.replug()
            await home.speak()
        if situation.name == "muted":
            home.appliance.mute(muted=False)
        drained = len(home.diary.all(PlayoutDrained))
        await home.until_state(State.IDLE, State.LISTENING)
        await home.ask()
        await home.diary.until_happened(PlayoutDrained, times=drained + 1)
        ring = home.appliance.ring
        heard = ring.read(ring.start, ring.end)
    assert np.count_nonzero(heard) > len(heard) / 2


async def test_a_voice_over_a_reply_interrupts_it_where_the_rules_say_so(certificates: Path) -> None:
    story = Say("A long story.", tone_s=12.0)
    async with quick_home(([story], [REPLY]), certificates=certificates, voice_interrupts=True) as home:
        await home.ask()
        await home.diary.until_happened(ReplyStarted)
        watch = next(c for c in reversed(home.diary.commands) if isinstance(c, WatchForSpeech))
        assert watch.from_sample is None
        home.begin()
        assert home.state is State.HEARING
        await home.speak()
        home.end()
        await home.diary.until_happened(PlayoutDrained)
        assert len((await home.session()).windows) == 2
