"""What the light shows while it is quiet."""

from __future__ import annotations

import pytest

from daemon.abilities.quiet.quiet_indicator import QuietIndicator
from daemon.state.store import Store
from hardware.fake import RecordingIndicator
from tests.daemon.abilities.quiet.house_time import HouseTime
from tests.daemon.abilities.quiet.quiet_houses import NIGHTS, House, house


class DimmableLight(RecordingIndicator):
    """One that notes how brightly each pattern was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.dimmed = False

    def dim(self, dimmed: bool) -> None:
        self.dimmed = dimmed

    def show(self, pattern: str) -> None:
        super().show(f"{pattern}, dimmed" if self.dimmed else pattern)


def night(store: Store) -> House:
    return house(store, HouseTime("2026-12-01T23:00"), **NIGHTS)


@pytest.mark.parametrize(
    ("light", "pattern", "shown"),
    [
        ("dim", "muted", "idle"),
        ("dim", "idle", "idle"),
        ("dim", "listening", "listening"),
        ("dim", "failed", "failed"),
        ("dim", "watching", "watching"),
        ("off", "muted", "idle"),
        ("off", "listening", "idle"),
        ("off", "failed", "idle"),
        ("off", "watching", "watching"),
        ("off", "ringing", "ringing"),
    ],
)
async def test_a_light_that_is_on_or_off_shows_less(light: str, pattern: str, shown: str) -> None:
    async with Store() as store:
        inner = RecordingIndicator()
        async with QuietIndicator(inner, night(store).quiet, light) as indicator:  # type: ignore[arg-type]
            indicator.show(pattern)
            assert inner.shown[-1] == shown


async def test_one_that_can_is_dimmed_but_for_what_must_be_seen() -> None:
    async with Store() as store:
        home, inner = night(store), DimmableLight()
        async with QuietIndicator(inner, home.quiet) as indicator:
            indicator.show("listening")
            indicator.show("watching")
            indicator.show("thinking")
            home.time.pass_until("2026-12-02T07:00")
        assert list(inner.shown) == ["listening, dimmed", "watching", "thinking, dimmed", "thinking"]


async def test_what_is_shown_changes_with_the_hours() -> None:
    async with Store() as store:
        home, inner = house(store, HouseTime("2026-12-01T21:00"), **NIGHTS), RecordingIndicator()
        async with QuietIndicator(inner, home.quiet) as indicator:
            indicator.show("muted")
            home.time.pass_s(86_400)
        assert list(inner.shown) == ["muted", "idle", "muted"]


async def test_a_closed_light_is_let_alone() -> None:
    async with Store() as store:
        home, inner = night(store), RecordingIndicator()
        async with QuietIndicator(inner, home.quiet):
            pass
        home.time.pass_s(86_400)
        assert list(inner.shown) == []
