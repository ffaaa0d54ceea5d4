"""The pieces of Whisper's list as text."""

import json

import pytest

from daemon.brain.recognition.whisper_pieces import WhisperPieces

PIECES = WhisperPieces(json.dumps(["Ġmach", "ĠK", "Ã¼", "che", "Ã", "<|endoftext|>", "<|de|>", "<|0.00|>"]).encode())


def test_letters_are_bytes_and_controls_say_nothing() -> None:
    assert PIECES.text([6, 0, 1, 2, 3, 7, 5]) == "mach Küche"


def test_a_text_is_the_longest_pieces_and_reads_the_same() -> None:
    numbers = PIECES.numbers(" mach Küche")
    assert numbers == [0, 1, 2, 3]
    assert PIECES.text(numbers) == "mach Küche"


def test_a_letter_of_no_piece_is_left_out() -> None:
    assert PIECES.numbers("xche") == [3]


def test_what_is_no_utf_8_is_marked() -> None:
    assert PIECES.text([0, 4]) == "mach�"


def test_controls_are_found_by_name() -> None:
    assert (PIECES.control("de"), PIECES.control("tlh")) == (6, None)


@pytest.mark.parametrize("content", [b"{}", b'["a"]'])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no list of Whisper's pieces"):
        WhisperPieces(content)
