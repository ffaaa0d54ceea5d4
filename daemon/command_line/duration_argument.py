"""Durations as people write them after a command, and as they are shown to them."""

import re
from argparse import ArgumentTypeError
from typing import Final

_FORM: Final = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,9})s?)?", re.ASCII)
_PARTS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def duration(text: str) -> int:
    """Seconds of "90", "90s", "10m", "1h30m" or "2d". Raises ArgumentTypeError."""
    found = _FORM.fullmatch(text.strip().lower())
    counts = found.groups(default="0") if found else ()
    seconds = sum(int(count) * size for count, (size, _) in zip(counts, _PARTS, strict=False))
    if not seconds:
        raise ArgumentTypeError(f'must be a time such as 90, 90s, 10m, 1h30m or 2d, not "{text}"')
    return seconds


def shown_duration(seconds: float) -> str:
    """Such as "1 h 30 min"; of days the hours, too, and no more."""
    left = round(seconds)
    if left >= _PARTS[0][0]:
        left -= left % _PARTS[1][0]
    told = []
    for size, name in _PARTS:
        count, left = divmod(left, size)
        told += [f"{count} {name}"] if count else []
    return " ".join(told) or "0 s"
