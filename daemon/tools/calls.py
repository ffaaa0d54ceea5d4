"""The model's calls, from the request to the answer, and what they did for as long as it can be taken back."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from daemon.conversation.events import ToolFinished, ToolProgressed
from daemon.tools.undo import Undo

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine

    from daemon.conversation.caller import Caller
    from daemon.conversation.events import Event
    from daemon.conversation.tool_call import ToolCall
    from daemon.tools.tool import Answer, Toolbox

REMEMBERED: Final = 8
"""How many answered calls can still be taken back; older ones stay as they are."""
STOP_S: Final = 2.0
"""How long a call that is told to stop may take for it before it is undone all the same."""

log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Job:
    call: ToolCall
    caller: Caller | None
    undo: Undo = field(default_factory=Undo)
    task: asyncio.Task[None] | None = None
    answered: bool = False
    taken_back: bool = False


class Calls:
    """Runs calls beside each other and answers each once, to the session that made it. The loop's thread only."""

    def __init__(
        self,
        toolbox: Toolbox,
        *,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        dispatch: Callable[[Event], None],
        on_answer: Callable[[ToolCall, Answer], None],
    ) -> None:
        """`start` makes a task of the appliance's group.

        `on_answer` is told every answer, heard of or not, and of each call that is undone though it was answered.
        """
        self._toolbox = toolbox
        self._start = start
        self._dispatch = dispatch
        self._on_answer = on_answer
        self._running: list[_Job] = []  # oldest first; ids may repeat, for the service chooses them
        self._done: deque[_Job] = deque(maxlen=REMEMBERED)

    def run(self, call: ToolCall, caller: Caller | None) -> None:
        """Run the call as a task and answer it; `ToolProgressed` and `ToolFinished` will be dispatched."""
        job = _Job(call, caller)
        self._running.append(job)
        job.task = self._start(self._run(job))

    def refuse(self, call: ToolCall, caller: Caller | None, reason: str) -> None:
        """Answer without running it."""
        log.debug("%s is not run: %s", self._toolbox.title(call), reason)
        self._answer(_Job(call, caller), {"error": reason})

    def cancel(self, ids: Collection[str], *, undo: bool = False, reason: str = "") -> None:
        """Stop those that run, and as `CancelTools` says, undo them all and answer those that ran."""
        jobs = [job for job in (*self._done, *self._running) if job.call.id in ids]
        for job in jobs:
            if not job.answered:
                log.debug("%s is stopped before its answer", self._toolbox.title(job.call))
            self._forget(job)
            job.taken_back = undo
            if job.task:
                job.task.cancel()
        if undo and jobs:
            self._start(self._take_back(jobs, reason))

    def cancel_all(self, *, undo: bool = False, reason: str = "") -> None:
        """`cancel` for all that run."""
        self.cancel([job.call.id for job in self._running], undo=undo, reason=reason)

    def forget(self) -> None:
        """What was done so far stays done: the session that could take it back is gone."""
        self._done.clear()

    async def _run(self, job: _Job) -> None:
        def progressed(so_far: Answer) -> None:
            scheduling = self._toolbox.scheduling(job.call, so_far, more=True)
            if job.caller:
                job.caller.answer_tool(job.call, so_far, more=True, scheduling=scheduling)
            self._dispatch(ToolProgressed(job.call.id))

        in_parts = job.caller is not None and job.caller.takes_parts
        response = await self._toolbox.call(job.call, undo=job.undo, on_progress=progressed if in_parts else None)
        if job not in self._running:
            await self._came_too_late(job)
            return
        self._running.remove(job)
        if job.undo:
            self._done.append(job)
        self._answer(job, response)
        self._dispatch(ToolFinished(job.call.id, failed="error" in response))

    async def _came_too_late(self, job: _Job) -> None:
        """It was cancelled, and went on all the same: nobody waits for its answer, and what it did since is undone."""
        log.warning("%s went on after it was cancelled: its answer is dropped", self._toolbox.title(job.call))
        if job.taken_back:
            await self._undo(job)

    def _answer(self, job: _Job, response: Answer) -> None:
        job.answered = True
        log.info("%s: %s", self._toolbox.title(job.call), "refused" if "error" in response else "ok")
        self._on_answer(job.call, response)
        if job.caller:
            job.caller.answer_tool(job.call, response, scheduling=self._toolbox.scheduling(job.call, response))

    async def _take_back(self, jobs: list[_Job], reason: str) -> None:
        """Once they have stopped, undo them, the last first, so that each finds what it left behind."""
        tasks = [job.task for job in jobs if job.task]
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_S)
        for job in reversed(jobs):
            undone = await self._undo(job)
            outcome = {} if undone is None else {"undone": undone}
            if reason and not job.answered:
                self._answer(job, {"error": reason, **outcome})
            elif outcome:  # nobody waits for it, but who keeps a record should not go on believing the answer
                self._on_answer(job.call, {"cancelled": True, **outcome})

    async def _undo(self, job: _Job) -> bool | None:
        """Whether it could be undone; None if there was nothing to undo."""
        if not job.undo:
            return None
        undone = await job.undo.run()
        log.info("%s was taken back%s", self._toolbox.title(job.call), "" if undone else ", but not all of it")
        return undone

    def _forget(self, job: _Job) -> None:
        for jobs in (self._running, self._done):
            if job in jobs:
                jobs.remove(job)
