"""What inputs start, and how often: a scene through the gate, a sentence, listening, muting."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from daemon.conversation.tool_call import ToolCall
from daemon.errors import PipitError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine

    from daemon.abilities.inputs.settings import ActionSettings
    from daemon.tools.tool import Toolbox

MINUTE_S: Final = 60.0
VOLUME: Final = {"louder": 1, "quieter": -1}
"""What each step of a knob does may be done as often as it is turned: it is heard, and bounded."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Deeds:
    """What can be done without anybody's word. A scene is set by the tool that the model has, so by the gate."""

    toolbox: Toolbox
    say: Callable[[str], object]
    """May raise PipitError."""
    listen: Callable[[], None]
    mute: Callable[[], None]
    turn_volume: Callable[[int], object]
    """By so many steps, up or down, within what the time of day allows."""
    start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]
    """Makes a task of a group."""

    def do(self, name: str, action: ActionSettings) -> None:
        """What the input of this name starts; what is refused is told to the journal."""
        if action.scene:
            self.start(self._set(name, action.scene))
        elif action.say:
            self._say(name, action.say)
        elif action.do in VOLUME:
            self.turn_volume(VOLUME[action.do])
        elif action.do == "listen":
            self.listen()
        else:
            self.mute()

    async def _set(self, name: str, scene: str) -> None:
        answer = await self.toolbox.call(ToolCall("input", "set_scene", {"scene": scene}))
        if "error" in answer:
            log.warning('what "%s" started was not done: %s', name, answer["error"])

    def _say(self, name: str, text: str) -> None:
        try:
            self.say(text)
        except PipitError as error:
            log.warning('what "%s" started was not done: %s', name, error)


class Allowance:
    """So many a minute; what is beyond is told once, until there was some left again."""

    def __init__(self, name: str, most: int, now: Callable[[], float]) -> None:
        """`now` is a clock that is never set, in seconds."""
        self._name = name
        self._most = most
        self._now = now
        self._done: deque[float] = deque()
        self._told = False

    def takes(self) -> bool:
        """Whether one more may be done now, which counts it."""
        now = self._now()
        while self._done and now - self._done[0] >= MINUTE_S:
            self._done.popleft()
        if len(self._done) < self._most:
            self._done.append(now)
            self._told = False
            return True
        if not self._told:
            log.warning('"%s" has started %d things in a minute: more are left undone', self._name, self._most)
        self._told = True
        return False
