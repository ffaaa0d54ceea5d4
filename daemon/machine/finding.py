"""What a check found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from hardware.errors import PipitError

Fact = str | int | float | bool

NO_FACTS: Mapping[str, Fact] = MappingProxyType({})


class Verdict(StrEnum):
    """How it stands; the values are what the report prints."""

    GOOD = "ok"
    WARNING = "warning"
    """Pipit works, but not as well as it could, or not for long."""
    BAD = "fault"
    """Pipit does not work, or not for long."""
    SKIPPED = "skipped"
    """It cannot be told here; the sentence says why."""


@dataclass(frozen=True)
class Finding:
    """One lower-case sentence without a full stop, and what mends it; `facts` are for programs (`--json`)."""

    verdict: Verdict
    sentence: str
    fix: str = ""
    facts: Mapping[str, Fact] = field(default_factory=lambda: NO_FACTS)


def good(sentence: str, **facts: Fact) -> Finding:
    return Finding(Verdict.GOOD, sentence, facts=facts)


def warning(sentence: str, fix: str, **facts: Fact) -> Finding:
    return Finding(Verdict.WARNING, sentence, fix, facts)


def bad(sentence: str, fix: str, **facts: Fact) -> Finding:
    return Finding(Verdict.BAD, sentence, fix, facts)


def skipped(sentence: str, fix: str = "", **facts: Fact) -> Finding:
    """`fix` is how it could be told after all, such as "run it with sudo"."""
    return Finding(Verdict.SKIPPED, sentence, fix, facts)


class CannotTell(PipitError):
    """A check cannot be answered here: reported as SKIPPED. `fix` is how it could be told after all, if it could."""

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message, fix=fix)
