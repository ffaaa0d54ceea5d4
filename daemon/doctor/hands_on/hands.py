"""The checks that take a person: they speak, listen, press and look. The service lends its card and its pins."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from contextlib import ExitStack, chdir, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from daemon.doctor.examining.report import Result
from daemon.doctor.hands_on.button import button, mute_button
from daemon.doctor.hands_on.devices import devices
from daemon.doctor.hands_on.drivers import REAL, Drivers
from daemon.doctor.hands_on.inputs import inputs
from daemon.doctor.hands_on.light import light
from daemon.doctor.hands_on.microphone import microphone_level
from daemon.doctor.hands_on.room import room
from daemon.doctor.hands_on.speaker import speaker_heard
from daemon.doctor.hands_on.wake_score import wake_score
from daemon.errors import PipitError
from daemon.machine.finding import Finding, bad, good, skipped
from daemon.signals import ENDING, stray

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence
    from typing import Any

    from daemon.doctor.examining.patient import Patient
    from daemon.doctor.hands_on.terminal import Terminal
    from daemon.house.settings import Settings

    Checking = Callable[[Settings, Terminal, Drivers], Coroutine[Any, Any, Finding]]

UNIT: Final = "pipit.service"
RUNNING: Final = frozenset({"active", "activating", "reloading"})
"""States of the unit in which it holds the card, or is about to take it."""
STOP_S: Final = 20.0
"""The unit's own TimeoutStopSec is 10 s, after which it is killed and its outputs are made safe."""
START_S: Final = 70.0
"""The unit's own TimeoutStartSec is 60 s."""


@dataclass(frozen=True)
class HandsOn:
    """A question that needs somebody. `name` is kebab-case and has its section in docs/doctor.md."""

    name: str
    asks: str
    check: Checking
    drivers: Drivers = REAL

    def run(self, site: Patient, terminal: Terminal) -> Finding:
        """Never raises for what is wrong with the machine. Cancelled by Ctrl-C, it puts back what it changed."""
        if site.settings is None:
            return skipped("there are no settings that can be used", "mend them: `pipit check` says what is wrong")
        try:
            return self.drivers.run(self.check(site.settings, terminal, self.drivers))
        except* PipitError as group:
            error = _first(group)
            finding = bad(error.message, error.fix)
        return finding


HANDS_ON: Final[Sequence[HandsOn]] = (
    HandsOn("microphone-level", "is the microphone loud enough, on the right channel?", microphone_level),
    HandsOn("room", "is the room quiet enough?", room),
    HandsOn("speaker-heard", "does the microphone hear the speaker?", speaker_heard),
    HandsOn("wake-score", "does the wake word wake it?", wake_score),
    HandsOn("button", "does the button work?", button),
    HandsOn("mute-button", "does the mute button work?", mute_button),
    HandsOn("light", "does the light work?", light),
    HandsOn("devices", "does each device do as it is told?", devices),
    HandsOn("inputs", "is each input noticed, and does it read what can be?", inputs),
)
"""In an order in which each helps to understand the next."""


def hands_on(drivers: Drivers) -> list[HandsOn]:
    """The same checks with other hardware: fakes."""
    return [replace(check, drivers=drivers) for check in HANDS_ON]


def examine_hands_on(site: Patient, terminal: Terminal, checks: Sequence[HandsOn] = HANDS_ON) -> list[Result]:
    """What each check found, one after the other. A running service is stopped for it, and started again at the end.

    Ctrl-C, SIGTERM and a lost connection (SIGHUP) end it with KeyboardInterrupt, everything put back before.
    """
    with ExitStack() as stack:
        stack.enter_context(_ended_in_order())
        service = stack.enter_context(_service_stopped(site, terminal))
        if service.in_the_way:
            return [Result(check.name, service.in_the_way) for check in checks]
        stack.enter_context(_place_for_lgpio())
        results = [_examined(check, site, terminal) for check in checks]
        service.start()
    return [*results, *([Result("service-restart", service.after)] if service.after else [])]


def _examined(check: HandsOn, site: Patient, terminal: Terminal) -> Result:
    terminal.say("")
    terminal.say(f"{check.name}: {check.asks}")
    finding = check.run(site, terminal)
    terminal.say(f"  {finding.verdict.value}: {finding.sentence}")
    return Result(check.name, finding)


def _first(group: BaseExceptionGroup[PipitError]) -> PipitError:
    for error in group.exceptions:
        return _first(error) if isinstance(error, BaseExceptionGroup) else error
    raise AssertionError("an exception group is never empty")


class _Service:
    """The unit while the checks have its hardware."""

    def __init__(self, site: Patient) -> None:
        self._site = site
        self._stopped = False
        self.in_the_way: Finding | None = None
        """Why the hardware is not to be had."""
        self.after: Finding | None = None
        """How it went to start it again."""

    def stop(self, terminal: Terminal, *, agreed: bool) -> None:
        if not agreed:
            self.in_the_way = skipped(
                "the Pipit service holds the sound card and the pins", "answer y, or stop it: sudo systemctl stop pipit"
            )
            return
        terminal.say("Stopping the Pipit service …")
        self._stopped = True  # before it is: a stop that takes too long may still come about
        if not self._site.run(["systemctl", "stop", UNIT], STOP_S).ok:
            self.in_the_way = skipped(
                "the Pipit service could not be stopped", "look at `systemctl status pipit`, then try again"
            )

    def start(self) -> None:
        """Does nothing if it was not stopped here."""
        if not self._stopped:
            return
        self._stopped = False
        if self._site.run(["systemctl", "start", UNIT], START_S).ok:
            self.after = good("the Pipit service runs again")
        else:
            self.after = bad(
                "the Pipit service did not start again", "sudo systemctl start pipit; journalctl -u pipit says why not"
            )


@contextmanager
def _service_stopped(site: Patient, terminal: Terminal) -> Iterator[_Service]:
    """With consent; where there is no systemd, no unit, or none that runs, nothing is done."""
    service = _Service(site)
    if site.run(["systemctl", "is-active", UNIT]).output in RUNNING:
        if site.is_root:
            question = "The Pipit service holds the sound card and the pins. Stop it for the time of these checks?"
            agreed = asyncio.run(terminal.ask_yes_no(question, default=True))
            try:
                service.stop(terminal, agreed=agreed)
                yield service
            finally:
                service.start()
            return
        service.in_the_way = skipped(
            "the Pipit service holds the sound card and the pins, and only root may stop it",
            "sudo pipit doctor --hands-on",
        )
    yield service


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """A closed ssh connection and `kill` end it as Ctrl-C does, so that nothing is left switched on."""
    ways = [way for way in ENDING if way != signal.SIGINT]
    before: dict[int, Any] = {way: signal.signal(way, lambda *_: signal.raise_signal(signal.SIGINT)) for way in ways}
    before |= {way: signal.signal(way, lambda *_: None) for way in stray()}
    try:
        yield
    finally:
        for way, handler in before.items():
            signal.signal(way, handler)


@contextmanager
def _place_for_lgpio() -> Iterator[None]:
    """lgpio leaves a pipe in LG_WD, or else in the working directory, and changes into it."""
    with tempfile.TemporaryDirectory(prefix="pipit-") as folder, chdir("."):
        named = "LG_WD" in os.environ
        os.environ.setdefault("LG_WD", folder)
        try:
            yield
        finally:
            if not named:
                del os.environ["LG_WD"]
