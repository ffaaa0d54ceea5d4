"""The first stage before the wake word models: is there one for these words, and does it run here?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.doctor.checks.native import import_all
from daemon.house.settings import Settings
from daemon.machine.check import Check
from daemon.machine.finding import Finding, good, warning
from daemon.wake.first_stage import why_none
from daemon.wake.small_model import PACKAGE_MODULES

if TYPE_CHECKING:
    from daemon.doctor.examining.patient import Patient

WITHOUT: Final = "all sound that is not quiet goes to the wake word models"


def _examine(site: Patient) -> Finding:
    wake = (site.settings or Settings()).wake
    words = ", ".join(wake.models)
    if why := why_none(wake.models, wake.threshold, wake.first_stage):
        return good(f"{words} has no first stage, for {why}: {WITHOUT}")
    if problems := import_all(site, PACKAGE_MODULES):
        return warning(
            f"{words} has no first stage, for {'; '.join(problems)}: {WITHOUT}",
            "run install.sh again; without a wheel of pymicro-wakeword (glibc before 2.35), Pipit works as well",
        )
    return good(f"a small network hears first whether it may be {words}")


FIRST_STAGE = Check("first-stage", "Does a small network hear before the wake word models do?", _examine)
