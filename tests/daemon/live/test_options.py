"""Options can be shown without giving the key away."""

import dataclasses

import pytest

from tests.daemon.live.telling import options_with


def test_shows_everything_but_the_key() -> None:
    shown = repr(options_with(api_key="s3cret", model="gemini-3.8-live"))
    assert "s3cret" not in shown
    assert "gemini-3.8-live" in shown


def test_cannot_be_changed_under_a_session() -> None:
    options = options_with(api_key="k")
    with pytest.raises(dataclasses.FrozenInstanceError):
        options.api_key = "other"  # type: ignore[misc]


def test_default_version_is_pinned() -> None:
    assert options_with(api_key="k").live.api_version == "v1beta"
