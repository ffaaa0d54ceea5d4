"""Cards that go away in each state of a conversation while their echo is taken out: it goes on, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.conversation.events import PlayoutDrained
from daemon.conversation.exchange import State
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
