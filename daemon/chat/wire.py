"""`--show-wire`: every message of the socket as an arrow, with its time, and nothing private in it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from daemon.live.redaction import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.live.options import LiveOptions

ARROWS: Final = {"sent": "→", "received": "←"}


class WireView:
    """Tells each message in a line, with the seconds since the view was made."""

    def __init__(self, tell: Callable[[str], None], now: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._now = now
        self._start = now()

    def watching(self, options: LiveOptions) -> LiveOptions:
        """The same session, looked at; its key is shown nowhere."""

        def tap(direction: Literal["sent", "received"], frame: str | bytes) -> None:
            at_s = self._now() - self._start
            self._tell(f"{at_s:8.3f} s {ARROWS[direction]} {shown(frame, options.api_key)}")

        return replace(options, tap=tap)
