"""No more text than was heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.abilities.memory.heard import FASTEST_LETTERS_PER_S, heard_part, whole_words
from daemon.sound.pcm import REPLY_RATE_HZ

STORY = "Once upon a time there was a pipit that sang."
texts = st.text(alphabet=st.sampled_from("ab 日,\n"), max_size=60)
counts = st.integers(0, 20 * REPLY_RATE_HZ)


@pytest.mark.parametrize(
    ("heard_s", "received_s", "text"),
    [
        (0, 10, ""),
        (5, 10, "Once upon a time there"),
        (5.1, 10, "Once upon a time there"),
        (10, 10, STORY),
        (12, 10, STORY),
        (5, 0, ""),
        (0.9, 1, "Once upon a time there"),  # all of it arrived at once, but nobody speaks so fast
    ],
)
def test_the_text_is_cut_where_the_sound_was(heard_s: float, received_s: float, text: str) -> None:
    assert heard_part(STORY, int(heard_s * REPLY_RATE_HZ), int(received_s * REPLY_RATE_HZ)) == text


def test_writing_without_spaces_is_cut_between_characters() -> None:
    assert whole_words("窓を開けました", 3) == "窓を開"


@given(texts, counts, counts)
def test_it_is_a_beginning_of_whole_words_and_never_more_than_was_heard(text: str, heard: int, received: int) -> None:
    part = heard_part(text, heard, received)
    assert text.startswith(part)
    assert len(part) * received <= len(text) * heard or not part
    assert len(part) <= heard / REPLY_RATE_HZ * FASTEST_LETTERS_PER_S
    rest = text[len(part) :]
    assert not (part and rest and part[-1] in "ab" and rest[0] in "ab")


@given(texts, counts, st.integers(0, REPLY_RATE_HZ), counts)
def test_who_listens_longer_remembers_no_less(text: str, heard: int, more: int, received: int) -> None:
    assert heard_part(text, heard + more, received).startswith(heard_part(text, heard, received))
