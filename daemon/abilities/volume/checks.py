"""What of `[volume]` cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daemon.settings.problems import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def faults_of_volume(volume: Mapping[str, Any]) -> Iterator[Fault]:
    """Half an encoder, or one of two buttons; of the raw table."""
    for first, second in (("up_pin", "down_pin"), ("encoder_a", "encoder_b")):
        for missing, other in ((first, second), (second, first)):
            if other in volume and missing not in volume:
                what = f"is missing, and {other} is of no use alone"
                yield Fault(("volume", missing), what, f"write {missing} = and the BCM number of its pin")
