"""How much of one reply is taken, and in which pieces: whole samples, none longer than a speaker's queue can use.

A sample may be cut in two by the end of a chunk: its first byte waits for the next chunk of the same reply. Bounded: of
a reply that never ends, what is beyond a quarter of an hour of sound, or as much writing, is dropped.
"""

from typing import Final

LONGEST_REPLY_S: Final = 900.0
LONGEST_REPLY_TEXT: Final = 200_000
"""Characters: more than anybody says in the time above."""
LONGEST_PIECE_BYTES: Final = 480_000
"""Ten seconds at 24 kHz."""


class Portions:
    """Of one speaker in one session; the turns come one after the other."""

    def __init__(self) -> None:
        self._turn = 0
        self._left_over = b""
        self._rate_hz = 0
        self._lasted_s = 0.0
        self._characters = 0

    def sound(self, turn: int, data: bytes, rate_hz: int) -> list[bytes]:
        """The whole samples of `data` (S16_LE mono at `rate_hz`), after what was left over; may be none."""
        self._continue(turn)
        if rate_hz != self._rate_hz:
            self._left_over, self._rate_hz = b"", rate_hz
        whole = self._left_over + data
        self._left_over = whole[len(whole) // 2 * 2 :]
        room = int(max(0.0, LONGEST_REPLY_S - self._lasted_s) * rate_hz) * 2
        whole = whole[: min(len(whole) // 2 * 2, room)]
        self._lasted_s += len(whole) / 2 / rate_hz
        return [whole[at : at + LONGEST_PIECE_BYTES] for at in range(0, len(whole), LONGEST_PIECE_BYTES)]

    def text(self, turn: int, text: str) -> str:
        """What is taken of `text`."""
        self._continue(turn)
        taken = text[: LONGEST_REPLY_TEXT - self._characters]
        self._characters += len(taken)
        return taken

    def ended(self) -> None:
        """What is said next begins anew: half a sample that is left over belongs to nothing."""
        self._left_over = b""

    def _continue(self, turn: int) -> None:
        if turn != self._turn:
            self._turn, self._left_over, self._lasted_s, self._characters = turn, b"", 0.0, 0
