"""The model of the understanding: is the extra there, by which more words are understood without the cloud?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.brain.sentence_vectors import PACKAGE
from daemon.doctor.checks.native import import_all
from daemon.machine.check import Check
from daemon.machine.finding import Finding, good

if TYPE_CHECKING:
    from daemon.doctor.examining.patient import Patient

WITHOUT: Final = "without the cloud, sentences are understood by rules alone"


def _examine(site: Patient) -> Finding:
    if problems := import_all(site, (PACKAGE,)):
        return good(f"no model of the understanding ({'; '.join(problems)}): {WITHOUT}")
    return good("a model of the understanding helps with words that no rule has")


UNDERSTANDING = Check(
    "understanding", "Is there the model by which more words are understood without the cloud?", _examine
)
