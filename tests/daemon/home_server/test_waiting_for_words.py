"""How long it is waited for a server that thinks; the loop's time is simulated by waits that end at once or never."""

import asyncio

import pytest

from daemon.home_server.waiting_for_words import OutOfPatience, Patience


async def test_what_comes_in_time_is_returned_and_nothing_is_a_sentence() -> None:
    patience = Patience(60, 300)
    assert await patience.wait(asyncio.sleep(0, "word")) == "word"
    with pytest.raises(OutOfPatience, match="said nothing for 0 s"):
        await Patience(0, 300).wait(asyncio.Event().wait())
    with pytest.raises(OutOfPatience, match="took longer than 0 s"):
        await Patience(60, 0).wait(asyncio.Event().wait())


async def test_a_word_makes_it_patient_again_but_not_for_the_whole() -> None:
    patience = Patience(0, 60)
    with pytest.raises(OutOfPatience):
        await patience.wait(asyncio.Event().wait())
    patience.heard_a_word()
    with pytest.raises(OutOfPatience, match="said nothing"):
        await patience.wait(asyncio.Event().wait())
