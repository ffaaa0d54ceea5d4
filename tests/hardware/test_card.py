import pytest

from hardware.base import PcmFormat
from hardware.card import RETRY_S, Card
from hardware.errors import DeviceMissing, FormatRefused
from hardware.refusal import MICROPHONE, Attempt
from tests.hardware.scripted_pcm import ScriptedMicrophone

FORMAT = PcmFormat(rate_hz=16_000, period_frames=16)


class PcmError(Exception):
    """What the library raises."""


def card_on(pcm: ScriptedMicrophone) -> Card[ScriptedMicrophone]:
    return Card(
        Attempt(MICROPHONE, "hw:Mic", FORMAT),
        pcm,
        RETRY_S,
        failure=PcmError,
        explain=lambda attempt, error: DeviceMissing(f"{attempt.device}: {error}", fix="plug it in"),
    )


def test_opening_tells_how_much_the_card_holds():
    pcm = ScriptedMicrophone()
    card = card_on(pcm)
    assert card.pcm is None
    card.open()
    assert card.pcm is pcm
    assert card.buffer_frames == 64


def test_a_failure_is_explained():
    card = card_on(ScriptedMicrophone(PcmError("no")))
    with pytest.raises(DeviceMissing, match="hw:Mic: no") as caught:
        card.open()
    assert isinstance(caught.value.__cause__, PcmError)
    assert card.pcm is None


def test_a_card_that_gave_something_else_is_closed_again():
    pcm = ScriptedMicrophone(rate=8000)
    card = card_on(pcm)
    with pytest.raises(FormatRefused):
        card.open()
    assert (pcm.closed, card.pcm) == (1, None)


def test_closing_throws_away_what_the_card_holds_and_happens_once():
    pcm = ScriptedMicrophone()
    card = card_on(pcm)
    card.open()
    card.close()
    card.close()
    assert (pcm.dropped, pcm.closed) == (1, 1)


class UnpluggedMicrophone(ScriptedMicrophone):
    def drop(self) -> int:
        raise PcmError("No such device")


def test_a_card_that_is_gone_can_be_closed():
    pcm = UnpluggedMicrophone()
    card = card_on(pcm)
    card.open()
    card.close()
    assert pcm.closed == 1


def test_lost_once_and_found_once(caplog):
    card = card_on(ScriptedMicrophone())
    card.open()
    assert [card.lose(PcmError("gone")), card.lose(PcmError("gone"))] == [True, False]
    assert card.pcm is None
    assert [card.found(), card.found()] == [True, False]
    assert caplog.text.count("microphone 'hw:Mic' is gone: gone") == 1


def test_pauses_grow_to_the_longest_and_start_anew_with_a_card_that_works():
    card = card_on(ScriptedMicrophone())
    assert [card.next_pause_s() for _ in range(6)] == [0.5, 1.0, 2.0, 5.0, 5.0, 5.0]
    card.found()
    assert card.next_pause_s() == 0.5
