"""Who has the floor in a session: turns are answered one by one, results told, and what is said can be stopped."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

from daemon.brain.brain import Remark, UserTurn
from daemon.offline.service.context import Context
from daemon.offline.service.faults import ConnectionFaults, Piece, Stage
from daemon.offline.service.limits import Lifetime
from daemon.offline.service.losses import Losses
from daemon.offline.service.resumption_offer import Resumption
from daemon.offline.service.setup_refusals import INVALID_ARGUMENT
from daemon.offline.service.token_counts import FRAME, NOTHING, Tokens, of_audio, of_text
from daemon.offline.session.open_calls import Result, ToolCalls
from daemon.offline.session.turn import Reply, Terms
from daemon.offline.wire import server_messages
from daemon.offline.wire.client_messages import ClientContent, FunctionAnswer, Setup
from daemon.offline.wire.mapping import INVALID_PAYLOAD, POLICY_VIOLATION, WireError
from daemon.sound.pcm import Samples

WAITING_TURNS: Final = 8
"""Turns that wait for their reply where nothing may interrupt; the oldest go first."""

WAITING_RESULTS: Final = 32
"""Results that wait for the floor; the oldest go first."""


class Dialogue:
    """Lives as long as a session that was set up. It is the `Host` of its replies."""

    def __init__(
        self,
        brain: Stage,
        terms: Terms,
        context: Context,
        resumption: Resumption,
        lifetime: Lifetime,
        losses: Losses,
        faults: ConnectionFaults,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._brain = brain
        self._terms = terms
        self._link = terms.link
        self._context = context
        self._resumption = resumption
        self._lifetime = lifetime
        self._losses = losses
        self._faults = faults
        self._tasks = tasks
        self._seen = NOTHING  # pictures since the last turn
        self._waiting: deque[UserTurn] = deque(maxlen=WAITING_TURNS)
        self._results: deque[Result] = deque(maxlen=WAITING_RESULTS)
        self._reply: Reply | None = None
        self._replying: asyncio.Task[None] | None = None
        self._answering = False  # a turn was taken, or a result, and is not complete
        self._user_speaks = False
        self._activities = 0
        self._seeding = terms.setup.history_first
        self._history_waits = False  # a history was given that ends with the user
        self._ended_by_voice = False  # the latest turn was a spoken one

    @property
    def more_to_come(self) -> bool:
        return bool(self._calls.in_background or self._results or self._waiting)

    async def begun(self) -> None:
        await self._losses.at("reply")

    async def go_away(self, time_left_s: float) -> None:
        await self._lifetime.go_away(time_left_s)

    def update(self, setup: Setup) -> None:
        """From the next reply on, the session is this."""
        self._terms = replace(self._terms, setup=setup)
        self._context.instruct(setup.system_instruction)

    def see(self) -> None:
        """A picture has come; it belongs to the next turn."""
        self._seen += FRAME

    async def speech_started(self) -> None:
        """The user has begun to speak."""
        self._user_speaks = True
        self._activities += 1
        if self._terms.setup.interrupts:
            await self.interrupt()
        if self._faults.spurious_interrupted and self._activities > 1:
            await self._link.send(server_messages.content(interrupted=True))
            await self._link.send(server_messages.turn_complete())

    async def speech_ended(self, audio: Samples) -> None:
        """The user has finished: this was said."""
        self._user_speaks = False
        await self.take(UserTurn(audio=audio))
        self._ended_by_voice = True

    async def take(self, turn: UserTurn) -> None:
        """Have the brain answer `turn`, at once, or after what is being said where nothing may interrupt."""
        self._seeding = self._history_waits = self._ended_by_voice = False
        if self._terms.setup.interrupts:
            await self.interrupt()
        self._waiting.append(turn)
        self._go_on()

    async def read_realtime(self, text: str) -> None:
        """A text is a turn; a space or a dot asks 3.x models to answer the history that was given, and is else no turn.

        pipecat nudges with a space (pipecat #4366), google-adk with a dot (its `send_history`).
        """
        if self._history_waits and not text.strip(" ."):
            await self.take(UserTurn(text=self._context.question(of_history=True)))
        elif text.strip():
            await self.take(UserTurn(text=text))

    async def read(self, content: ClientContent) -> None:
        """Content interrupts whatever is being said; what the user writes in it is the turn once it is complete.

        At the start of a session that was told so, it is history until it is complete, and no turn. Without any remark
        it only says that the turn is over: after a spoken turn it changes nothing (livekit's plugin sends it after
        `activityEnd`). Raises WireError for history with function calls in it (pipecat #5027).
        """
        if self._ended_by_voice and content.turn_complete and not content.remarks:
            return
        self._ended_by_voice = False
        if content.mentions_functions and (self._seeding or not content.turn_complete):
            raise WireError(INVALID_PAYLOAD, INVALID_ARGUMENT)
        await self.interrupt()
        self._context.tell(content.remarks, asked=not self._seeding)
        if not content.turn_complete:
            self._go_on()
        elif self._seeding:
            await self._end_history()
        else:
            await self.take(UserTurn(text=self._context.question()))

    async def _end_history(self) -> None:
        """The history is complete. A question at its end is answered at once, or at the next realtime input."""
        self._seeding = False
        if not self._context.ends_with_the_user:
            return
        if self._terms.profile.takes_history:
            self._history_waits = True
        else:
            await self.take(UserTurn(text=self._context.question(of_history=True)))

    async def hear_during_call(self) -> None:
        """Sound has come, perhaps while the model waits for a tool."""
        if not self._calls.waiting:
            return
        if self._faults.audio_during_call == "cancels":
            await self.interrupt()
        elif self._faults.audio_during_call == "closes":
            await self._link.close(POLICY_VIOLATION, "The operation was aborted.")

    async def answer(self, answer: FunctionAnswer) -> None:
        """The client has answered a call."""
        last = answer.id in self._calls.waiting and not answer.will_continue
        result = self._calls.answer(answer)
        if last and self._terms.profile.offers_unasked and not self._terms.setup.resumable:
            await self._resumption.offer(self._context)
        if result is None:
            return
        if result.scheduling == "SILENT":
            await self._keep_silent(result)
        elif result.scheduling == "INTERRUPT" and not (self._user_speaks and not self._terms.profile.talks_over):
            await self.interrupt()
            self._results.appendleft(result)
        else:
            self._results.append(replace(result, scheduling="WHEN_IDLE"))
        self._go_on()

    async def interrupt(self) -> None:
        """Stop the reply, if there is one, and say so; nothing else follows of it, nor of the turns that wait."""
        self._waiting.clear()
        replying, self._replying = self._replying, None
        if replying is None or replying.done():
            return
        if not self._answering:
            await asyncio.wait([replying])
            return
        self._answering = False
        calls = self._calls.waiting
        replying.cancel()
        await asyncio.wait([replying])
        reply, self._reply = self._reply, None
        if calls:
            await self._link.send(server_messages.tool_call_cancellation(calls))
        await self._link.send(server_messages.content(interrupted=True))
        await self._link.send(reply.completion() if reply else server_messages.turn_complete())
        await self._settle()

    def close(self) -> None:
        """The connection has ended."""
        self._resumption.close()
        if self._replying:
            self._replying.cancel()

    @property
    def _calls(self) -> ToolCalls:
        return self._terms.calls

    def _go_on(self) -> None:
        """See to it that what waits is said."""
        self._answering = self._answering or bool(self._waiting) or self._may_tell()
        if self._answering and (self._replying is None or self._replying.done()):
            self._replying = self._tasks.create_task(self._say_what_waits())

    def _may_tell(self) -> bool:
        """Whether a result is next: not while the user speaks, unless it is to interrupt even then."""
        return bool(self._results) and (not self._user_speaks or self._results[0].scheduling == "INTERRUPT")

    async def _say_what_waits(self) -> None:
        while self._link.usable and (self._waiting or self._may_tell()):
            self._answering = True
            if self._waiting:
                await self._reply_to(self._waiting.popleft())
            else:
                result = self._results.popleft()
                reply = Reply(self._terms, self, self._context.tokens)
                await self._say(reply, result.answered(result.answer))
            self._reply = None
            self._answering = bool(self._waiting) or self._may_tell()
            await self._settle()
        self._answering = False

    async def _reply_to(self, turn: UserTurn) -> None:
        await self._losses.at("thinking")
        if not self._link.usable:
            return
        cost = of_text(turn.text) + of_audio(len(turn.audio)) + self._seen
        self._seen = NOTHING
        try:
            self._context.make_room(cost)
        except WireError as error:
            await self._link.close(error.code, error.reason)
            return
        reply = Reply(self._terms, self, self._context.tokens + cost)
        pieces = self._brain.reply(self._told(turn), reply.call)
        await self._say(reply, pieces, turn.text, cost)

    def _told(self, turn: UserTurn) -> UserTurn:
        """`turn` with everything else that the brain is to know."""
        setup = self._terms.setup
        return replace(
            turn,
            functions=setup.functions,
            system_instruction=setup.system_instruction,
            language=setup.language,
            voice=setup.voice,
            history=tuple(self._context.remarks),
        )

    async def _say(self, reply: Reply, pieces: AsyncIterator[Piece], asked: str = "", cost: Tokens = NOTHING) -> None:
        """Say a reply, and remember as much of it as was heard; `asked` and its `cost` are what it answers."""
        self._reply = reply
        if self._terms.setup.resumable:
            await self._resumption.suspend()
        try:
            await reply.run(pieces)
        finally:
            self._context.add(Remark("user", asked or reply.heard.said), cost)
            self._context.add(Remark("model", reply.listened_to()), reply.response)

    async def _keep_silent(self, result: Result) -> None:
        """Nothing is said of a result; if that was all there was to wait for, the session is at rest now."""
        result.answered(result.answer)
        if self._answering or self.more_to_come:
            return
        if self._terms.profile.ends_when_idle:
            await self._link.send(server_messages.turn_complete(status="IDLE"))
        await self._settle()

    async def _settle(self) -> None:
        """Between turns, with nothing to wait for, the session can be resumed."""
        if self._terms.setup.resumable and not self._calls.in_background:
            await self._resumption.offer(self._context)
