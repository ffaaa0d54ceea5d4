"""A memory in a folder, and what is in its files."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from daemon.abilities.memory.forgetting import EVERYTHING
from daemon.abilities.memory.history import remarks_in
from daemon.abilities.memory.remembering import Memory, memory_of
from daemon.house.settings import Settings
from daemon.state.archive import opened
from daemon.state.store import FILE, Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.daemon.offline.live_client import ManualClock
from typing import TYPE_CHECKING

from daemon.conversation.commands import StartActivity
from daemon.conversation.events import WakeWordDetected
from daemon.conversation.exchange import State
from daemon.conversation.messages import Transcribed
from daemon.conversation.situation import Situation

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.abilities.memory.remembering import Memory
    from tests.daemon.offline.live_client import ManualClock

NOON = 1_780_000_000.0


@asynccontextmanager
async def remembering(folder: Path, clock: ManualClock, **history: Any) -> AsyncIterator[Memory]:
    async with Store(folder / FILE) as store:
        settings = Settings.model_validate({"history": history})
        memory = memory_of(settings.history, settings.live.context, settings.live.model, store, clock)
        yield memory
        memory.transcript.finish()


def written(folder: Path) -> bytes:
    """All that is in the folder, whatever file it is in."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def texts(folder: Path) -> list[str]:
    with opened(folder / FILE) as database:
        return [said.text for said in remarks_in(database, EVERYTHING).rows]


def say(memory: Memory, turn: int, text: str) -> None:
    """A turn of the user that is answered with nothing."""
    memory.transcript.happened(WakeWordDetected("alexa", 0), [StartActivity(turn, 0)], hearing())
    memory.transcript.received(Transcribed(turn, "user", text))


def hearing() -> Situation:
    return Situation(State.HEARING, turn=1)
