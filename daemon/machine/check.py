"""One thing that is looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from daemon.machine.finding import Finding
from daemon.machine.site import Site

S = TypeVar("S", bound=Site, contravariant=True)


@dataclass(frozen=True)
class Check(Generic[S]):
    """A question about the machine, or about what more `S` is.

    `run` takes no longer than the deadlines of what it reads and asks; it may raise CannotTell, and any other
    PipitError counts as a fault.

    `name` is kebab-case, and of this name there is a section in docs/doctor.md; `asks` is the question in one line.
    `mend`, if there is one, does what is local and can be undone, and says in one sentence what it did; it raises
    PipitError if it could not. It is called only by `--fix`, and only after `run` found a warning or a fault.
    """

    name: str
    asks: str
    run: Callable[[S], Finding]
    mend: Callable[[S], str] | None = None
