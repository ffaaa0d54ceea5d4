"""Text as models write it, as it is spoken."""

from __future__ import annotations

import pytest

from daemon.home_server.plain_speech import PlainSpeech


@pytest.mark.parametrize("size", [1, 3, 1_000])
@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("It is on. And bright!", ["It is on.", "And bright!"]),
        ("At 7.30 p.m. sharp", ["At 7.30 p.m.", "sharp"]),
        ("**Two** things:\n- the _lamp_\n- the `fan`\n\n# Done", ["Two things:", "the lamp", "the fan", "Done"]),
        ("<think>He means the lamp. Or not?</think>The lamp is on.", ["The lamp is on."]),
        ("  <think>only thoughts. ", []),
        ("<b", ["<b"]),
        ("a < b and <think", ["a < b and <think"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_are_whole_and_plain_however_they_come(written: str, spoken: list[str], size: int) -> None:
    speech = PlainSpeech()
    pieces = [written[at : at + size] for at in range(0, len(written), size)]
    assert [*(sentence for piece in pieces for sentence in speech.add(piece)), *speech.end()] == spoken


def test_a_sentence_does_not_wait_for_the_next() -> None:
    speech = PlainSpeech()
    assert list(speech.add("It is on. And ")) == ["It is on."]
