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
        ("It can {hold} [this] and `that`\nyes", ["It can {hold} [this] and that", "yes"]),
    ],
)
def test_sentences_are_whole_and_plain_however_they_come(written: str, spoken: list[str], size: int) -> None:
    speech = PlainSpeech()
    pieces = [written[at : at + size] for at in range(0, len(written), size)]
    assert [*(sentence for piece in pieces for sentence in speech.add(piece)), *speech.end()] == spoken


def test_a_sentence_does_not_wait_for_the_next() -> None:
    speech = PlainSpeech()
    assert list(speech.add("It is on. And ")) == ["It is on."]


CALLED = '{"name": "set_device", "arguments": {"device": "lamp"}}'


@pytest.mark.parametrize("size", [1, 3, 1_000])
@pytest.mark.parametrize(
    ("before", "call"),
    [
        ("", CALLED),
        ("", f"<tool_call>\n{CALLED}\n</tool_call>\nThe lamp is on. "),
        ("I will do that. Now", f"```json\n{CALLED}\n```"),
        ("I will do that. Now:\n", f"[\n  {CALLED}\n]"),
        ('<think>By a call: {"name": 1}</think>I will do that. Now ', "set_device(device='lamp')"),
    ],
)
def test_a_call_and_what_follows_it_is_not_speech_however_it_comes(before: str, call: str, size: int) -> None:
    speech, written = PlainSpeech({"set_device"}), before + call
    pieces = [written[at : at + size] for at in range(0, len(written), size)]
    said = [*(sentence for piece in pieces for sentence in speech.add(piece)), *speech.end()]
    assert " ".join(said) in {"", "I will do that. Now", "I will do that. Now:"}
    assert bool(said) == bool(before)
    assert speech.written == call


def test_what_is_said_before_a_call_does_not_wait_for_its_end() -> None:
    speech = PlainSpeech()
    assert list(speech.add("One moment")) == []
    assert list(speech.add(" <tool_call>")) == ["One moment"]


def test_speech_without_a_call_has_none() -> None:
    speech = PlainSpeech({"set_device"})
    assert [*speech.add("It is on. {"), *speech.end()] == ["It is on.", "{"]
    assert speech.written == ""
