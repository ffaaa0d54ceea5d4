"""Which brain is loaded, and that its models are missed at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from daemon.errors import ModelFileError
from daemon.home_server.chosen_brain import brain_of
from daemon.home_server.settings import HomeServerSettings, ThinkerSettings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("brain", ["local", "relay", "openai"])
def test_without_models_there_is_no_brain(tmp_path: Path, brain: Literal["local", "relay", "openai"]) -> None:
    home = HomeServerSettings(brain=brain, openai=ThinkerSettings(url="http://127.0.0.1:1/v1"))
    with pytest.raises(ModelFileError):
        brain_of(home, tmp_path)
