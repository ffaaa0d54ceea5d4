"""Whether the service takes back the end of half a question, as `[listening] eager` wants it: asked in a session."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from daemon.conversation.events import ReplyComplete, SessionLost, SessionOpened
from daemon.conversation.messages import ReplyAudio, Transcribed, UsageReported
from daemon.doctor.checks.stored_key import read_key, stored_key
from daemon.errors import PipitError
from daemon.house.sessions import live_options
from daemon.live.session import LiveSession
from daemon.live.uplink import Uplink
from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Fact, Finding, bad, good, warning
from daemon.sound.pcm import CAPTURE_RATE_HZ
from daemon.sound.preroll import AudioRing
from daemon.speech.synthesis import Espeak

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.conversation.messages import SessionMessage
    from daemon.doctor.examining.patient import Patient
    from daemon.live.options import LiveOptions
    from daemon.sound.pcm import Samples

HALVES: Final = ("How much is two and three", "and four? Say the number alone.")
BETWEEN_S: Final = 0.3
"""A hesitation: less than any pace takes for an end."""
DEADLINE_S: Final = 30.0
OFF: Final = "turn [listening] eager off"


@dataclass
class Trial:
    """What came of it."""

    said: str = ""
    audio_bytes: int = 0
    tokens: int = 0
    lost: str = ""
    turns: set[int] = field(default_factory=set)
    opened: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def received(self, message: SessionMessage) -> None:
        match message:
            case SessionOpened():
                self.opened = True
            case SessionLost(cause, detail):
                self.lost = detail or cause.value
            case ReplyComplete(turn):
                self.turns.add(turn)
            case ReplyAudio(2, data):
                self.audio_bytes += len(data)
            case Transcribed(2, "model", text):
                self.said += text
            case UsageReported():
                self.tokens += message.total
        self.news.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition() and not self.lost:
            self.news.clear()
            await self.news.wait()


async def ask_in_halves(options: LiveOptions, halves: tuple[Samples, Samples]) -> Trial:
    """Ask the first half, end it, and go on with the second. Raises TimeoutError."""
    trial, ring = Trial(), AudioRing(sum(map(len, halves)))
    uplink = Uplink(ring)
    session = LiveSession(options, uplink, trial.received)
    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as group:
        group.create_task(session.run())
        try:
            await trial.until(lambda: trial.opened)
            for turn, half in enumerate(halves, 1):
                uplink.start(turn, ring.end, goes_on=turn > 1)
                ring.append(half)
                uplink.end(turn, ring.end)
                await asyncio.sleep(BETWEEN_S)
            await trial.until(lambda: 2 in trial.turns)
        finally:
            session.close()
    return trial


def _ask(site: Patient) -> Finding:
    settings = site.settings
    if settings is None or not settings.listening.eager:
        raise CannotTell("[listening] eager is off", fix="turn it on to have it tried")
    if settings.live.credential.broker:
        raise CannotTell("a token broker has the key", fix="see the check broker")
    if not site.consent:
        fix = "`pipit doctor --check-key` asks it one short question, in halves, for a fraction of a cent"
        raise CannotTell("the service was not asked", fix=fix)
    try:
        options = live_options(settings, read_key(site, stored_key(site)))
        trial = asyncio.run(_spoken(options))
    except PipitError as error:
        raise CannotTell(f"it cannot be asked: {error.message}", fix=error.fix) from error
    except TimeoutError:
        return warning(f"the service did not answer the whole question within {DEADLINE_S:.0f} s", OFF)
    return _judged(trial)


async def _spoken(options: LiveOptions) -> Trial:
    """Raises ModelFileError where there is no voice to ask with."""
    first, second = [await Espeak("en").speak(half, CAPTURE_RATE_HZ) for half in HALVES]
    return await ask_in_halves(options, (first, second))


def _judged(trial: Trial) -> Finding:
    facts: dict[str, Fact] = {"tokens": trial.tokens, "said": trial.said}
    if trial.lost:
        return bad(f"the session ended when half a question went on: {trial.lost}", OFF, **facts)
    if not trial.audio_bytes:
        return warning("the service said nothing to a question whose first half had been ended", OFF, **facts)
    heard = f'it said "{trial.said.strip()}"' if trial.said.strip() else "what it said is for you to judge"
    return good(f"the service answers a question whose first half had been ended: to 2 + 3 + 4 {heard}", **facts)


TAKING_BACK = Check(
    "taking-back", "Does the service take back the end of half a question? (only with --check-key and eager)", _ask
)
