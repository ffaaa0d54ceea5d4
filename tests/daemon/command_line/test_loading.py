"""Commands that do without settings take the defaults, unless a file was named that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.command_line.loading import load, settings_or_defaults
from daemon.errors import SettingsError
from daemon.house.file import DEFAULT_PATH
from daemon.house.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_that_is_named_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipit.toml"
    path.write_text('[household]\nname = "Nest"\n')
    assert load(path).household.name == "Nest"
    assert settings_or_defaults(path) == load(path)


def test_a_file_that_is_named_and_missing_is_an_error_and_not_the_defaults(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        settings_or_defaults(tmp_path / "pipit.toml")


@pytest.mark.skipif(DEFAULT_PATH.exists(), reason="this machine has settings of its own")
def test_without_any_file_the_defaults_count() -> None:
    assert settings_or_defaults(DEFAULT_PATH) == Settings()
