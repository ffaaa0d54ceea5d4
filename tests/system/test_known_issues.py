"""What others have reported of the Live API, made to happen: the rows of docs/known-issues.md.

Tests that stand here carry the numbers of their rows; other rows name tests that were written for their own sake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.causes import Cause
from daemon.conversation.commands import Earcon, PlayEarcon
from daemon.conversation.events import PlayoutDrained, ReplyStarted, SessionEnding, SessionOpened, ToolFinished
from daemon.conversation.exchange import State
from daemon.conversation.messages import HandleIssued, HandleRefused
from daemon.offline.rehearsal.scenario import Call, Say
from daemon.offline.service.faults import GoAway, Omit, PhantomInterrupted, Stall, Wait
from daemon.offline.wire.client_messages import AudioChunk
from tests.live_coverage.known_issues import ELSEWHERE, ISSUES
from tests.live_coverage.named_tests import ROOT, exists
from tests.live_coverage.page import ISSUES_PAGE, issues_page
from tests.system.quick_home import FOR_EVER, REPLY, SITUATIONS, Situation, quick_home
from tests.system.test_faults_in_each_state import is_answered, is_told

if TYPE_CHECKING:
    from pathlib import Path

LONG_REPLY = Say("A long story.", tone_s=8.0)
LEVITATE = Call("levitate")
ALL_ISSUES = (*ISSUES, *ELSEWHERE)


def test_every_number_has_a_row() -> None:
    assert [issue.number for issue in ALL_ISSUES] == list(range(1, 57))


def test_a_row_names_tests_that_exist_or_says_why_there_are_none() -> None:
    assert [(issue.number, test) for issue in ALL_ISSUES for test in issue.tests if not exists(test)] == []
    assert [issue.number for issue in ALL_ISSUES if not issue.tests and not issue.answer] == []


def test_the_page_is_current() -> None:
    assert (ROOT / ISSUES_PAGE).read_text(encoding="utf-8") == issues_page(), "run `python -m tests.live_coverage.page`"


async def test_3_an_empty_turn_ends_audibly_and_the_next_is_answered(certificates: Path) -> None:
    async with quick_home(([], [REPLY]), certificates=certificates) as home:
        await home.ask()
        await home.until_state(State.IDLE)
        assert PlayEarcon(Earcon.ASLEEP) in home.diary.commands or home.told
        await is_answered(home)


async def test_4_an_interruption_that_nobody_caused_changes_nothing(certificates: Path) -> None:
    """Before the reply; and in the middle of it, where what was cut off is heard to its end."""
    cut_short = [PhantomInterrupted(), REPLY, PhantomInterrupted()]
    async with quick_home((cut_short, [REPLY]), certificates=certificates) as home:
        await home.ask()
        await home.diary.until_happened(PlayoutDrained)
        assert home.told == []
        await is_answered(home)


async def test_5_a_barge_in_that_is_not_answered_is_told_and_the_next_request_is_answered(certificates: Path) -> None:
    turns = ([LONG_REPLY], [FOR_EVER], [REPLY])
    async with quick_home(turns, certificates=certificates, reply_deadline_s=1.0) as home:
        await home.ask()
        await home.diary.until_happened(ReplyStarted)
        await home.ask()
        await is_told(home, Cause.NO_REPLY)
        await is_answered(home)


async def test_19_nothing_goes_up_while_a_reply_is_heard(certificates: Path) -> None:
    async with quick_home(([LONG_REPLY], [REPLY]), certificates=certificates) as home:
        await home.ask()
        await home.diary.until_happened(ReplyStarted)
        session = await home.session()
        sent = len(session.messages(AudioChunk))
        await home.diary.until_happened(PlayoutDrained)
        assert len(session.messages(AudioChunk)) == sent
        assert session.stray_audio == b""
        await is_answered(home)


@pytest.mark.parametrize("omitted", ["turnComplete", "generationComplete", "both"])
async def test_23_a_reply_whose_end_is_not_told(omitted: Any, certificates: Path) -> None:
    turns = ([REPLY, Omit(omitted)], [REPLY])
    async with quick_home(turns, certificates=certificates, stalled_reply_s=0.5) as home:
        await home.ask()
        if omitted == "both":
            await is_told(home, Cause.NO_REPLY)
        else:
            await home.diary.until_happened(PlayoutDrained)
            assert home.told == []
        await is_answered(home)


async def test_24_a_tool_call_in_mid_sentence(certificates: Path) -> None:
    """The rest of the sentence, and what follows from the answer, are heard as one reply."""
    turns = ([REPLY, LEVITATE, REPLY], [REPLY])
    async with quick_home(turns, certificates=certificates, stalled_reply_s=1.0) as home:
        await home.ask()
        await home.diary.until(lambda: bool(home.told or home.diary.all(PlayoutDrained)))
        assert home.told == []
        drained = home.diary.all(PlayoutDrained)[0]
        assert drained.heard_samples == 2 * round(0.2 * 24_000)
        assert home.diary.all(ToolFinished)
        await is_answered(home)


async def test_26_a_gap_in_the_reply_is_waited_through(certificates: Path) -> None:
    async with quick_home(([REPLY, Wait(150), REPLY], [REPLY]), certificates=certificates) as home:
        await home.ask()
        drained = await home.diary.until_happened(PlayoutDrained)
        assert drained.heard_samples == 2 * round(0.2 * 24_000)
        assert home.told == []
        await is_answered(home)


async def test_30_silence_after_a_tools_result_is_told(certificates: Path) -> None:
    async with quick_home(([LEVITATE, FOR_EVER], [REPLY]), certificates=certificates, reply_deadline_s=1.0) as home:
        await home.ask()
        await is_told(home, Cause.NO_REPLY)
        await is_answered(home)


@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
async def test_33_and_40_go_away_in_each_state(situation: Situation, certificates: Path) -> None:
    """The turn under way is finished on the old session, nothing is told, and then there is a new one."""
    turns = tuple([Wait(300), REPLY] if FOR_EVER in turn else turn for turn in situation.turns)
    patient = Situation(situation.name, turns, situation.rules)
    async with quick_home((*turns, [REPLY], [REPLY]), certificates=certificates, **situation.rules) as home:
        await patient.reach(home)
        await home.server.go_away(30)
        if situation.name != "muted":
            await home.diary.until_happened(SessionEnding)
        if situation.name == "tool pending":
            home.tool.may_end.set()
        if home.state in {State.THINKING, State.SPEAKING}:
            await home.diary.until_happened(PlayoutDrained)
        await is_answered(home)
        assert home.told == []
        if situation.name != "hearing":
            assert len(home.server.sessions) == 2


async def test_35_the_old_socket_is_closed_before_its_session_is_resumed(certificates: Path) -> None:
    """The server refuses to resume a session whose socket is still open, as the service does."""
    follow_up = next(situation for situation in SITUATIONS if situation.name == "follow-up")
    async with quick_home(([REPLY], [REPLY]), certificates=certificates, **follow_up.rules) as home:
        await follow_up.reach(home)
        await home.diary.until_happened(HandleIssued)
        await home.server.go_away(30)
        await home.diary.until_happened(SessionOpened, times=2)
        setup = (await home.session(2)).setup
        assert setup is not None
        assert setup.handle
        assert not home.diary.all(HandleRefused)
        await is_answered(home)


async def test_38_go_away_and_then_silence_is_told(certificates: Path) -> None:
    turns = ([GoAway(30), Stall()], [REPLY])
    async with quick_home(turns, certificates=certificates, reply_deadline_s=1.0) as home:
        await home.ask()
        await home.diary.until_happened(SessionEnding)
        await is_told(home, Cause.NO_REPLY)
        await is_answered(home)


async def test_39_a_call_of_an_unknown_tool_is_answered(certificates: Path) -> None:
    """The scenario goes on only when it is."""
    async with quick_home(([LEVITATE, REPLY], [REPLY]), certificates=certificates) as home:
        await home.ask()
        await home.diary.until_happened(PlayoutDrained)
        assert home.told == []
        await is_answered(home)


async def test_41_an_old_end_does_not_end_the_new_turn(certificates: Path) -> None:
    follow_up = next(situation for situation in SITUATIONS if situation.name == "follow-up")
    async with quick_home(([REPLY], [REPLY]), certificates=certificates, **follow_up.rules) as home:
        await follow_up.reach(home)
        home.begin()
        session = await home.session()
        await session.until(lambda s: len(s.windows) == 2)
        link = home.server._live[1]._link
        await link.send({"serverContent": {"interrupted": True}})
        await link.send({"serverContent": {"turnComplete": True}})
        await home.speak()
        assert home.state is State.HEARING
        await is_answered(home)
        assert len(home.server.sessions) == 1
