"""A budget in a home: the warning is spoken once and at rest, the last reply is finished, and then it is refused."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from daemon.conversation.causes import Cause, Notice
from daemon.conversation.commands import Announce
from daemon.conversation.events import BudgetNear, BudgetReached, PlayoutDrained, SessionLost
from daemon.conversation.exchange import State
from daemon.conversation.messages import UsageReported
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.speech.earcons import earcon
from tests.system.home import PATIENCE_S

if TYPE_CHECKING:
    from tests.system.conftest import Homes
    from tests.system.home import Home
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

ANSWERS = Scenario(turns=[[Say("Done.", tone_s=0.3)]] * 3)
KINDS = ("text_in", "audio_in", "image_in", "text_out", "audio_out")
DEAR = {"model": "gemini", "since": "2026-01-01", **dict.fromkeys(KINDS, 1000.0)}
"""A token is a thousandth."""
TOKEN = 1e-3
NOON = datetime(2026, 10, 9, 12, tzinfo=UTC).timestamp()


async def ask(home: Home, voice: Voice, times: int) -> None:
    """Wake it, ask, hear the answer for the `times`-th time, and let it come to rest with its usage told."""
    home.say(voice.wake_and_request)
    await home.diary.until_happened(PlayoutDrained, times)
    await home.diary.until_happened(UsageReported, times)
    await home.until_state(State.IDLE)


def told(home: Home, what: Cause | Notice) -> int:
    return home.diary.commands.count(Announce(what))


async def test_the_last_reply_is_finished_then_the_refusal_is_heard_and_no_session_is_opened(
    at_home: Homes, synthetic_voice: Voice
) -> None:
    limits = {"daily_limit": TOKEN}  # one turn is more than that
    own = at_home(ANSWERS, usage=limits, price=[DEAR], wall=lambda: NOON, speaker={"volume": 1.0})
    async with own as home:
        await ask(home, synthetic_voice, 1)
        await home.diary.until_happened(BudgetReached)
        session = await home.session()
        await session.until(lambda session: not session.open)
        assert told(home, Cause.BUDGET) == 1
        home.say(synthetic_voice.wake_and_request)
        lost = await home.diary.until_happened(SessionLost)
        assert lost.cause is Cause.BUDGET
        assert "2026-10-09" in lost.detail
        assert told(home, Cause.BUDGET) == 2
        assert "failed" in home.indicator.shown
        await heard_to_the_end(home, earcon(Cause.BUDGET, home.appliance.playout.format.rate_hz).tobytes(), 2)
        assert len(home.server.sessions) == 1
        assert told(home, Notice.DAY_NEARLY_SPENT) == 0


async def heard_to_the_end(home: Home, tune: bytes, times: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while home.heard().tobytes().count(tune) < times:  # noqa: ASYNC110 - nobody tells how far it is
            await asyncio.sleep(0.01)


async def test_the_warning_is_spoken_once_when_nobody_is_talking(at_home: Homes, synthetic_voice: Voice) -> None:
    limits = {"daily_limit": 10_000 * TOKEN, "warn_at": 0.01}  # one turn is more than the hundredth
    async with at_home(ANSWERS, usage=limits, price=[DEAR], wall=lambda: NOON) as home:
        await ask(home, synthetic_voice, 1)
        await home.diary.until_happened(BudgetNear)
        warned = home.diary.events.index(BudgetNear(Notice.DAY_NEARLY_SPENT))
        assert any(isinstance(event, PlayoutDrained) for event in home.diary.events[:warned])
        await ask(home, synthetic_voice, 2)
        assert told(home, Notice.DAY_NEARLY_SPENT) == 1
        assert not home.diary.all(SessionLost)
        spent = sum(report.total for report in home.diary.all(UsageReported))
        assert home.house.usage.spent("2026-10-09") == spent * 1_000
