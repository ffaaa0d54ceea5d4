"""A typed conversation: lines in, replies out, each to its end before the next line is asked for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.chat.recordings import keep_reply
from daemon.conversation.messages import ReplyAudio, SessionMessage
from daemon.conversation.witness import Witness
from daemon.speech.meanings import SessionFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine
    from pathlib import Path

    from daemon.chat.account import Account
    from daemon.chat.line import Line
    from daemon.chat.screen import Screen
    from daemon.chat.turn_and_reply import Exchange
    from daemon.speech.loudspeaker import Loudspeaker

RECKONING_S: Final = 0.5
"""How long a prompt waits for the count of tokens. Of a reply that is not listened to it may come much later, when the
service believes it to be heard; it is then told with the next."""

HANDLE_S: Final = 1.0
"""How long the end waits for the handle that has the last turn in it; without it, that turn alone is forgotten."""


class Spoken(Witness):
    """Has the replies of a `Line` spoken as they come, those of the turn that is expected alone."""

    def __init__(self, speaker: Loudspeaker) -> None:
        self.speaker = speaker
        self.turn = 0

    def received(self, message: SessionMessage) -> None:
        if isinstance(message, ReplyAudio) and message.turn == self.turn:
            self.speaker.play(message.data, message.rate_hz)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a conversation is made of; whoever made them closes them. `keep` is a folder for a file of each reply."""

    line: Line
    screen: Screen
    account: Account
    spoken: Spoken | None = None
    keep: Path | None = None
    resumable: bool = False
    """The conversation may be taken up later."""
    attended: bool = False
    """Somebody sits there: a failure that may pass is told, and a reply can be interrupted."""


class Talk:
    """`run` once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._line = parts.line
        self._screen = parts.screen
        self._turn: asyncio.Task[None] | None = None
        self._count = 0

    async def run(self, lines: AsyncIterator[str]) -> None:
        """Until the lines end. Raises SessionFailed, HardwareError, AudioFileError, in a group."""
        async with asyncio.TaskGroup() as group:
            async for text in lines:
                if text.strip():
                    self._turn = group.create_task(self._ask(text.strip()))
                    await asyncio.wait([self._turn])
            await self._part()

    def interrupt(self) -> bool:
        """Stop the reply that is awaited or being given; False if there is none, or if it is stopping already."""
        turn = self._turn
        if not self._parts.attended or turn is None or turn.done() or turn.cancelling():
            return False
        turn.cancel()
        return True

    async def _ask(self, text: str) -> None:
        self._expect(self._line.exchange.turn + 1)
        await self._take_turn(self._line.ask_in_writing(text))

    async def _take_turn(self, asked: Coroutine[None, None, Exchange]) -> None:
        """Give the reply to what is asked, to its end."""
        try:
            await self._give(await asked)
        except asyncio.CancelledError:
            self._fall_silent()
            raise
        except SessionFailed as failure:
            if not self._parts.attended or not failure.may_pass:
                raise
            self._line.hang_up()
            self._screen.note(str(failure))

    def _expect(self, turn: int) -> None:
        self._screen.reply_expected(turn)
        if self._parts.spoken:
            self._parts.spoken.turn = turn

    def _fall_silent(self) -> None:
        """Somebody interrupts: what is not heard yet never is, and the service need not go on either."""
        self._line.stop_calls()
        self._hang_up()
        if self._parts.spoken:
            self._parts.spoken.speaker.hush()
        self._screen.note("(interrupted)")

    def _hang_up(self) -> None:
        self._line.hang_up()

    async def _give(self, exchange: Exchange) -> None:
        """Show, speak and keep the reply, and reckon."""
        self._count += 1
        self._screen.reply_ended(exchange)
        if self._parts.spoken and exchange.audio:
            await self._parts.spoken.speaker.played()
        if self._parts.keep and exchange.audio:
            path = self._parts.keep / f"reply-{self._count}.wav"
            await asyncio.to_thread(keep_reply, path, exchange.reply)
            self._screen.kept(path)
        if self._screen.look.reckoning:
            await self._line.usage(RECKONING_S)
            self._reckon(exchange)

    def _reckon(self, exchange: Exchange) -> None:
        if exchange.usage:
            account = self._parts.account
            self._screen.note(account.words(account.add(exchange.usage)))

    async def _part(self) -> None:
        """The last turn shall be remembered with the others, and what all cost be told."""
        if self._parts.resumable and self._count:
            await self._line.remembered(HANDLE_S)
        account = self._parts.account
        if self._screen.look.reckoning and self._line.exchange.turn > 1 and account.total.total:
            self._screen.note(f"in all {account.words(account.total)}")
