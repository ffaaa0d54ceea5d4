"""Plausible token counts."""

from daemon.offline.service.token_counts import NOTHING, Tokens, of_audio, of_text, usage_metadata


def test_nothing_said_costs_nothing() -> None:
    assert usage_metadata(NOTHING, NOTHING) == {
        "promptTokenCount": 0,
        "responseTokenCount": 0,
        "totalTokenCount": 0,
        "promptTokensDetails": [],
        "responseTokensDetails": [],
    }


def test_sound_is_25_tokens_a_second_and_text_a_quarter_of_its_letters() -> None:
    assert of_text("five!") == Tokens(text=2)
    assert of_audio(2 * 16_000) == Tokens(audio=50)
    assert of_audio(24_000, 24_000) == Tokens(audio=25)


def test_details_by_modality_and_their_sums() -> None:
    report = usage_metadata(Tokens(text=2, audio=50, image=258), Tokens(audio=25) + Tokens(text=1))
    assert report["promptTokensDetails"] == [
        {"modality": "TEXT", "tokenCount": 2},
        {"modality": "AUDIO", "tokenCount": 50},
        {"modality": "IMAGE", "tokenCount": 258},
    ]
    assert report["responseTokensDetails"] == [
        {"modality": "TEXT", "tokenCount": 1},
        {"modality": "AUDIO", "tokenCount": 25},
    ]
    assert (report["promptTokenCount"], report["responseTokenCount"], report["totalTokenCount"]) == (310, 26, 336)
