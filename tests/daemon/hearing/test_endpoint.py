"""Probabilities come as strings, a letter a hop of 32 ms: S speech, m maybe (between the thresholds), . none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.conversation.events import UtteranceEnded, UtteranceStarted
from daemon.hearing.endpoint import HOP_SAMPLES, Endpointer
from daemon.hearing.pace import PACES, PaceName, fixed

PROBABILITIES = {"S": 0.9, "m": 0.55, ".": 0.1}


def listen(endpointer: Endpointer, hops: str, at: int = 0) -> list[tuple[str, int]]:
    """What was fired, with `at` counted in hops."""
    return [
        (type(event).__name__, event.at // HOP_SAMPLES)
        for number, letter in enumerate(hops)
        for event in endpointer.hop(PROBABILITIES[letter], at + number * HOP_SAMPLES)
    ]


def watching(end_silence_ms: float = 700, from_sample: int = 0) -> Endpointer:
    endpointer = Endpointer(fixed(end_silence_ms))
    endpointer.start(from_sample)
    return endpointer


def test_an_utterance_starts_where_its_speech_began_and_ends_after_the_silence() -> None:
    fired = listen(watching(), "." * 10 + "S" * 30 + "." * 30)

    assert fired == [("UtteranceStarted", 10), ("UtteranceEnded", 10 + 30 + 22)]  # 22 hops are 704 ms


@pytest.mark.parametrize(
    ("hops", "told"),
    [
        (
            "S" * 30 + "." * 22,
            [
                "an utterance has begun: 160 ms of speech",
                "the utterance is over: 704 ms of silence after 960 ms of speech",
            ],
        ),
        ("S" * 30 + "." * 20, ["an utterance has begun: 160 ms of speech"]),
        (
            "SSS" + "." * 60,
            [
                "96 ms of speech are no utterance: it takes 150",
                "no utterance was heard: at best 0.90 for speech, which begins at 0.60",
            ],
        ),
        ("m" * 60, ["no utterance was heard: at best 0.55 for speech, which begins at 0.60"]),
    ],
    ids=["ended by silence", "ended by others", "a cough", "too quiet"],
)
def test_why_an_utterance_began_and_ended_or_did_not_is_told(
    hops: str, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    endpointer = watching()
    listen(endpointer, hops)
    endpointer.stop()
    endpointer.stop()
    assert caplog.messages == told


def test_it_starts_with_the_hop_that_makes_150_ms() -> None:
    assert listen(watching(), "..SSSS") == []
    assert listen(watching(), "..SSSSS") == [("UtteranceStarted", 2)]


def test_speech_is_counted_in_total_over_short_gaps() -> None:
    assert listen(watching(), "SS...S.SS") == [("UtteranceStarted", 0)]


def test_noises_far_apart_do_not_add_up() -> None:
    clap = "SS" + "." * 22

    assert listen(watching(), clap * 20) == []
    assert listen(watching(), clap * 3 + "SSSSS") == [("UtteranceStarted", 72)]


def test_maybe_does_not_count_towards_the_start() -> None:
    assert listen(watching(), "m" * 50) == []
    assert listen(watching(), "SSSmmmm") == []
    assert listen(watching(), "SSSmmSS") == [("UtteranceStarted", 0)]


def test_maybe_goes_on_but_does_not_begin() -> None:
    went_on = listen(watching(), "S" * 20 + "m" * 10 + "." * 22)
    did_not_begin = listen(watching(), "S" * 20 + "." + "m" * 21)

    assert went_on[-1] == ("UtteranceEnded", 52)
    assert did_not_begin[-1] == ("UtteranceEnded", 42)


def test_a_pause_within_the_utterance_does_not_end_it() -> None:
    fired = listen(watching(), "S" * 20 + "." * 21 + "S" * 5 + "." * 22)

    assert fired == [("UtteranceStarted", 0), ("UtteranceEnded", 20 + 21 + 5 + 22)]


def test_a_blip_does_not_reset_the_silence() -> None:
    fired = listen(watching(), "S" * 20 + "." * 10 + "S" + "." * 11)

    assert fired[-1] == ("UtteranceEnded", 42)


def test_two_hops_are_no_blip() -> None:
    fired = listen(watching(), "S" * 20 + "." * 10 + "SS" + "." * 22)

    assert fired[-1] == ("UtteranceEnded", 20 + 10 + 2 + 22)


def test_it_never_ends_in_the_middle_of_what_may_become_speech() -> None:
    fired = listen(watching(), "S" * 20 + "." * 21 + "SSSS" + "." * 22)

    assert fired[-1] == ("UtteranceEnded", 20 + 21 + 4 + 22)


def test_a_blip_when_the_silence_is_over_puts_the_end_off_by_itself_only() -> None:
    fired = listen(watching(), "S" * 20 + "." * 21 + "S" + "." * 5)

    assert fired[-1] == ("UtteranceEnded", 20 + 21 + 1 + 1)


def test_who_has_said_little_may_think_longer() -> None:
    short = listen(watching(), "S" * 18 + "." * 40)  # 576 ms
    long = listen(watching(), "S" * 19 + "." * 40)  # 608 ms

    assert short[-1] == ("UtteranceEnded", 18 + 29)  # 928 ms
    assert long[-1] == ("UtteranceEnded", 19 + 22)


def test_speech_in_pieces_is_counted_whole() -> None:
    fired = listen(watching(), "S" * 5 + ".SS" * 7 + "." * 40)  # 19 hops in all

    assert fired[-1] == ("UtteranceEnded", 5 + 21 + 22)


def test_the_longer_silence_of_the_settings_holds_for_short_utterances_too() -> None:
    assert listen(watching(1_500), "S" * 6 + "." * 60)[-1] == ("UtteranceEnded", 6 + 47)


def test_hops_before_the_start_are_not_judged() -> None:
    endpointer = watching(from_sample=3 * HOP_SAMPLES - 1)

    assert listen(endpointer, "SSSSSSSS") == [("UtteranceStarted", 3)]


def test_nothing_is_fired_unless_it_watches() -> None:
    endpointer = Endpointer(fixed(700))
    assert not endpointer.watching
    assert listen(endpointer, "S" * 20) == []

    endpointer.start(0)
    endpointer.stop()
    assert listen(endpointer, "S" * 20) == []


def test_it_stops_watching_at_the_end() -> None:
    endpointer = watching()
    listen(endpointer, "S" * 20 + "." * 22)

    assert not endpointer.watching
    assert listen(endpointer, "S" * 20, at=100_000) == []


def test_a_new_start_forgets_the_old_speech() -> None:
    endpointer = watching()
    listen(endpointer, "SSSS")
    endpointer.start(4 * HOP_SAMPLES)

    assert listen(endpointer, "SSSS", at=4 * HOP_SAMPLES) == []


def test_positions_are_samples() -> None:
    endpointer = watching(from_sample=1_000)
    events = [event for n in range(60) for event in endpointer.hop(0.9 if n < 20 else 0.1, 1_000 + n * HOP_SAMPLES)]

    assert events == [UtteranceStarted(1_000), UtteranceEnded(1_000 + 42 * HOP_SAMPLES)]


@given(
    st.lists(st.floats(0, 1), max_size=300),
    st.integers(0, 100_000),
    st.integers(300, 1_500),
)
def test_at_most_one_pair_in_order_and_after_enough_silence(
    probabilities: list[float], from_sample: int, end_silence_ms: int
) -> None:
    endpointer = watching(end_silence_ms, from_sample)
    hops = [(from_sample + n * HOP_SAMPLES, probability) for n, probability in enumerate(probabilities)]
    events = [event for at, probability in hops for event in endpointer.hop(probability, at)]

    assert [type(event) for event in events] in ([], [UtteranceStarted], [UtteranceStarted, UtteranceEnded])
    assert endpointer.watching == (len(events) < 2)
    for event in events[:1]:
        spoken = [probability for at, probability in hops if at >= event.at and probability >= 0.6]
        assert event.at >= from_sample
        assert len(spoken) >= 5
    for event in events[1:]:
        silence = [p for at, p in hops if event.at - end_silence_ms * 16 <= at and at < event.at]
        longest = max((len(run) for run in "".join("S" if p >= 0.6 else "." for p in silence).split(".")), default=0)
        assert longest < 2, "two hops of speech in a row within the silence"


@given(st.text("Sm.", max_size=200))
def test_a_long_silence_always_ends_a_started_utterance(hops: str) -> None:
    fired = listen(watching(), hops + "S" * 5 + "." * 29)

    assert [name for name, _ in fired] == ["UtteranceStarted", "UtteranceEnded"]


# Paces


def paced(name: PaceName, hops: str, amplitudes: dict[str, float] | None = None) -> int:
    """With which hop the utterance ends."""
    endpointer = Endpointer(PACES[name])
    endpointer.start(0)
    loud = amplitudes or {}
    for number, letter in enumerate(hops + "." * 60):
        fired = endpointer.hop(PROBABILITIES[letter.upper()], number * HOP_SAMPLES, loud.get(letter, 0.0))
        if any(isinstance(event, UtteranceEnded) for event in fired):
            return number + 1 - len(hops)
    raise AssertionError("it never ends")


def test_quick_ends_soon_but_not_for_who_has_paused() -> None:
    assert paced("quick", "S" * 30) == 14  # 448 ms
    assert paced("quick", "S" * 30 + "." * 5 + "S" * 9) == 14
    assert paced("quick", "S" * 30 + "." * 6 + "S" * 9) == 22  # 192 ms is a pause


def test_patient_waits_longer_than_anybody() -> None:
    assert paced("patient", "S" * 30) == 35  # 1,120 ms


def test_normal_ends_sooner_after_much_speech_or_when_the_voice_falls() -> None:
    steady, fallen = {"S": 1000.0, "s": 1000.0}, {"S": 1000.0, "s": 300.0}
    assert paced("normal", "S" * 50, steady) == 25  # 1.6 s, as loud as ever: 800 ms
    assert paced("normal", "S" * 94, steady) == 18  # 3 s: 576 ms
    assert paced("normal", "S" * 41 + "s" * 9, fallen) == 18  # 1.6 s, and the end a third as loud
    assert paced("normal", "S" * 42 + "s" * 8, fallen) == 25  # … but not for so short a time


def test_how_the_voice_falls_counts_from_the_last_speech_and_not_from_the_silence() -> None:
    """Noise in the silence is nothing that was said."""
    loud = {"S": 1000.0, ".": 5000.0}
    assert paced("normal", "S" * 50, loud) == 25


@pytest.mark.parametrize("name", PACES)
def test_at_any_pace_who_has_said_little_may_think_longer(name: PaceName) -> None:
    assert paced(name, "S" * 10) >= 29


# An end that can be taken back


def eagerly(hops: str) -> list[tuple[str, int]]:
    endpointer = Endpointer(fixed(700), eager=True)
    endpointer.start(0)
    return [(name.removeprefix("Utterance"), at) for name, at in listen(endpointer, hops)]


def test_an_eager_one_tells_of_a_pause_that_may_be_the_end_and_then_of_the_end() -> None:
    assert eagerly("S" * 30 + "." * 30) == [("Started", 0), ("Paused", 38), ("Ended", 52)]  # 256 and 704 ms


def test_who_goes_on_is_told_of_with_the_second_hop_of_speech() -> None:
    fired = eagerly("S" * 30 + "." * 12 + "S" + "." * 2 + "SSS" + "." * 30)
    assert fired == [("Started", 0), ("Paused", 38), ("Resumed", 45), ("Paused", 56), ("Ended", 70)]


def test_a_pause_counts_twice_in_an_utterance_and_not_again() -> None:
    fired = eagerly(("S" * 20 + "." * 10) * 4 + "." * 30)
    assert [name for name, _ in fired] == ["Started", "Paused", "Resumed", "Paused", "Resumed", "Ended"]


def test_after_very_few_words_a_pause_is_no_end() -> None:
    assert eagerly("S" * 18 + "." * 40) == [("Started", 0), ("Ended", 47)]


def test_one_that_is_not_eager_tells_of_no_pause() -> None:
    assert [name for name, _ in listen(watching(), "S" * 30 + "." * 12 + "SSS" + "." * 30)] == [
        "UtteranceStarted",
        "UtteranceEnded",
    ]
