"""A reply that came before it was sure that the user had finished: kept, and then played or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from daemon.conversation.messages import ReplyAudio


class Player(Protocol):
    """What is asked of the playout; see `daemon.sound.playout`."""

    def play(self, turn: int, data: bytes, rate_hz: int = ...) -> None: ...


class KeptReply:
    """What of one reply arrived within a pause of the user's, some tenths of a second; the loop's thread only.

    Bounded by what a session reads of one reply (`daemon.live.portions`), and dropped with the next one.
    """

    def __init__(self, player: Player) -> None:
        self._player = player
        self._pieces: list[ReplyAudio] = []

    def keep(self, piece: ReplyAudio) -> None:
        if self._pieces and self._pieces[0].turn != piece.turn:
            self._pieces.clear()
        self._pieces.append(piece)

    def clear(self) -> None:
        """Nobody will hear it."""
        self._pieces.clear()

    def release(self, turn: int) -> None:
        """Play what was kept of the reply to `turn`; nothing of any other."""
        pieces, self._pieces = self._pieces, []
        for piece in pieces:
            if piece.turn == turn:
                self._player.play(piece.turn, piece.data, piece.rate_hz)
