"""How loud it is, by voice: what leaves the speaker is softer and louder, and stays so over a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.offline.rehearsal.scenario import Call, Say, Scenario
from tests.system.asking import ask, press_and_ask

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.conftest import Homes
    from tests.system.home import Home
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

ASKED = "turn on the lamp please"
TONE = Say("Done.", tone_s=0.6)


async def loudness(home: Home, voice: Voice, text: str = ASKED) -> float:
    """The largest sample of the reply, which is a tone of the same height each time."""
    before = len(home.heard())
    await ask(home, voice, text)
    reply = home.heard()[before:]
    return float(np.abs(reply[-home.speaker.format.rate_hz // 2 :].astype(int)).max())


async def test_it_is_as_loud_as_was_said_and_stays_so_over_a_restart(
    at_home: Homes, synthetic_voice: Voice, tmp_path: Path
) -> None:
    softer = Call("set_volume", {"percent": 40}, expect={"ok": True, "percent": 40})
    speaker = {"volume": 0.8}
    async with at_home(Scenario(turns=[[TONE], [softer, TONE]]), speaker=speaker, state=tmp_path / "s") as home:
        usual = await loudness(home, synthetic_voice)
        soft = await loudness(home, synthetic_voice)
    assert abs(soft / usual - 0.25) < 0.02  # the square of half the volume
    louder = Call("change_volume", {"direction": "louder"}, expect={"ok": True, "percent": 50})
    async with at_home(Scenario(turns=[[TONE], [louder, TONE]]), speaker=speaker, state=tmp_path / "s") as home:
        assert await loudness(home, synthetic_voice) == soft
        assert abs(await loudness(home, synthetic_voice) / usual - (0.5 / 0.8) ** 2) < 0.02


async def test_without_a_network_it_is_set_changed_and_told(at_home_offline: Homes) -> None:
    async with at_home_offline() as home:
        ((name, set_),) = await press_and_ask(home, "set the volume to 40")
        assert (name, set_["percent"]) == ("set_volume", 40)
        ((name, changed),) = await press_and_ask(home, "turn it down")
        assert (name, changed["percent"]) == ("change_volume", 30)
        ((_, told),) = await press_and_ask(home, "what is the volume")
        assert told["percent"] == 30
