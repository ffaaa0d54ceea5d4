"""What else a reading may have been, by a network of a few pieces."""

from collections.abc import Sequence

import numpy as np
import pytest

from daemon.brain.recognition.forks import Fork, Step, behind_with, forks_of, nearly_heard
from daemon.brain.recognition.moonshine import LogProbabilities, Memory, Moonshine
from daemon.brain.recognition.vocabulary import END

PIECES = ["", "", "", "set", "for", "ten", "four", "teen", "minutes", ".", "SET"]
FAR = -50.0


class Network(Moonshine):
    """Goes on as its table says, given the piece before; it remembers nothing and counts its steps."""

    def __init__(self, following: dict[int, dict[int, float]]) -> None:
        self._following, self.steps = following, 0

    def step(self, tokens: Sequence[int], memory: Memory) -> tuple[LogProbabilities, Memory]:
        self.steps += 1
        return self.row(tokens[0])[np.newaxis], memory

    def row(self, before: int) -> LogProbabilities:
        row = np.full(len(PIECES), FAR, np.float32)
        for piece, likely in self._following[before].items():
            row[piece] = likely
        return row

    def read(self) -> list[Step]:
        steps = [Step(self.row(0), MEMORY)]
        while steps[-1].taken != END:
            steps.append(Step(self.row(steps[-1].taken), MEMORY))
        return steps


MEMORY: Memory = None  # type: ignore[assignment]


def decode(pieces: Sequence[int]) -> str:
    return " ".join(PIECES[piece] for piece in pieces if PIECES[piece])


def network(behind: float) -> Network:
    """Reads "set ten minutes .", and "four" in the place of "ten" is so far behind; "teen" follows that."""
    return Network(
        {
            0: {3: -0.1, 10: -0.2},
            3: {5: -0.5, 6: -0.5 - behind},
            5: {8: -0.1},
            6: {7: -0.2},
            7: {8: -0.1},
            8: {9: -0.1},
            9: {END: -0.1},
        }
    )


def test_another_piece_goes_on_in_its_own_way_up_to_where_it_goes_on_as_before() -> None:
    model = network(1.0)
    (fork,) = forks_of(model, model.read(), decode)
    assert fork.text == "set four teen minutes ."
    assert fork.behind == pytest.approx(1.2)  # and 0.2 for "teen"
    assert model.steps == 3  # "teen", "minutes", "."


def test_what_is_too_far_behind_or_only_written_otherwise_is_none() -> None:
    model = network(2.6)
    assert not forks_of(model, model.read(), decode)


def test_pieces_are_weighed_where_they_differ() -> None:
    model = network(3.0)
    other = [3, 6, 7, 8, 9, END]
    assert behind_with(model, model.read(), other) == pytest.approx(3.2)
    assert model.steps == 4  # "four", "teen", "minutes", "."
    assert behind_with(model, model.read(), [3, 5, 8, 9, END]) == pytest.approx(0.0)


def test_how_near_another_text_has_to_be() -> None:
    near = [Fork("a", 1.5), Fork("b", 2.5), Fork("c", 2.6), Fork("a", 0.1), Fork("said", 0.0)]
    assert nearly_heard("said", near, seen=False) == ("a", "b")
    assert nearly_heard("said", near, seen=True) == ("a",)
    alike = [Fork("50", 4.5, 4.5), Fork("30", 4.6, 4.5)]
    assert nearly_heard("said", alike, seen=False) == nearly_heard("said", alike, seen=True) == ("50",)
