"""The settings that a command is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.house.file import DEFAULT_PATH

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.house.settings import Settings


def load(path: Path) -> Settings:
    from daemon.house.file import load_settings

    return load_settings(path)


def settings_or_defaults(path: Path) -> Settings:
    """For commands that do without a settings file, unless one is named."""
    from daemon.files import may_be_there
    from daemon.house.settings import Settings

    return load(path) if path != DEFAULT_PATH or may_be_there(path) else Settings()
