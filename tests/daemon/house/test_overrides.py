"""What a command line says instead of the settings."""

from __future__ import annotations

import pytest

from daemon.errors import UsageError
from daemon.house.overrides import with_live
from daemon.house.settings import Settings

SETTINGS = Settings.model_validate({"live": {"voice": "Puck"}, "household": {"name": "Miller"}})


def test_only_what_is_given_is_changed() -> None:
    changed = with_live(SETTINGS, {"voice": None, "language": "de"})
    assert (changed.live.voice, changed.live.language, changed.household.name) == ("Puck", "de", "Miller")
    assert SETTINGS.live.language == ""


def test_a_value_that_cannot_be_names_the_option_and_the_fix() -> None:
    with pytest.raises(UsageError, match='--voice: must be one of the known names, not "Pluck"') as raised:
        with_live(SETTINGS, {"voice": "Pluck"})
    assert raised.value.fix == 'did you mean "Puck"?'
    with pytest.raises(UsageError, match="--ca-file"):
        with_live(SETTINGS, {"ca_file": "relative.pem"})


def test_what_the_family_cannot_do_is_refused() -> None:
    with pytest.raises(UsageError, match=r"live\.response does not go with gemini-3\.8-live"):
        with_live(SETTINGS, {"response": "text"})
