"""Somebody speaks when that was sure for a while, until there was silence, and not for ever."""

from __future__ import annotations

from daemon.hearing.speaking_over import MOST_WINDOWS, SILENT_WINDOWS, SURE_WINDOWS, SpeakingOver, SpokenOver

BEGINS, ENDS = SpokenOver(begins=True), SpokenOver(begins=False)


def told(over: SpeakingOver, *probabilities: float) -> list[SpokenOver]:
    return [change for change in map(over.hop, probabilities) if change]


def test_whoever_speaks_surely_is_told_of_until_there_was_silence() -> None:
    over = SpeakingOver()
    assert told(over, *[0.9] * (SURE_WINDOWS - 1), 0.5, *[0.9] * (SURE_WINDOWS - 1)) == []
    assert told(over, 0.9) == [BEGINS]
    assert told(over, *[0.1] * (SILENT_WINDOWS - 1), 0.5, *[0.1] * (SILENT_WINDOWS - 1)) == []
    assert told(over, 0.1) == [ENDS]
    assert told(over, *[0.9] * SURE_WINDOWS) == [BEGINS]


def test_what_never_ends_is_not_believed_for_ever_nor_again_before_there_was_silence() -> None:
    over = SpeakingOver()
    assert told(over, *[0.9] * (MOST_WINDOWS * 3)) == [BEGINS, ENDS]
    assert told(over, *[0.1] * SILENT_WINDOWS, *[0.9] * SURE_WINDOWS) == [BEGINS]
