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


def heard(written: str, size: int, *, thinks_first: bool | None, cut_off: bool = False) -> tuple[str, PlainSpeech]:
    """What is spoken of `written`, which comes in pieces of `size`."""
    speech = PlainSpeech(thinks_first=thinks_first)
    pieces = [written[at : at + size] for at in range(0, len(written), size)]
    said = [*(sentence for piece in pieces for sentence in speech.add(piece)), *speech.end(cut_off=cut_off)]
    return " ".join(said), speech


THOUGHTS = "He means the lamp. Or not?\nIt is a lamp.\n"


@pytest.mark.parametrize("size", [1, 3, 1_000])
@pytest.mark.parametrize("thinks_first", [True, None])
@pytest.mark.parametrize("opened", ["", "<think>", "\n<think>\n"])
def test_thoughts_that_the_template_opened_are_not_spoken(size: int, thinks_first: bool | None, opened: str) -> None:
    said, _ = heard(f"{opened}{THOUGHTS}</think>\n\nIt is on. Yes.", size, thinks_first=thinks_first)
    assert said == "It is on. Yes."


@pytest.mark.parametrize("size", [1, 3, 1_000])
@pytest.mark.parametrize(
    ("before", "written", "after"),
    [
        (None, f"{THOUGHTS}</think>It is on.", True),
        (None, "It is on. Yes.", False),
        (None, f"<think>{THOUGHTS}</think>It is on.", False),
        (None, "", None),
        (True, f"{THOUGHTS}</think>It is on.", True),
        (True, "It is on.", None),
        (False, "It is on.", False),
        (False, f"{THOUGHTS}</think>It is on.", True),
        (False, "", False),
    ],
)
def test_how_an_answer_begins_is_known_from_the_one_before(
    before: bool | None, written: str, after: bool | None, size: int
) -> None:
    _, speech = heard(written, size, thinks_first=before)
    assert speech.thinks_first is after


@pytest.mark.parametrize("thinks_first", [True, None])
def test_what_was_cut_off_may_be_thoughts_and_is_not_spoken(thinks_first: bool | None) -> None:
    said, speech = heard(THOUGHTS, 3, thinks_first=thinks_first, cut_off=True)
    assert (said, speech.thinks_first) == ("", thinks_first)


def test_of_a_model_that_does_not_think_what_was_cut_off_is_spoken() -> None:
    assert heard("It is on. And", 3, thinks_first=False, cut_off=True)[0] == "It is on. And"


def test_who_shall_think_first_and_does_not_is_not_believed_until_the_next_answer() -> None:
    assert heard(THOUGHTS, 3, thinks_first=True)[0] == ""


def test_nothing_is_spoken_before_it_is_known_whether_it_is_a_thought() -> None:
    speech = PlainSpeech({"set_device"}, thinks_first=None)
    assert list(speech.add('One. Two. {"name": "set_device"')) == []
    assert list(speech.end()) == ["One.", "Two."]
    assert speech.written == '{"name": "set_device"'


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
