"""A connection ends where its scenario says, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from daemon.offline.service.faults import Loss
from daemon.offline.service.losses import Losses

if TYPE_CHECKING:
    from daemon.offline.service.faults import LossPoint
    from daemon.offline.wire.client_socket import Link

POINTS: tuple[LossPoint, ...] = ("setup", "activity", "thinking", "reply")


class Ended:
    """A link that writes down how it was ended."""

    def __init__(self) -> None:
        self.by: list[object] = []

    def abort(self) -> None:
        self.by.append("cut")

    async def close(self, code: int, reason: str) -> None:
        self.by.append((code, reason))


def losses(loss: Loss | None) -> tuple[Losses, Ended]:
    link = Ended()
    return Losses(cast("Link", link), loss), link


@pytest.mark.parametrize("during", POINTS)
async def test_it_is_lost_at_its_point_alone(during: LossPoint) -> None:
    plan, link = losses(Loss(during))
    for point in POINTS:
        await plan.at(point)
        assert link.by == (["cut"] if POINTS.index(point) >= POINTS.index(during) else [])


async def test_it_may_end_with_a_code_and_a_reason() -> None:
    plan, link = losses(Loss("reply", 1011, "sorry"))
    await plan.at("reply")
    assert link.by == [(1011, "sorry")]


async def test_so_much_sound_is_counted_over_all_pieces() -> None:
    plan, link = losses(Loss("activity", after_audio_bytes=1_000))
    await plan.audio(999)
    assert link.by == []
    await plan.audio(1)
    assert link.by == ["cut"]


async def test_sound_ends_no_connection_that_is_lost_elsewhere_or_not_at_all() -> None:
    for loss in (None, Loss("reply")):
        plan, link = losses(loss)
        await plan.audio(1_000_000)
        await plan.at("activity")
        assert link.by == []
