"""What was nearly heard: one piece replaced by the next likeliest."""

import numpy as np
import pytest

from daemon.brain.recognition.nearly import RunnerUp, nearly_said, runner_up

PIECES = ["film", "phone", "Fil", "15", "5", ",", " "]


def written(pieces: object) -> str:
    assert isinstance(pieces, list | tuple)
    return " ".join(PIECES[piece] for piece in pieces)


def test_the_second_likeliest_piece_and_how_far_behind_it_is() -> None:
    assert runner_up(np.array([-3.0, -0.5, -9.0, -1.25], np.float32)) == RunnerUp(3, 0.75)


def test_a_piece_counts_as_far_behind_as_it_may_be() -> None:
    assert nearly_said((0,), [RunnerUp(1, 1.0)], written, 1.0) == ("phone",)
    assert nearly_said((0,), [RunnerUp(1, 1.01)], written, 1.0) == ()


@pytest.mark.parametrize(("piece", "other"), [(0, 2), (0, 5), (5, 0), (5, 6)])
def test_a_part_of_a_word_a_mark_and_a_word_more_are_nothing_else(piece: int, other: int) -> None:
    assert nearly_said((piece,), [RunnerUp(other, 0.1)], written, 1.0) == ()


def test_each_other_text_is_told_once_and_numbers_are_never_parts_of_each_other() -> None:
    runners_up = [RunnerUp(4, 0.1), RunnerUp(1, 0.2), RunnerUp(0, 0.3)]
    assert nearly_said((3, 0), runners_up, written, 1.0) == ("5 film", "15 phone")
