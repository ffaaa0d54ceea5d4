"""The engine's scores against those of the unmodified package, over more recordings than the default tests take."""

from pathlib import Path

from tests.benchmarks.figures import Figures
from tests.daemon.wake.likeness import REST, TOLERANCE, likeness, recorded


def test_recordings(recordings: Path, models: Path, figures: Figures) -> None:
    seen = likeness(recorded(recordings), models)
    figures.at_most(TOLERANCE, "of 1", "largest difference from the stock package's scores", seen.largest_difference)
    figures.at_most(0, "scores", "on the other side of the threshold", seen.otherwise_decided)
    figures.at_most(0, "scores", "changed by the gate in a hop that it let through", seen.changed_by_the_gate)
    figures.at_most(REST, "of 1", "the stock package's highest score of a hop held back", seen.missed)
    figures.at_least(2, "wake words", "said in the recordings", seen.heard)
