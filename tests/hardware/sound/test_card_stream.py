"""How a card is opened, lost, told and opened again: what the microphone and the speaker have in common."""

import asyncio
import threading
from typing import Any

import pytest

from hardware.errors import DeviceBusy, DeviceMissing, FormatRefused, HardwareError
from hardware.sound.alsa import AlsaMicrophone, AlsaSpeaker
from tests.hardware.sound.scripted_pcm import ScriptedMicrophone, ScriptedSpeaker, eventually, gone
from tests.hardware.sound.streams import FORMAT, XRUN, Source, listening, numbered, take


async def test_xruns_are_told_ever_more_seldom(caplog):
    card = ScriptedMicrophone()
    async with listening(card) as microphone:
        card.give(*[XRUN] * 9, *numbered(1, 1))
        await take(microphone, 1)
    told = [record.getMessage() for record in caplog.records if "xrun" in record.getMessage()]
    assert told == [f"microphone: an xrun, some sound was lost ({count} so far)" for count in (1, 2, 4, 8)]


async def test_a_lost_card_is_told_once_and_opened_again():
    card = ScriptedMicrophone(None, gone(), gone(), gone("Device or resource busy"), None)
    happened: list[tuple[str, threading.Thread]] = []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append(("lost", threading.current_thread()))
        microphone.on_restored = lambda: happened.append(("restored", threading.current_thread()))
        card.give(*numbered(1, 1), gone(), *numbered(2, 2))
        assert await take(microphone, 3) == numbered(1, 3)
        await eventually(lambda: len(happened) == 2)
    assert happened == [("lost", threading.main_thread()), ("restored", threading.main_thread())]
    assert microphone.counters.reopened == 1
    assert (card.opened, card.closed) == (2, 2)
    assert card.openings == []


async def test_a_card_is_restored_by_its_first_period_not_by_opening():
    card, happened = ScriptedMicrophone(), []
    async with listening(card) as microphone:
        microphone.on_lost = lambda: happened.append("lost")
        microphone.on_restored = lambda: happened.append("restored")
        card.give(gone(), gone(), gone())  # opens each time, and is gone again at the first read
        await eventually(lambda: card.opened == 4)
        assert happened == ["lost"]
        card.give(*numbered(1, 1))
        await eventually(lambda: happened == ["lost", "restored"])


async def test_the_end_does_not_wait_for_the_next_attempt():
    card = ScriptedMicrophone()
    async with asyncio.timeout(60), listening(card, retry_s=(3600,)):
        card.give(gone())
        await eventually(lambda: card.closed == 1)
    assert card.opened == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("No such file or directory", DeviceMissing),
        ("No such device", DeviceMissing),
        ("Device or resource busy", DeviceBusy),
        ("Invalid argument", FormatRefused),
        ("Input/output error", HardwareError),
    ],
)
@pytest.mark.parametrize("part", [AlsaMicrophone, AlsaSpeaker])
async def test_a_card_that_cannot_be_opened_ends_the_start(answer, error, part):
    card: Any = ScriptedSpeaker(gone(answer))
    driver = (
        AlsaMicrophone("hw:Mic", FORMAT, open_pcm=card)
        if part is AlsaMicrophone
        else AlsaSpeaker("hw:Mic", FORMAT, Source(), open_pcm=card)
    )
    threads = {thread.name for thread in threading.enumerate()}
    with pytest.raises(error, match=r"'hw:Mic'.*Fix: .") as caught:
        async with driver:
            pass
    assert type(caught.value) is error
    assert not {"microphone", "speaker"} & ({thread.name for thread in threading.enumerate()} - threads)


async def test_a_card_that_gives_another_rate_is_refused_and_closed():
    card = ScriptedMicrophone(rate=48_000)
    with pytest.raises(FormatRefused, match=r"gave 48000 Hz where 16000 Hz were asked for. Fix: set rate_hz = 48000"):
        async with AlsaMicrophone("hw:Mic", FORMAT, open_pcm=card):
            pass
    assert card.closed == 1
