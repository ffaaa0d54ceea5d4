"""How a call is taken back: what undoes it, written down step by step as it acts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from daemon.errors import PipitError

UNDO_LIMIT_S: Final = 5.0
"""For all steps of one call: what takes longer is left as it is."""

Step = Callable[[], Awaitable[None]]
"""Puts one thing back as it was. Raises PipitError if that is not possible or not allowed any more."""

_log = logging.getLogger(__name__)


class Undo:
    """What one call has done, as the steps that undo it.

    A tool that can be taken back has a parameter of this type and adds a step for each thing as soon as it is done. So
    a call that is stopped half-way is taken back as far as it came, and one that had answered as a whole.
    """

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def __bool__(self) -> bool:
        """Whether there is anything to undo."""
        return bool(self._steps)

    def add(self, step: Step) -> None:
        self._steps.append(step)

    async def run(self) -> bool:
        """Undo what was done, the last first, each step once; whether all of it could be. What cannot be is logged."""
        steps, self._steps = self._steps, []
        try:
            async with asyncio.timeout(UNDO_LIMIT_S):
                return all([await _done(step) for step in reversed(steps)])
        except TimeoutError:
            _log.warning("gave up undoing a call after %g s", UNDO_LIMIT_S)
            return False


async def _done(step: Step) -> bool:
    try:
        await step()
    except PipitError as error:
        _log.info("not undone: %s", error)
        return False
    except Exception:  # noqa: BLE001  # whatever one step does wrong, the others are tried
        _log.exception("a call could not be undone")
        return False
    return True
