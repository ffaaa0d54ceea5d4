"""What pytest works out for each test though it is the same for many: some milliseconds for every one that is run."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Place = tuple[str, int | None, str]


def share_hooks(session: pytest.Session) -> None:
    """One selection of hooks for all tests of a file, once everything is collected.

    Each conftest.py is a plugin. Of those that are not in a file's way, pytest would see anew at every call of a hook
    that they are not to be called.
    """
    session.gethookproxy = cache(session.gethookproxy)  # type: ignore[method-assign]


def share_places(items: Sequence[pytest.Item]) -> None:
    """One search for its file and line for all parameters of a test."""
    places: dict[Callable[..., object], Place] = {}
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        if (known := places.get(item.function)) is None:
            places[item.function] = item.location
        else:
            vars(item)["location"] = (*known[:2], item.getmodpath())
