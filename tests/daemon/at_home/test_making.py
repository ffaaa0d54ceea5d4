"""The brain at home as the settings have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.at_home.making import at_home_of, recogniser_installed
from daemon.at_home.settings import OfflineSettings
from daemon.brain.recognition.vocabulary import VOCABULARY_FILE
from tests.daemon.at_home.brain_in_process import Attending, InProcess
from tests.daemon.at_home.scripted_home import Obliging

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from pathlib import Path

FUNCTION = {"name": "set_device", "description": "Switches.", "parameters_json_schema": {"type": "object"}}
DECLARED: list[Mapping[str, Any]] = [FUNCTION]


async def nobody(_: socket.socket) -> Attending:
    raise AssertionError


def test_where_it_is_never_to_answer_there_is_none() -> None:
    assert at_home_of(OfflineSettings(use="never"), nobody, list, "en") is None


@pytest.mark.parametrize(("ready", "keep"), [("always", True), ("needed", False)])
def test_whether_it_stays_is_said_by_the_settings(ready: str, keep: bool) -> None:
    home = at_home_of(OfflineSettings.model_validate({"ready": ready, "idle_min": 2}), nobody, list, "en")
    assert home
    assert (home.brain._keep, home.brain._idle_s) == (keep, 120.0)


async def test_it_is_told_the_functions_as_they_are_by_then_and_the_language() -> None:
    declared: list[Mapping[str, Any]] = []
    process = InProcess(Obliging())
    home = at_home_of(OfflineSettings(), process.start, lambda: declared, "de-AT")
    assert home
    declared += DECLARED
    functions = [{"name": "set_device", "description": "Switches.", "parameters": {"type": "object"}}]
    assert home.request() == {"functions": functions, "language": "de-AT"}
    assert not await home.sure(np.ones(9, np.int16))  # nobody runs it


def test_the_recogniser_is_known_by_the_name_that_it_has_for_its_file(tmp_path: Path) -> None:
    assert not recogniser_installed(tmp_path)
    (tmp_path / VOCABULARY_FILE).touch()
    assert recogniser_installed(tmp_path)
