"""Periods to a card: each whole, once and in order, whatever the card answers."""

import asyncio
import errno
from itertools import pairwise
from random import Random

import pytest

from tests.hardware.sound.scripted_pcm import ScriptedSpeaker, eventually, gone
from tests.hardware.sound.streams import SILENCE, XRUN, Source, alternates, numbered, playing


async def test_what_the_source_says_is_written_in_order_on_a_thread_of_its_own():
    card, source = ScriptedSpeaker(), Source()
    async with playing(card, source):
        card.permit(10)
        await eventually(lambda: len(card.written) == 10)
        assert card.written == numbered(1, 10)
    assert source.threads == {"speaker"}
    assert (card.opened, card.closed, card.dropped) == (1, 1, 1)


async def test_the_delay_is_what_the_card_holds():
    card, source = ScriptedSpeaker(), Source()
    async with playing(card, source):
        for card.room in (48, 16, 0, XRUN, 100):
            card.permit()
            written = len(source.log) // 2 + 1
            await eventually(lambda written=written: len(source.log) == 2 * written + 1)
    assert [delay for what, delay in source.log[:10] if what == "written"] == [16, 48, 64, 0, 0]


async def test_after_an_underrun_the_period_is_written_again():
    card, source = ScriptedSpeaker(), Source()
    card.answers = [None, XRUN, None]
    async with playing(card, source) as speaker:
        card.permit(4)
        await eventually(lambda: len(card.written) == 3)
        assert card.written == numbered(1, 3)
        assert speaker.counters.xruns == 1


async def test_after_a_short_write_the_rest_is_written():
    card, source = ScriptedSpeaker(), Source()
    card.answers = [5]
    async with playing(card, source) as speaker:
        card.permit(3)
        await eventually(lambda: len(card.written) == 3)
        assert b"".join(card.written) == b"".join(numbered(1, 2))
        assert speaker.counters.xruns == 0


async def test_a_period_is_written_until_the_card_has_taken_it():
    card, source = ScriptedSpeaker(), Source()
    card.answers = [XRUN] * 7
    async with playing(card, source) as speaker:
        card.permit(8)
        await eventually(lambda: source.said == 2)
        assert card.written == numbered(1, 1)
        assert [what for what, _ in source.log] == ["asked", "written", "asked"]
        assert speaker.counters.xruns == 7


async def test_a_card_that_says_it_took_more_than_it_was_given_took_all_of_it():
    card, source = ScriptedSpeaker(), Source()
    card.answers = [1000, 1000]
    async with playing(card, source):
        card.permit(3)
        await eventually(lambda: source.said == 4)
        assert card.written == numbered(1, 3)


async def test_a_drop_forgets_the_rest_of_a_short_write():
    card, source = ScriptedSpeaker(), Source()
    card.answers = [5]
    async with playing(card, source) as speaker:
        card.permit()
        await eventually(lambda: len(card.written) == 1)
        speaker.drop()
        card.permit()  # the write that is under way
        await eventually(lambda: source.said == 2)
        card.permit()
        await eventually(lambda: source.said == 3)
        assert card.written[-1] == numbered(2, 1)[0]


USELESS = [
    pytest.param([XRUN] * 8, id="an underrun each time"),
    pytest.param([0] * 8, id="takes nothing"),
    pytest.param([1] * 8, id="takes one frame at a time"),
    pytest.param([XRUN, 0, 1, -errno.EIO] * 2, id="whatever"),
]


@pytest.mark.parametrize("answers", USELESS)
async def test_a_card_that_takes_no_sound_is_lost_and_nothing_counts_as_heard(caplog, answers):
    card, source, happened = ScriptedSpeaker(), Source(), []
    card.answers = list(answers)
    async with playing(card, source, retry_s=(3600,)) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        card.permit(1000)
        await eventually(lambda: happened == ["lost"])
        assert source.log == [("asked", 1), ("dropped", 1)]
        assert (card.opened, card.closed, card.answers) == (1, 1, [])
    assert caplog.text.count("speaker 'hw:Mic' is gone: it does not take the sound that it is given") == 1


async def test_a_card_that_never_plays_what_it_takes_is_lost():
    card, source, happened = ScriptedSpeaker(), Source(), []
    card.room = XRUN
    async with playing(card, source, retry_s=(3600,)) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        card.permit(1000)
        await eventually(lambda: happened == ["lost"])


async def test_a_speaker_is_restored_when_it_has_taken_more_than_it_can_store():
    card, source, happened = ScriptedSpeaker(), Source(), []
    card.answers = [gone(), None, None, gone()]
    async with playing(card, source) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        speaker.on_restored = lambda: happened.append("restored")
        card.permit(4)
        await eventually(lambda: card.opened == 3)
        card.permit(4)  # as much as its buffer holds
        await eventually(lambda: len(card.written) == 6)
        await asyncio.sleep(0)
        assert happened == ["lost"]
        card.permit()
        await eventually(lambda: happened == ["lost", "restored"])


async def test_a_card_that_cannot_drop_is_lost():
    class Stubborn(ScriptedSpeaker):
        def drop(self) -> int:
            raise gone()

    card, source, happened = Stubborn(), Source(), []
    async with playing(card, source) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        card.permit()
        await eventually(lambda: source.said == 2)
        speaker.drop()
        card.permit()
        await eventually(lambda: card.opened == 2)
        await eventually(lambda: happened == ["lost"])
        assert ("dropped", 2) in source.log


async def test_drop_takes_effect_within_one_period():
    card, source = ScriptedSpeaker(), Source()
    async with playing(card, source) as speaker:
        card.permit(3)
        await eventually(lambda: source.said == 4)  # the thread is blocked in writing the fourth
        speaker.drop()
        card.permit()
        await eventually(lambda: source.said == 5)
        assert [entry for entry in source.log if entry[0] != "written"][3:] == [
            ("asked", 4),
            ("dropped", 4),
            ("asked", 5),
        ]
        assert card.dropped == 1
        card.permit(2)
        await eventually(lambda: source.said == 7)
        assert card.dropped == 1
    assert source.threads == {"speaker"}


async def test_a_lost_card_is_opened_again_and_the_source_not_asked_until_then():
    card, source = ScriptedSpeaker(None, gone(), gone(), None), Source()
    card.answers = [None, gone("Input/output error"), None]
    async with playing(card, source) as speaker:
        card.permit(3)
        await eventually(lambda: len(card.written) == 2)
        await eventually(lambda: source.said == 4)
    assert [entry for entry in source.log if entry[0] != "written"][:4] == [
        ("asked", 1),
        ("asked", 2),
        ("dropped", 2),
        ("asked", 3),
    ]
    assert (card.opened, card.closed, speaker.counters.reopened) == (2, 2, 1)


async def test_a_drop_while_the_card_is_away_is_answered_at_once():
    card, source = ScriptedSpeaker(None, *[gone()] * 3), Source()
    card.answers = [gone()]
    async with playing(card, source, retry_s=(3600,)) as speaker:
        card.permit()
        await eventually(lambda: source.log == [("asked", 1), ("dropped", 1)])
        speaker.drop()
        await eventually(lambda: source.log == [("asked", 1), ("dropped", 1), ("dropped", 1)])


async def test_a_fault_in_the_source_ends_the_block():
    def fault(said: int) -> bytes:
        raise RuntimeError(f"fault at {said}")

    card = ScriptedSpeaker()
    with pytest.raises(ExceptionGroup) as caught:
        async with playing(card, Source(fault)):
            await asyncio.sleep(10)
    assert str(caught.value.exceptions[0]) == "fault at 1"
    assert card.closed == 1


async def test_a_period_of_the_wrong_length_ends_the_block():
    card = ScriptedSpeaker()
    with pytest.raises(ExceptionGroup) as caught:
        async with playing(card, Source(lambda _said: b"odd")):
            await asyncio.sleep(10)
    assert "a period of 3 bytes where 32 were asked for" in str(caught.value.exceptions[0])


async def test_a_card_that_stands_still_is_told_and_so_is_one_that_goes_on(caplog):
    card, source, happened = ScriptedSpeaker(), Source(lambda _said: SILENCE), []
    async with playing(card, source, stuck_s=0.01) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        speaker.on_restored = lambda: happened.append("restored")
        await eventually(lambda: happened == ["lost"])
        for _ in range(10):
            await asyncio.sleep(0.01)
        assert happened == ["lost"]
        card.permit(100_000)
        await eventually(lambda: happened[:2] == ["lost", "restored"])
    assert "the speaker has stood still for 0.01 s" in caplog.text
    assert (card.opened, card.closed) == (1, 1)


async def test_a_card_that_is_away_does_not_stand_still():
    card, source, happened = ScriptedSpeaker(), Source(), []
    card.answers = [gone()]
    async with playing(card, source, stuck_s=0.01, retry_s=(3600,)) as speaker:
        card.permit()
        speaker.on_lost = lambda: happened.append("lost")
        await eventually(lambda: card.closed == 1)
        for _ in range(10):
            await asyncio.sleep(0.01)
        assert speaker._stuck is False


ANYTHING = [None, None, None, XRUN, 0, 1, 5, 1000, -errno.EIO, -errno.ENODEV, gone(), gone("Input/output error")]


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_a_speaker_answers_only_whole_periods_count_and_loss_and_return_alternate(seed):
    random = Random(seed)  # noqa: S311  a test that can be repeated
    openings = [None, *random.choices([None, gone(), gone("Device or resource busy")], k=50)]
    card, source, happened = ScriptedSpeaker(*openings), Source(lambda _said: SILENCE), []
    card.answers = random.choices(ANYTHING, k=400)
    async with playing(card, source, retry_s=(0,)) as speaker:
        speaker.on_lost = lambda: happened.append("lost")
        speaker.on_restored = lambda: happened.append("restored")
        card.permit(100_000)
        await eventually(lambda: not card.answers)
        await eventually(lambda: happened[-1:] == ["restored"])
    assert alternates(happened)
    kinds = [what for what, _ in source.log]
    assert not [pair for pair in pairwise(kinds) if pair == ("asked", "asked")], "none is lost without a word"
    assert not [pair for pair in pairwise(kinds) if pair in {("dropped", "written"), ("written", "written")}]
