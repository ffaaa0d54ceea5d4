"""What is owed: the answers of tools to the model, a look at their pictures, and the model's answer to all that."""

from collections.abc import Iterable
from dataclasses import dataclass

from daemon.conversation import commands as do
from daemon.conversation.commands import Command
from daemon.conversation.rules import Rules
from daemon.conversation.tool_call import ToolCall


@dataclass(slots=True)
class Owed:
    """The calls belong to their session, and outlive an exchange; what is owed of the reply ends with it."""

    running: frozenset[str] = frozenset()  # calls, by their ids
    kept: tuple[ToolCall, ...] = ()  # … and those that wait until it is sure that the user has finished
    unseen: frozenset[str] = frozenset()  # … and those whose pictures the model is yet to be asked about
    result_awaited: bool = False  # a tool was called that the model did not wait for: it may speak unasked
    answer_owed: bool = False  # a tool was asked for, and nothing was said since
    trailing: bool = False  # … and the reply ended: more of it may come, or that was all

    @property
    def pending(self) -> bool:
        """Whether the model has something to tell of its calls, or something to wait for."""
        return bool(self.running or self.kept) or self.answer_owed

    def requested(self, call: ToolCall, rules: Rules) -> None:
        """The call is about to run."""
        self.running |= {call.id}
        if call.name in rules.showing:
            self.unseen |= {call.id}
        self.answer_owed, self.trailing = rules.tools_wait, False
        self.result_awaited = not rules.tools_wait or call.name in rules.showing

    def keep(self, call: ToolCall) -> None:
        """The call may be of half a request: it is run once that is known to be whole."""
        if all(call.id != other.id for other in self.kept):
            self.kept += (call,)

    def release(self) -> tuple[ToolCall, ...]:
        """Those that were kept, and are no longer."""
        kept, self.kept = self.kept, ()
        return kept

    def finished(self, call_id: str, *, failed: bool) -> bool:
        """The call was answered. Returns whether anybody still knew of it.

        What failed is told by its answer; the model is not asked about it as well.
        """
        known = call_id in self.running
        self.running -= {call_id}
        if failed:
            self.unseen -= {call_id}
        return known

    def cancelled(self, call_ids: Iterable[str]) -> None:
        """The service forgets these calls, and owes nothing for them.

        If one of them still looks, nobody wants to see any more. What one saw that was answered is shown all the same.
        """
        ids = set(call_ids)
        if self.unseen & self.running & ids:
            self.unseen = frozenset()
        self.running -= ids
        self.kept = tuple(call for call in self.kept if call.id not in ids)
        if not self.running:
            self.answer_owed = False

    def show(self, turn: int) -> list[Command]:
        """Have the model see, once all calls are answered: new input would cancel those that it still waits for."""
        if self.running or not self.unseen:
            return []
        self.unseen = frozenset()
        return [do.ShowPictures(turn)]

    def user_speaks(self) -> None:
        """What they want now is not yet known: nothing is shown that was wanted before."""
        self.unseen = frozenset()

    def spoken(self) -> None:
        """The model says something: whatever it is, that is its answer."""
        self.answer_owed = self.trailing = False

    def next_exchange(self) -> None:
        self.answer_owed = self.trailing = False

    def end(self) -> list[Command]:
        """The session is closed or lost. Its calls end with it, as they are: that nobody changed their mind about."""
        cancel: list[Command] = [do.CancelTools(tuple(sorted(self.running)))] if self.running else []
        self.running = self.unseen = frozenset()
        self.kept = ()
        self.result_awaited = self.answer_owed = False
        return cancel

    def interrupt(self, rules: Rules) -> list[Command]:
        """The user did not wait for what still runs: it is undone, and the service told, which waits for it.

        What was answered stays: the model knows of it, and the user may have interrupted for any reason.
        """
        if not self.running or not rules.tools_wait:
            return []
        ids = tuple(sorted(self.running))
        self.running = frozenset()
        return [do.CancelTools(ids, undo=True, reason="the user interrupted: it was stopped")]
