"""Where the hands-on checks get their hardware: the real drivers, or the shipped fakes in a test."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.abilities.inputs.sensor_reader import DEADLINE_S
from daemon.hearing.making import alsa_microphone
from daemon.house.lighting import light_of
from daemon.house.wiring import gpio_pins
from daemon.speech.making import alsa_speaker
from daemon.state.archive import state_file_of_service

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from daemon.controls.settings import GpioSettings
    from daemon.hearing.settings import MicrophoneSettings
    from daemon.house.settings import Settings
    from daemon.machine.finding import Finding
    from daemon.speech.settings import SpeakerSettings
    from hardware.base import Indicator, Microphone, PlayoutSource, Speaker
    from hardware.header.factory import PinFactory


def run(check: Coroutine[Any, Any, Finding]) -> Finding:
    """In a loop of its own; Ctrl-C cancels the check, which leaves all as it should be, and KeyboardInterrupt rises."""
    return asyncio.run(check)


@dataclass(frozen=True)
class Drivers:
    """How the parts of the settings are opened, and how a check is run. Opening any may raise HardwareError."""

    microphone: Callable[[MicrophoneSettings], Microphone] = alsa_microphone
    speaker: Callable[[SpeakerSettings], Callable[[PlayoutSource], Speaker]] = alsa_speaker
    pins: Callable[[GpioSettings], PinFactory] = gpio_pins
    light: Callable[[Settings, PinFactory | None], Indicator | None] = light_of
    root: Path = Path("/")
    """Below it are the files by which the kernel tells what its sensors measure."""
    sensor_deadline_s: float | None = DEADLINE_S
    """For a sensor to answer; None is for ever."""
    state: Path | None = None
    """The folder in which the service keeps its state: what is found for it is kept there, or nowhere."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    run: Callable[[Coroutine[Any, Any, Finding]], Finding] = run


REAL = Drivers(state=state_file_of_service(os.environ, None).parent)
