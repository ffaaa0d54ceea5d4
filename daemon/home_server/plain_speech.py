"""From text as language models write it to sentences that can be spoken, each as soon as it is whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from daemon.home_server.written_calls import Signs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_END: Final = re.compile(r"(?<=[.!?:])\s+|\n+")
_MARKS: Final = re.compile(r"[*#`_~|]+|^\s*[-•]\s+", re.MULTILINE)
"""What would be read aloud, and was meant for the eye."""
_OPENS, _CLOSES = "<think>", "</think>"
"""Around thoughts, of servers that do not take them out themselves."""


class PlainSpeech:
    """Takes pieces of a text in order. A call of one of the tools `names` that is written into it ends the speech.

    The templates of some models open the thoughts themselves, so that only their end is in the answer: `thinks_first`
    says whether this model's do. While nobody knows (None) nothing is spoken until it shows, or all is there.
    """

    def __init__(self, names: Collection[str] = (), *, thinks_first: bool | None = False) -> None:
        self.written = ""
        """That call, and all that follows it; complete after `end`."""
        self.thinks_first = thinks_first
        """What is known of it now, for the next answer."""
        self._signs = Signs(names)
        self._rest = ""
        self._thinks = thinks_first
        self._has_opened = False
        self._calls = False

    def add(self, piece: str) -> Iterator[str]:
        """The sentences that `piece` completes."""
        self._rest += piece
        if self._calls or not self._thoughts_over():
            return
        said, rest, self._calls = self._signs.split(self._rest)
        *whole, last = _END.split(said)
        if self._calls:
            whole, last = [*whole, last], ""
        self._rest = last + rest
        yield from filter(None, map(_plain, whole))

    def end(self, *, cut_off: bool = False) -> Iterator[str]:
        """What is left when no more comes; thoughts that never ended are none of it.

        `cut_off`: the answer was longer than it may be, so that it may have been nothing but thoughts.
        """
        if self._thinks is None and not cut_off:
            self._thinks = False
            self.thinks_first = False if self._rest.strip() else None
            yield from self.add("")
        rest, self._rest = self._rest, ""
        if self._calls:
            self.written = rest
        elif self._thinks is False and (plain := _plain(rest)):
            yield plain
        elif self._thinks and not self._has_opened and not cut_off:
            self.thinks_first = None  # another model may have taken its place

    def _thoughts_over(self) -> bool:
        """Whether what is left is speech: not in the midst of thoughts, nor perhaps at their beginning."""
        if not self._thinks:
            start = self._rest.lstrip()
            if start and _OPENS.startswith(start):
                return False
            if start.startswith(_OPENS):
                self._thinks = self._has_opened = True
        if _CLOSES in self._rest:
            self._rest = self._rest.partition(_CLOSES)[2]
            self.thinks_first = not self._has_opened
            self._thinks = False
        return self._thinks is False


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub("", text).split())
