"""How often what is repeated or drawn is tried: a share of it by default, all of it where `PIPIT_THOROUGH` is set.

Each has a variable of its own besides, which goes before both. No check is left out: what a run draws less often, CI
(`.ci/run`) and whoever changes that part try in full.
"""

from __future__ import annotations

import os
from typing import Final

THOROUGH: Final = bool(os.environ.get("PIPIT_THOROUGH"))


def repetitions(variable: str, *, usually: int, thoroughly: int) -> int:
    """The number in the environment's `variable`, else the one that goes with this run."""
    return int(os.environ.get(variable) or (thoroughly if THOROUGH else usually))
