"""What is met of a product of columns: usually each of their values, in a thorough run all pairs."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from tests.repetition import THOROUGH

if TYPE_CHECKING:
    from collections.abc import Sequence


def covering(
    *columns: Sequence[Any], always: Sequence[tuple[Any, ...]] = (), thorough: bool = THOROUGH
) -> list[tuple[Any, ...]]:
    """Rows with each value of each column at least once, and all of `always`; thoroughly, the product.

    The longest column gives the number of rows, and the others begin anew where they end: the same each time.
    """
    if thorough:
        return list(product(*columns))
    longest = max(map(len, columns))
    met = [tuple(column[row % len(column)] for column in columns) for row in range(longest)]
    return [*met, *(row for row in always if row not in met)]
