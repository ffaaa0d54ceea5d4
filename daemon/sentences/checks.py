"""What of the language is allowed, and may be a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.sentences.shelf import nearest, written_languages
from daemon.settings.problems import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator


def warnings_of_language(language: str) -> Iterator[Fault]:
    """A language that Pipit itself does not speak; the replies may be in it all the same."""
    if nearest(language) is None:
        what = f'there are no sentences in "{language}": what the device says by itself is English'
        fix = f"nothing for the replies; Pipit itself speaks {', '.join(written_languages())}"
        yield Fault(("household", "language"), what, fix)
