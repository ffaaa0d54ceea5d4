"""What the command line says of a session, of the cards and of the models takes the place of the settings."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from daemon.chat.choices import Choices
from daemon.command_line.pipit import _parser
from daemon.command_line.talking_commands import _choices, _chosen

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "pipit.toml"
    path.write_text('[live]\nvoice = "Puck"\n\n[speaker]\ndevice = "plughw:CARD=own"\nvolume = 0.5\n')
    return path


def said(command: str, settings: Path, *words: str) -> Namespace:
    return _parser().parse_args([command, "--settings", str(settings), *words])


def test_whatever_can_be_chosen_of_a_session_is_an_option_of_the_chat(settings: Path) -> None:
    """An option that was renamed would be left out without a word."""
    assert {field.name for field in fields(Choices)} <= vars(said("chat", settings)).keys()


def test_what_is_said_is_chosen_and_what_is_not_is_left_to_the_settings(settings: Path) -> None:
    choices = _choices(said("chat", settings, "--voice", "kore", "--tools"))
    assert choices == Choices(voice="kore", tools=True)
    assert _chosen(said("chat", settings, "--voice", "kore")).live.voice == "Kore"
    assert _chosen(said("chat", settings)).live.voice == "Puck"


def test_a_card_takes_the_place_of_the_device_alone(settings: Path) -> None:
    chosen = _chosen(said("chat", settings, "--speaker", "plughw:CARD=other"))
    assert (chosen.speaker.device, chosen.speaker.volume) == ("plughw:CARD=other", 0.5)
    assert _chosen(said("chat", settings)).speaker.device == "plughw:CARD=own"


def test_a_folder_of_models_may_be_relative_on_a_command_line(settings: Path) -> None:
    folder = _chosen(said("chat", settings, "--models", "somewhere")).wake.models_dir
    assert folder.is_absolute()
    assert folder.name == "somewhere"
