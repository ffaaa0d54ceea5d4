"""Which brain of this machine answers, as the settings say. Loading one takes a while, and blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.brain.brain import Brain
    from daemon.home_server.settings import HomeServerSettings


def brain_of(home: HomeServerSettings, models_dir: Path) -> Brain:
    """Raises ModelFileError."""
    from daemon.brain.local import LocalBrain

    return LocalBrain(models_dir)
