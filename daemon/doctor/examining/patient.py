"""What the doctor examines: a machine, and the Pipit that is set up on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from daemon.house.file import DEFAULT_PATH, check
from daemon.machine.check import Check
from daemon.machine.site import Site

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.house.settings import Settings


@dataclass(frozen=True)
class Patient(Site):
    """The machine with its settings, which are None if the file cannot be used, or there is none.

    Machine paths (`/etc/pipit/gemini-api-key`) are read below `root`; `settings_path`, and paths that the settings
    name, are taken as they are. `consent` is the user's word that the key may be sent to the service.
    """

    settings_path: Path = DEFAULT_PATH
    settings: Settings | None = None
    consent: bool = False


PatientCheck: TypeAlias = Check[Patient]


def this_machine(settings_path: Path = DEFAULT_PATH, *, consent: bool = False) -> Patient:
    """The machine this runs on, with the settings of `settings_path` if they can be used."""
    return Patient(settings_path=settings_path, settings=check(settings_path).settings, consent=consent)
