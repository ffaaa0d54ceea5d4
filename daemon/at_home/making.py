"""The brain at home as its table of the settings has it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from daemon.at_home.home_brain import HomeBrain
from daemon.at_home.home_session import HomeSession
from daemon.sound.pcm import CAPTURE_RATE_HZ, silence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from daemon.at_home.home_brain import Start
    from daemon.at_home.settings import OfflineSettings
    from daemon.conversation.messages import SessionMessage
    from daemon.live.asked import Session
    from daemon.live.uplink import Uplink
    from daemon.sound.pcm import Samples

ROOMY_MB: Final = 900
"""What a machine of 1 GB calls its own; below, the brain is loaded when it is needed."""
RECOGNISER_FILE: Final = "moonshine_tiny_en_vocabulary.bin"
"""One of the recogniser's files, by the name that the recogniser has for it, which the daemon does not load to ask."""


@dataclass(frozen=True)
class AtHome:
    """Makes sessions with the brain at home, and asks it what it makes of words."""

    brain: HomeBrain
    request: Callable[[], Mapping[str, Any]]
    """What every question needs besides: the functions that may be called, and the language."""

    def session(self, uplink: Uplink, on_message: Callable[[SessionMessage], None]) -> Session:
        """As `SessionMaker`."""
        return HomeSession(self.brain, self.request(), uplink, on_message)

    async def load(self) -> None:
        """Have it loaded now, if it is to stay, and practised: what the functions make possible takes it a while."""
        if await self.brain.load():
            await self.sure(silence(CAPTURE_RATE_HZ))

    async def prepare(self) -> None:
        """Have it loaded now: it may be needed soon."""
        await self.brain.prepare()

    @property
    def loaded(self) -> bool:
        """Whether it would answer at once."""
        return self.brain.loaded

    async def words(self, samples: Samples) -> str:
        """What was said, 16 kHz; empty where it is not there."""
        return await self.brain.words(samples)

    async def sure(self, samples: Samples) -> bool:
        """Whether it is sure of what was said, 16 kHz; if not, or if it is not there, it does not know."""
        return await self.brain.sure({**self.request(), "history": []}, samples)


def recogniser_installed(models: Path) -> bool:
    """Whether the folder of the models has what the brain at home hears with."""
    return (models / RECOGNISER_FILE).is_file()


def at_home_of(
    settings: OfflineSettings, start: Start, declarations: Callable[[], Sequence[Mapping[str, Any]]], language: str
) -> AtHome | None:
    """None where it is never to answer. `declarations` are those of a toolbox."""
    if settings.use == "never":
        return None
    keep = settings.ready == "always" or (settings.ready == "auto" and _memory_mb() >= ROOMY_MB)
    brain = HomeBrain(start, keep=keep, idle_s=60.0 * settings.idle_min)
    language = language if settings.hears == "auto" else "en"
    return AtHome(brain, lambda: {"functions": [_function(one) for one in declarations()], "language": language})


def _memory_mb() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20


def _function(declared: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": declared["name"],
        "description": declared["description"],
        "parameters": declared["parameters_json_schema"],
    }
