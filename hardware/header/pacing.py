"""Calls that come later, in the event loop's thread."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class Cancellable(Protocol):
    """A callback that is to come."""

    def cancel(self) -> None: ...


Later = Callable[[float, Callable[[], object]], Cancellable]
"""Calls back in the loop's thread after so many seconds."""


def on_the_loop(delay_s: float, callback: Callable[[], object]) -> Cancellable:
    """`call_later` of the running loop."""
    return asyncio.get_running_loop().call_later(delay_s, callback)
