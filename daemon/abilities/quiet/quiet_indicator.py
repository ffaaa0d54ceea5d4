"""The light in quiet hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, Self

from daemon.conversation.commands import Pattern
from hardware.base import Dimmable

if TYPE_CHECKING:
    from types import TracebackType

    from daemon.abilities.quiet.quiet import Quiet
    from hardware.base import Indicator

AT_REST: Final = frozenset({Pattern.IDLE.value, Pattern.MUTED.value})
"""Shown when nobody does anything: nothing is, while it is quiet."""
ALWAYS: Final = frozenset({Pattern.WATCHING.value, Pattern.RINGING.value})
"""Who is being looked at should see it, and who is being rung for too."""


class QuietIndicator:
    """A light that shows less while it is quiet. Implements `hardware.base.Indicator`.

    As "dim" it shows nothing at rest, and the rest less brightly; a light that cannot be dimmed shows that as ever. As
    "off" it shows only what must be seen.
    """

    def __init__(self, indicator: Indicator, quiet: Quiet, light: Literal["dim", "off"] = "dim") -> None:
        self._indicator = indicator
        self._quiet = quiet
        self._light = light
        self._pattern = Pattern.IDLE.value
        self._open = False

    async def __aenter__(self) -> Self:
        await self._indicator.__aenter__()
        self._open = True
        self._quiet.reports_to(self._show)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        await self._indicator.__aexit__(kind, error, trace)

    def show(self, pattern: str) -> None:
        self._pattern = pattern
        self._show()

    def _show(self) -> None:
        """What is to be seen of the pattern now; again, when quiet begins or ends."""
        if not self._open:
            return
        hidden = self._pattern in AT_REST or (self._light == "off" and self._pattern not in ALWAYS)
        if isinstance(self._indicator, Dimmable):
            self._indicator.dim(self._quiet.active and self._pattern not in ALWAYS)
        self._indicator.show(Pattern.IDLE.value if self._quiet.active and hidden else self._pattern)
