"""What can happen to an input of each kind, in the words of the settings."""

from collections.abc import Mapping
from typing import Final, Literal

Moment = Literal["pressed", "released", "held", "opened", "closed", "motion", "still", "right", "left"]

MOMENTS: Final[Mapping[str, tuple[Moment, ...]]] = {
    "button": ("pressed", "released", "held"),
    "contact": ("closed", "opened"),
    "motion": ("motion", "still"),
    "encoder": ("right", "left"),
}
"""Of what is one of two ways: what it is to become the one, and the other; then, if it is kept the one for a while.
Of what turns: a step to the right, and one to the left."""
