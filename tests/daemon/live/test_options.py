"""Options can be shown without giving the key away."""

import dataclasses

import pytest

from daemon.live.options import LiveOptions


def test_shows_everything_but_the_key() -> None:
    shown = repr(LiveOptions(api_key="s3cret", model="gemini-3.8-live"))
    assert "s3cret" not in shown
    assert "gemini-3.8-live" in shown


def test_cannot_be_changed_under_a_session() -> None:
    options = LiveOptions(api_key="k")
    with pytest.raises(dataclasses.FrozenInstanceError):
        options.model = "other"  # type: ignore[misc]


def test_default_version_is_pinned() -> None:
    assert LiveOptions(api_key="k").api_version == "v1beta"
