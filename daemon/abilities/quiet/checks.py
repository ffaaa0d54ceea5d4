"""What of `[quiet]` cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daemon.settings.problems import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def faults_of_quiet(quiet: Mapping[str, Any]) -> Iterator[Fault]:
    """Hours with one end; of the raw table."""
    for missing, other in (("from", "to"), ("to", "from")):
        if quiet.get(other) and not quiet.get(missing):
            what = f'is missing, and "{other}" alone makes no hours'
            proposed = next(at for at in ("07:00", "22:00") if at != quiet[other])
            yield Fault(("quiet", missing), what, f'write {missing} = "{proposed}", or remove {other}')
