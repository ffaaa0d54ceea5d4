"""Periods from a card: whole and in order, silence while muted, whatever the card answers."""

import asyncio
import errno
from random import Random

import pytest

from hardware.sound.alsa import AlsaMicrophone
from tests.hardware.sound.scripted_pcm import ScriptedMicrophone, eventually, gone
from tests.hardware.sound.streams import FORMAT, SILENCE, XRUN, alternates, listening, numbered, take


async def test_periods_arrive_in_order_and_the_card_is_closed():
    card, said = ScriptedMicrophone(), numbered(1, 30)
    async with listening(card) as microphone:
        card.give(*said)
        assert await take(microphone, 30) == said
    assert (card.opened, card.closed) == (1, 1)
    assert microphone.counters.dropped_periods == 0


async def test_an_overrun_costs_its_period_and_is_counted():
    card = ScriptedMicrophone()
    async with listening(card) as microphone:
        card.give(*numbered(1, 1), XRUN, *numbered(2, 1))
        assert await take(microphone, 2) == numbered(1, 2)
        assert microphone.counters.xruns == 1


async def test_a_busy_loop_loses_the_oldest_periods_and_counts_them():
    card, said = ScriptedMicrophone(), numbered(1, 20)
    async with listening(card, backlog=5) as microphone:
        card.give(*said)
        await eventually(lambda: microphone.counters.dropped_periods == 15)
        assert await take(microphone, 5) == said[15:]


async def test_a_card_faster_than_its_consumer_does_not_keep_the_loop_for_itself():
    """As the "null" device of ALSA gives its zeros: signals and the watchdog would wait for ever."""
    card, others = ScriptedMicrophone(), asyncio.Event()
    async with listening(card, backlog=5) as microphone:
        card.give(*numbered(1, 5))
        await eventually(lambda: len(microphone._waiting) == 5)
        asyncio.get_running_loop().call_soon(others.set)
        stream = microphone.periods()
        await anext(stream)
        await anext(stream)
        assert others.is_set()


async def test_what_waits_wakes_the_loop_once():
    card = ScriptedMicrophone()
    async with listening(card, backlog=100) as microphone:
        wakes = []
        microphone._thread.post = wakes.append
        card.give(*numbered(1, 50))
        await eventually(lambda: len(microphone._waiting) == 50)
        assert len(wakes) == 1


async def test_a_card_with_other_periods_is_cut_into_ours():
    card, said = ScriptedMicrophone(period_size=24), b"".join(numbered(1, 6))
    async with listening(card) as microphone:
        card.give(*[said[start : start + 48] for start in range(0, len(said), 48)])
        assert b"".join(await take(microphone, 6)) == said


async def test_an_overrun_leaves_no_partial_period_behind():
    card = ScriptedMicrophone(period_size=24)
    async with listening(card) as microphone:
        card.give(numbered(1, 1)[0] + b"\x09" * 16, XRUN, *numbered(2, 1))
        assert await take(microphone, 2) == numbered(1, 2)


NOTHING = [
    pytest.param(XRUN, "it gives no sound", id="an overrun each time"),
    pytest.param(b"", "it gives no sound", id="no frames"),
    pytest.param(-errno.EIO, "it gives no sound", id="another error"),
    pytest.param(b"odd", "3 bytes are not 1 frames of 2 bytes", id="no whole frames"),
]


@pytest.mark.parametrize(("item", "reason"), NOTHING)
async def test_a_card_that_gives_no_sound_is_lost_told_and_opened_again(caplog, item, reason):
    card, happened = ScriptedMicrophone(), []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        microphone.on_restored = lambda: happened.append("restored")
        card.give(*numbered(1, 1), *[item] * 8)
        await eventually(lambda: card.opened == 2)
        card.give(*[item] * 16)
        await eventually(lambda: card.opened == 4)
        assert (happened, card.reads) == (["lost"], 25)
        card.give(*numbered(2, 1))
        assert await take(microphone, 2) == numbered(1, 2)
        await eventually(lambda: happened == ["lost", "restored"])
    told = [record.getMessage() for record in caplog.records if "is gone" in record.getMessage()]
    assert len(told) == 1
    assert reason in told[0]


@pytest.mark.parametrize("item", [XRUN, b""])
async def test_a_card_that_gives_nothing_waits_before_it_is_opened_again(item):
    card = ScriptedMicrophone()
    async with listening(card, retry_s=(3600,)):
        card.give(*[item] * 1000)
        await eventually(lambda: card.closed == 1)
        await asyncio.sleep(0)
        assert (card.reads, card.opened) == (8, 1)


async def test_a_card_of_which_every_other_period_fails_is_lost_too():
    card, happened = ScriptedMicrophone(), []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        for number in range(30):
            card.give(XRUN, *numbered(number, 1))
        await eventually(lambda: "lost" in happened)  # and again, once it was opened anew


async def test_a_busy_machine_that_fails_one_period_in_three_keeps_its_card():
    card, happened = ScriptedMicrophone(), []
    async with listening(card, backlog=1000) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        for number in range(100):
            card.give(XRUN, *numbered(number, 2))
        assert len(await take(microphone, 200)) == 200
        assert (happened, card.opened, microphone.counters.xruns) == ([], 1, 100)


async def test_a_card_is_opened_anew_when_it_is_asked_for():
    card, happened = ScriptedMicrophone(), []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        microphone.reopen()
        card.give(*numbered(1, 1))  # the read that was under way
        await eventually(lambda: card.opened == 2)
        card.give(*numbered(2, 1))
        assert await take(microphone, 2) == numbered(1, 2)
        assert (card.closed, microphone.counters.reopened, happened) == (1, 1, [])


async def test_muting_closes_the_card_and_unmuting_opens_it_again():
    card, happened = ScriptedMicrophone(), []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        microphone.on_restored = lambda: happened.append("restored")
        microphone.mute(muted=True)
        card.give(*numbered(1, 1))  # the read that was under way
        await eventually(lambda: card.closed == 1)
        assert (await take(microphone, 5))[1:] == [SILENCE] * 4
        microphone.mute(muted=False)
        await eventually(lambda: card.opened == 2)
        card.give(*numbered(2, 1))
        stream = microphone.periods()
        while (period := await anext(stream)) == SILENCE:
            pass
        assert period == numbered(2, 1)[0]
    assert happened == []
    assert microphone.counters.reopened == 0


async def test_a_muted_microphone_keeps_the_pace_of_the_card_without_drift():
    card, now = ScriptedMicrophone(), 0.0
    microphone = AlsaMicrophone("hw:Mic", FORMAT, open_pcm=card, clock=lambda: now)
    microphone.mute(muted=True)
    async with microphone:
        stream = microphone.periods()
        now = 0.0055
        assert [await anext(stream) for _ in range(5)] == [SILENCE] * 5
        sixth = asyncio.ensure_future(anext(stream))
        await asyncio.wait([sixth], timeout=0.01)
        assert not sixth.done()
        now = 0.006
        assert await asyncio.wait_for(sixth, 60) == SILENCE


async def test_a_microphone_that_is_muted_from_the_start_is_not_opened():
    card = ScriptedMicrophone()
    microphone = AlsaMicrophone("hw:Mic", FORMAT, open_pcm=card)
    microphone.mute(muted=True)
    async with microphone:
        assert await take(microphone, 3) == [SILENCE] * 3
        assert card.opened == 0


async def test_a_card_that_went_away_while_muted_is_lost_when_unmuted():
    card, happened = ScriptedMicrophone(None, gone(), None), []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        microphone.on_restored = lambda: happened.append("restored")
        microphone.mute(muted=True)
        card.give(SILENCE)
        await eventually(lambda: card.closed == 1)
        assert happened == []
        microphone.mute(muted=False)
        card.give(*numbered(1, 1))
        await eventually(lambda: happened == ["lost", "restored"])


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_a_microphone_answers_only_whole_periods_arrive_and_loss_and_return_alternate(seed):
    random = Random(seed)  # noqa: S311  a test that can be repeated
    openings = [None, *random.choices([None, gone(), gone("No such device")], k=50)]
    card, happened = ScriptedMicrophone(*openings), []
    said = numbered(1, 200)
    async with listening(card, retry_s=(0,), backlog=1_000) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        microphone.on_restored = lambda: happened.append("restored")
        for period in said:
            card.give(*random.choices([XRUN, b"", b"odd", -errno.EIO, gone()], k=random.choice([0, 0, 1, 12])), period)
        assert await take(microphone, 200) == said
        await eventually(lambda: happened[-1:] == ["restored"])
    assert alternates(happened)
