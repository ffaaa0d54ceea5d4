"""The recogniser's pieces of words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.brain.recognition.vocabulary import END, START, VOCABULARY_FILE, Vocabulary


@pytest.fixture(scope="module")
def vocabulary(models: Path) -> Vocabulary:
    return Vocabulary((models / VOCABULARY_FILE).read_bytes())


def test_there_is_a_piece_for_every_column_of_the_decoder(vocabulary: Vocabulary) -> None:
    assert len(vocabulary) == 32_768


@pytest.mark.parametrize(
    ("word", "pieces"),
    [  # as Hugging Face's tokenizers 0.23.3 encodes them with the tokenizer.json of useful-moonshine-onnx 20251121
        ("lamp", (28692,)),
        ("Turn", (9603,)),
        ("40%", (29871, 29946, 29900, 29995)),
        ("refrigerator", (337, 1341, 4087, 1061)),
        ("Küche", (19276, 1173)),
        ("日本", (29871, 30325, 30346)),
        (".", (29889,)),
        (",", (29892,)),
        ("?", (29973,)),
    ],
)
def test_words_are_cut_as_the_model_was_trained(vocabulary: Vocabulary, word: str, pieces: tuple[int, ...]) -> None:
    assert vocabulary.encode(word) == pieces


def test_a_sentence_is_written_with_its_spaces_and_without_the_controls(vocabulary: Vocabulary) -> None:
    tokens = [START, *(t for word in ("Turn", "on", "the", "desk", "lamp", ".") for t in vocabulary.encode(word)), END]
    assert vocabulary.decode([*tokens, 32_100]) == "Turn on the desk lamp."


def test_bytes_that_are_no_letter_do_not_end_the_decoding(vocabulary: Vocabulary) -> None:
    assert vocabulary.decode([3 + 0xE6]) == "\ufffd"


@given(word=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12))
def test_what_is_encoded_can_be_read_again(vocabulary: Vocabulary, word: str) -> None:
    assert vocabulary.decode(vocabulary.encode(word)) == word


def test_a_text_is_cut_as_the_network_writes_it(vocabulary: Vocabulary) -> None:
    told = "Turn it up to 18%."  # the mark of percent and the full stop are one piece
    assert vocabulary.encode_text(told)[-4:] == (29871, 29896, 29947, 15543)
    assert vocabulary.decode(vocabulary.encode_text("I can't, it's at eight.")) == "I can't, it's at eight."
