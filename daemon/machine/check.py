"""One thing that is looked at, and how it is asked so that no fault of its own hides what others found."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from daemon.machine.finding import CannotTell, Finding, bad, skipped
from daemon.machine.site import Site
from hardware.errors import PipitError

if TYPE_CHECKING:
    from collections.abc import Callable

S = TypeVar("S", bound=Site, contravariant=True)
Examined = TypeVar("Examined", bound=Site)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Check(Generic[S]):
    """A question about the machine, or about what more `S` is.

    `run` takes no longer than the deadlines of what it reads and asks; it may raise CannotTell, and any other
    PipitError counts as a fault.

    `name` is kebab-case, and of each name that the doctor has there is a section in docs/doctor.md; `asks` is the
    question in one line.
    `mend`, if there is one, does what is local and can be undone, and says in one sentence what it did; it raises
    PipitError if it could not. It is called only by `--fix`, and only after `run` found a warning or a fault.

    `beforehand` asks the same of a machine that Pipit is to be installed on, where other bounds hold: a fault refuses
    the installation, a warning is told. Without one, `run` does.
    """

    name: str
    asks: str
    run: Callable[[S], Finding]
    mend: Callable[[S], str] | None = None
    beforehand: Callable[[S], Finding] | None = None

    def before_installing(self) -> Check[S]:
        """The same check with the bounds of an installation."""
        return replace(self, run=self.beforehand or self.run)


def examine_one(check: Check[Examined], site: Examined) -> Finding:
    """What one check finds, in the caller's thread; never raises."""
    try:
        return check.run(site)
    except CannotTell as reason:
        return skipped(reason.message, reason.fix)
    except PipitError as error:
        return bad(error.message, error.fix)
    except PermissionError as error:
        return skipped(f"{error.filename} may not be looked at by this user", "run it with sudo")
    except Exception as error:  # broad, for a fault of one check must not hide what the others found
        log.debug("the check %s failed", check.name, exc_info=True)
        return bad(
            f"the check itself failed ({type(error).__name__}: {error}), which is a fault of Pipit",
            "report it, with the output of `pipit -v doctor` and the version of Pipit",
        )
