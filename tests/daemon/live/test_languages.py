"""What a language is called when a model is asked to speak it."""

import pytest

from daemon.live.languages import english_name


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("en", "English"),
        ("EN", "English"),
        ("de-CH", "German (de-CH)"),
        ("cmn-Hant-TW", "Mandarin Chinese (cmn-Hant-TW)"),
        ("tlh", "the language (tlh)"),
    ],
)
def test_english_name(tag: str, name: str) -> None:
    assert english_name(tag) == name
