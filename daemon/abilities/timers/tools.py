"""The tools by which the household sets timers, alarms, reminders, and what devices shall do later."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from daemon.abilities.timers.changing import LIST, Change, changed, is_snoozable, meant, restored
from daemon.abilities.timers.coming_due import rested
from daemon.abilities.timers.describing import described, due, local_time
from daemon.abilities.timers.entry import Entry
from daemon.abilities.timers.keeper import Keeper
from daemon.abilities.timers.now import Now
from daemon.abilities.timers.refused import Refused
from daemon.abilities.timers.timer_arguments import LONGEST_TEXT, due_of, named, schedule_of, seconds_of, without_next
from daemon.names import folded
from daemon.tools.tool import Answer, Tool
from daemon.tools.undo import Undo

At = Annotated[str, Field(description="The household's local time as ISO 8601, without an offset: 2026-12-01T07:00.")]
Repeat = Annotated[
    str,
    Field(
        description="An RRULE without DTSTART if it repeats, such as FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR; FREQ is at least"
        " DAILY. Empty for once."
    ),
]
Seconds = Annotated[int, Field(description="In how many seconds; 0 if at is given.")]
MOST_ANSWERED: Final = 100
LOST: Final = "a restart would lose it: the state file cannot be used"
"""Said of what is set, if it is so."""


def timer_tools(
    keeper: Keeper, *, most: int, snooze_s: float, devices: Sequence[str] = (), lasts: bool = True
) -> list[Tool]:
    """`set_timer`, `set_alarm`, `set_reminder`, `list_timers`, `change_timer`; with devices also `plan_device`.

    Unless what is set `lasts`, the answers say that a restart would lose it.
    """
    tools = _Timers(keeper, most, snooze_s, lasts=lasts)
    found = [Tool.of(tools.set_timer), Tool.of(tools.set_alarm), Tool.of(tools.set_reminder)]
    if devices:
        found.append(Tool.of(tools.plan_device, choices={"device": devices}))
    return [*found, Tool.of(tools.list_timers), Tool.of(tools.change_timer)]


class _Timers:
    """The functions behind the tools; their docstrings are what the model reads."""

    def __init__(self, keeper: Keeper, most: int, snooze_s: float, *, lasts: bool) -> None:
        self._keeper = keeper
        self._most = most
        self._snooze_s = snooze_s
        self._lasts = lasts

    async def set_timer(
        self,
        seconds: Annotated[int, Field(description="How long, in seconds.")],
        undo: Undo,
        name: Annotated[str, Field(description="What it is for, if the user says so, such as pasta.")] = "",
    ) -> Answer:
        """Set a timer for a duration. Repeat the duration and the name to the user."""
        now, length_s = self._keeper.now(), seconds_of(seconds)
        entry = Entry(0, "timer", named(name), length_s=length_s, stamp=now.stamp(length_s))
        return await self._set(entry, now, undo)

    async def set_alarm(self, at: At, undo: Undo, repeat: Repeat = "", name: str = "") -> Answer:
        """Set an alarm for a time of day, once or repeating. Repeat day and time to the user."""
        now = self._keeper.now()
        schedule = await schedule_of(at, repeat, now, self._keeper.walk)
        return await self._set(Entry(0, "alarm", named(name), schedule=schedule), now, undo)

    async def set_reminder(
        self,
        text: Annotated[str, Field(description="What to say when it is due, in the user's language.")],
        undo: Undo,
        seconds: Seconds = 0,
        at: At = "",
        repeat: Repeat = "",
    ) -> Answer:
        """Set a reminder whose text is spoken when it is due: in so many seconds, or at a time."""
        now, words = self._keeper.now(), named(text, LONGEST_TEXT, "text")
        if not words:
            raise Refused("a reminder needs a text", fix="ask what it is about")
        length_s, stamp, schedule = await due_of(seconds, at, repeat, now, self._keeper.walk)
        entry = Entry(0, "reminder", text=words, length_s=length_s, stamp=stamp, schedule=schedule)
        return await self._set(entry, now, undo)

    async def plan_device(
        self,
        device: Annotated[str, Field(description="Which device.")],
        state: Annotated[Literal["on", "off", "toggle"], Field(description="What it shall be then.")],
        undo: Undo,
        seconds: Seconds = 0,
        at: At = "",
        repeat: Repeat = "",
    ) -> Answer:
        """Turn a device on or off later: in so many seconds, or at a time. Its limits count then as they do now."""
        now = self._keeper.now()
        length_s, stamp, schedule = await due_of(seconds, at, repeat, now, self._keeper.walk)
        entry = Entry(0, "action", device=device, wanted=state, length_s=length_s, stamp=stamp, schedule=schedule)
        return await self._set(entry, now, undo)

    async def list_timers(self) -> Answer:
        """List all timers, alarms, reminders and planned device actions, and what is left of each."""
        now = self._keeper.now()
        listed = [described(entry, now) for _, entry in sorted(self._keeper.entries.items())]
        return {"ok": True, "now": local_time(now.wall_s, now), "timers": listed}

    async def change_timer(
        self,
        which: Annotated[
            str, Field(description="A number of list_timers, a name, all, or last: what rings, or rang last.")
        ],
        change: Annotated[
            Literal["cancel", "pause", "resume", "extend", "snooze", "skip_next"],
            Field(description="skip_next leaves out the next time of one that repeats; snooze rings again later."),
        ],
        undo: Undo,
        seconds: Annotated[int, Field(description="For extend, and for snooze if the user says how long.")] = 0,
    ) -> Answer:
        """Cancel, pause, resume, extend or snooze a timer, alarm, reminder or planned action, or skip its next time."""
        now, keeper = self._keeper.now(), self._keeper
        before = dict(keeper.entries) | {n: e for n, e in keeper.last.items() if n not in keeper.entries}
        skipped = await self._skipped(which, now) if change == "skip_next" else {}

        def changes_of(entries: Mapping[int, Entry]) -> dict[int, Entry | None]:
            if skipped:
                return {n: entry for n, entry in skipped.items() if n in entries}
            return self._changes(meant(which, entries, keeper.last), which, change, seconds, now)

        changes = await keeper.change(changes_of)
        undo.add(lambda: self._restore(before, changes))
        told = [described(entry or before[n], now, over=entry is None) for n, entry in sorted(changes.items())]
        return {"ok": True, "change": change, "changed": told[:MOST_ANSWERED]}

    def _changes(
        self, found: Sequence[Entry], which: str, change: Change, seconds: int, now: Now
    ) -> dict[int, Entry | None]:
        """Of several, those that it fits; if it fits none, why not the first."""
        changes: dict[int, Entry | None] = {}
        reasons: list[Refused] = []
        for entry in found:
            try:
                changes[entry.number] = self._changed(entry, which, change, seconds, now)
            except Refused as refused:
                reasons.append(refused)
        if not changes:
            raise reasons[0] if reasons else Refused(f"there is nothing to {change}", fix=LIST)  # of "all" or "last"
        return changes

    def _changed(self, entry: Entry, which: str, change: Change, seconds: int, now: Now) -> Entry | None:
        """Who cancels what rings, or has just rung, does not mean all the mornings to come."""
        has_rung = is_snoozable(entry, self._keeper.last)
        if change == "cancel" and folded(which) == "last" and has_rung and entry.schedule and entry.schedule.rule:
            return rested(entry) if entry.phase in {"ringing", "snoozed"} else entry
        if change == "snooze" and not has_rung:
            raise Refused(f"{entry.kind} {entry.number} does not ring", fix=LIST)
        return changed(entry, change, seconds, now, self._snooze_s)

    async def _skipped(self, which: str, now: Now) -> dict[int, Entry | None]:
        """Whose last time is skipped is over: nothing would ever bring it about."""
        changes: dict[int, Entry | None] = {}
        for entry in meant(which, self._keeper.entries, self._keeper.last):
            if entry.schedule and entry.schedule.rule and entry.schedule.next:
                done = await self._keeper.walk(without_next(entry.schedule), now)
                is_over = done.schedule.next is None and entry.phase == "running"
                changes[entry.number] = None if is_over else replace(entry, schedule=done.schedule)
        if not changes:
            raise Refused("only what repeats has a next time to skip", fix="cancel it instead")
        return changes

    async def _set(self, entry: Entry, now: Now, undo: Undo) -> Answer:
        def added(entries: Mapping[int, Entry]) -> dict[int, Entry | None]:
            if len(entries) >= self._most:
                raise Refused(f"there are {len(entries)} already, and may be {self._most}", fix="cancel some first")
            number = max([0, *entries, *self._keeper.last]) + 1  # what rang last can still be snoozed by its own
            return {number: replace(entry, number=number)}

        changes = await self._keeper.change(added)
        undo.add(lambda: self._restore({}, changes))
        (number,) = changes
        answer: dict[str, Any] = {"ok": True, "number": number, "kind": entry.kind, "name": entry.called}
        return answer | due(entry, now) | ({} if self._lasts else {"warning": LOST})

    async def _restore(self, before: Mapping[int, Entry], after: Mapping[int, Entry | None]) -> None:
        await self._keeper.change(lambda present: restored(before, after, present))
