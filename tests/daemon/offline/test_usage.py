"""Plausible token counts."""

from daemon.offline.usage import Meter


def test_nothing_said_costs_nothing() -> None:
    assert Meter().report() == {
        "promptTokenCount": 0,
        "responseTokenCount": 0,
        "totalTokenCount": 0,
        "promptTokensDetails": [],
        "responseTokensDetails": [],
    }


def test_sound_is_25_tokens_a_second_and_text_a_quarter_of_its_letters() -> None:
    meter = Meter()
    meter.prompt_audio(2 * 16_000)
    meter.prompt_text("five!")
    meter.response_audio(24_000)
    meter.response_text("four")
    report = meter.report()
    assert report["promptTokensDetails"] == [
        {"modality": "TEXT", "tokenCount": 2},
        {"modality": "AUDIO", "tokenCount": 50},
    ]
    assert report["responseTokensDetails"] == [
        {"modality": "TEXT", "tokenCount": 1},
        {"modality": "AUDIO", "tokenCount": 25},
    ]
    assert (report["promptTokenCount"], report["responseTokenCount"], report["totalTokenCount"]) == (52, 26, 78)


def test_the_whole_context_is_a_prompt_again() -> None:
    meter = Meter()
    meter.prompt_audio(16_000)
    meter.response_audio(24_000)
    meter.report()
    meter.prompt_audio(16_000)
    assert meter.report()["promptTokenCount"] == 75
