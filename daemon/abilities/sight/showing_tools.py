"""The tools that end with a picture for the model: their names, for whoever knows no more of a camera."""

from typing import Final

LOOK: Final = "look"
WATCH: Final = "watch"
SHOWING_TOOLS: Final = frozenset({LOOK, WATCH})
