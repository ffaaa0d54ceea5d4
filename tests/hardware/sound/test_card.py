import pytest

from hardware.base import PcmFormat
from hardware.errors import DeviceMissing, FormatRefused, HardwareError
from hardware.sound.card import RETRY_S, STUMBLES, Card
from hardware.sound.refusal import MICROPHONE, Attempt
from hardware.sound.relapse import WELL_S
from tests.hardware.sound.scripted_pcm import ScriptedMicrophone

FORMAT = PcmFormat(rate_hz=16_000, period_frames=16)


class PcmError(Exception):
    """What the library raises."""


class Clock:
    """Seconds that only a test lets pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def card_on(pcm: ScriptedMicrophone, clock: Clock | None = None) -> Card[ScriptedMicrophone]:
    return Card(
        Attempt(MICROPHONE, "hw:Mic", FORMAT),
        pcm,
        RETRY_S,
        failure=PcmError,
        explain=lambda attempt, error: DeviceMissing(f"{attempt.device}: {error}", fix="plug it in"),
        clock=clock or Clock(),
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


def test_pauses_grow_to_the_longest_and_start_anew_with_a_card_that_was_well_for_long():
    clock = Clock()
    card = card_on(ScriptedMicrophone(), clock)
    card.lose(PcmError("gone"))
    assert [card.next_pause_s() for _ in range(6)] == [0.5, 1.0, 2.0, 5.0, 5.0, 5.0]
    card.found()
    clock.now += WELL_S - 1
    card.lose(PcmError("gone"))
    assert card.next_pause_s() == 5.0
    card.found()
    clock.now += WELL_S
    card.lose(PcmError("gone"))
    assert card.next_pause_s() == 0.5


def test_a_card_that_comes_and_goes_all_night_is_told_once(caplog):
    caplog.set_level("INFO")
    clock = Clock()
    card = card_on(ScriptedMicrophone(), clock)
    card.open()
    card.found()
    for _ in range(8 * 60):
        assert card.lose(PcmError("gone"))
        card.open()
        assert card.found()
        clock.now += 60
    assert [record.getMessage() for record in caplog.records] == [
        "microphone 'hw:Mic' is open, 64 frames of buffer",
        "microphone 'hw:Mic' is gone: gone",
        "microphone 'hw:Mic' is back",
        "microphone 'hw:Mic' comes and goes; no more of that until it stays for 10 minutes",
    ]
    caplog.clear()
    clock.now += WELL_S
    card.lose(PcmError("gone"))
    assert caplog.text.count("microphone 'hw:Mic' is gone: gone") == 1


def test_a_card_that_opens_and_never_works_is_told_once(caplog):
    caplog.set_level("INFO")
    card = card_on(ScriptedMicrophone())
    for _ in range(20):
        card.open()
        card.lose(PcmError("dumb"))
    assert [record.getMessage() for record in caplog.records][1:] == ["microphone 'hw:Mic' is gone: dumb"]


def stumbles_of(card: Card[ScriptedMicrophone], *, good_between: int) -> int | None:
    """How often the card stumbled when it was given up; None if it never is."""
    for count in range(1, 1000):
        try:
            card.stumble("it gives no sound")
        except HardwareError:
            return count
        for _ in range(good_between):
            card.found()
    return None


@pytest.mark.parametrize(("good_between", "stumbles"), [(0, STUMBLES), (1, 15), (2, None), (5, None)])
def test_a_card_that_stumbles_more_than_it_walks_is_given_up(good_between, stumbles):
    assert stumbles_of(card_on(ScriptedMicrophone()), good_between=good_between) == stumbles


def test_what_it_stumbled_over_is_said():
    card = card_on(ScriptedMicrophone())
    for _ in range(STUMBLES - 1):
        card.stumble("it gives no sound")
    with pytest.raises(HardwareError, match=r"it gives no sound, again and again\. Fix: "):
        card.stumble("it gives no sound")


def test_a_card_that_is_opened_again_stands_anew():
    card = card_on(ScriptedMicrophone())
    for _ in range(3):
        card.open()
        for _ in range(STUMBLES - 1):
            card.stumble("it gives no sound")
        card.lose(PcmError("gone"))


class VanishingMicrophone(ScriptedMicrophone):
    """Goes away between its opening and the first question, and cannot be closed either."""

    def info(self):
        raise PcmError("No such device")

    def close(self) -> None:
        super().close()
        raise PcmError("No such device")


def test_a_card_that_goes_away_while_it_is_opened_is_a_card_that_cannot_be_opened():
    pcm = VanishingMicrophone()
    card = card_on(pcm)
    with pytest.raises(DeviceMissing, match="hw:Mic: No such device"):
        card.open()
    assert (pcm.closed, card.pcm) == (1, None)
