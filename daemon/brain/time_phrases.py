"""The English sentences about timers, alarms, reminders and what devices do later."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from daemon.brain.abilities import CHANGE_TIMER, LIST_TIMERS, PLAN_DEVICE, SET_ALARM, SET_REMINDER, SET_TIMER
from daemon.brain.recognition.grammar import Template


class TimeIntent(StrEnum):
    """What a sentence about time asks for."""

    SET_TIMER = "set timer"
    SET_ALARM = "set alarm"
    SET_REMINDER = "set reminder"
    PLAN = "plan device"
    ASK_LEFT = "ask what is left"
    LIST_TIMERS = "list timers"
    CHANGE = "change timer"
    CHANGE_ALL = "change all timers"
    EXTEND = "extend timer"
    SNOOZE = "snooze"
    STOP_RINGING = "stop ringing"
    CANCEL_REMINDER = "cancel reminder"
    CANCEL_ALARM_AT = "cancel alarm at"
    SKIP = "skip alarm"
    NO_TIME = "no time"


ACTING_LATER: Final = frozenset(TimeIntent) - {TimeIntent.ASK_LEFT, TimeIntent.LIST_TIMERS, TimeIntent.NO_TIME}
"""What does something, and so must not be done by mistake."""

_ASK: Final = "[please|can you|could you|would you]"
_MAKE: Final = "(set|start|make|create)"
_A: Final = "[a|an|another|the|my|new|a new]"
_MY: Final = "[the|my|our]"

_WHEN: Final = (
    "(in {duration}|at {time}|{day} at {time}|at {time} {day}|at {time} {repeat}|{repeat} at {time}|"
    "at {time} for {day})"
)
_AT: Final = "({time}|{time} {day}|{day} at {time}|{time} {repeat}|{repeat} at {time})"

_SET_TIMER: Final = (
    f"{_ASK} {_MAKE} {_A} timer (for|of|to|at) {{duration}}",
    f"{_ASK} {_MAKE} {_A} {{name}} timer (for|of|to|at) {{duration}}",
    f"{_ASK} {_MAKE} {_A} {{length}} timer",
    f"{_ASK} {_MAKE} {_A} {{length}} {{name}} timer",
    "[a] {length} timer",
    "[a] {length} {name} timer",
    "timer for {duration}",
    "{name} timer for {duration}",
)
_SET_TIMER_FREELY: Final = (
    f"{_MAKE} {_A} timer (for|of) {{duration}} for {_MY} {{name}}",
    f"{_MAKE} {_A} {{length}} timer for {_MY} {{name}}",
    f"{_MAKE} {_A} timer for {_MY} {{name}} (for|of) {{duration}}",
    f"{_MAKE} {_A} timer (called|named) {{name}} for {{duration}}",
    f"(give me|i need|i want|i'd like) {_A} timer (for|of) {{duration}}",
    f"(give me|i need|i want|i'd like) {_A} {{name}} timer (for|of) {{duration}}",
    f"(give me|i need|i want|i'd like) {_A} {{length}} timer",
    "(count down|countdown) [from] {duration}",
    "wake (me|us) [up] in {duration}",
    f"put {_A} {{name}} timer on for {{duration}}",
)
_SET_TIMER_IN_SHORT: Final = (
    f"{_MAKE} {_A} timer {{duration}}",
    "[new|a new] timer [of] {duration}",
    "{name} timer [of] {duration}",
)
_ALARM: Final = (
    f"{_ASK} wake (me|us) [up] at {_AT}",
    f"{_ASK} {_MAKE} [an|the|my|another] alarm (for|at) {_AT}",
)
_ALARM_FREELY: Final = (
    "wake (me|us) [up] ({day}|{repeat}) at {time}",
    "({day}|{repeat}) wake (me|us) [up] at {time}",
    f"[an] alarm (for|at) {_AT}",
    f"{_MAKE} [an|the|my|another] alarm ({{day}}|{{repeat}}) (for|at) {{time}}",
)
_REMINDER: Final = (
    f"remind (me|us) {_WHEN} (to|about|of|that) {{text}}",
    f"remind (me|us) (to|about|of|that) {{text}} {_WHEN}",
    f"{_WHEN} remind (me|us) (to|about|of|that) {{text}}",
    f"{_MAKE} [a] reminder (for|at) {_AT} (to|about|of|that) {{text}}",
    f"{_MAKE} [a] reminder in {{duration}} (to|about|of|that) {{text}}",
    f"{_MAKE} [a] reminder (to|about|of|that) {{text}} {_WHEN}",
)
_NO_TIME: Final = {
    SET_TIMER: (f"{_MAKE} {_A} timer", f"{_MAKE} {_A} {{name}} timer"),
    SET_ALARM: ("wake (me|us) [up]", f"{_MAKE} [an|the|my] alarm"),
    SET_REMINDER: ("remind (me|us) (to|about|of) {text}", f"{_MAKE} [a] reminder"),
}
_COMMANDS_LATER: Final = (
    "(turn|switch) {state} [the|my] {device}",
    "(turn|switch) [the|my] {device} {state}",
    "[the|my] {device} {state}",
)
_ASK_LEFT: Final = (
    f"how (long|much time) is left (on|of|for) {_MY} timer",
    f"how (long|much time) is left (on|of|for) {_MY} {{name}} timer",
)
_ASK_LEFT_FREELY: Final = (
    "how (long|much time|much longer) [is left]",
    "how (long|much time|many minutes) (is|are|do i have) left",
    f"how (long|much time) (does|has) {_MY} timer (have|got) [left]",
    f"how (long|much time) (does|has) {_MY} {{name}} timer (have|got) [left]",
    f"(how long until|when does|when is) {_MY} {{name}} timer (rings|ring|is done|done|ends|end|finished)",
    f"when is {_MY} next alarm",
)
_LIST: Final = (
    "(what|which) {kind} (are there|are set|are running|do I have|have I set)",
    f"(list|show me|tell me) [all] {_MY} {{kind}}",
)
_LIST_FREELY: Final = (
    "what time is [my|the] alarm [set] [for]",
    "(are there|do i have|have i) [any] {kind} [set]",
    "what is planned",
)
_CHANGE: Final = (f"{_ASK} {{change}} {_MY} timer", f"{_ASK} {{change}} {_MY} {{name}} timer")
_CHANGE_FREELY: Final = (f"{{change}} {_MY} {{name}} (alarm|reminder)", f"{{change}} {_MY} timer (for|called) {{name}}")
_CHANGE_ALL: Final = (f"{_ASK} {{change}} all {_MY} {{kind}}",)
_CHANGE_ALL_FREELY: Final = (f"{{change}} {_MY} {{kind}}", "{change} {everything}")
_EXTEND: Final = (
    f"{_ASK} add {{duration}} to {_MY} timer",
    f"{_ASK} add {{duration}} to {_MY} {{name}} timer",
    f"{_ASK} extend {_MY} timer by {{duration}}",
    f"{_ASK} extend {_MY} {{name}} timer by {{duration}}",
)
_EXTEND_FREELY: Final = (
    f"(give|make) {_MY} [{{name}}] timer {{duration}} (more|longer)",
    f"give {_MY} {{name}} timer {{more}}",
    "(add|another) {duration}",
    "{duration} (more|longer)",
)
_SNOOZE: Final = ("snooze for {duration}", "snooze the alarm for {duration}", "wake me again in {duration}")
_SNOOZE_FREELY: Final = (
    "snooze",
    "snooze [the|my] alarm",
    "snooze {duration}",
    "[let me] sleep {more}",
    "{more} of sleep",
)
_STOP: Final = (
    "(stop|silence|turn off|switch off|end|cancel|delete|remove) [the|my|that] alarm",
    "turn [the|my|that] alarm off",
)
_CANCEL_REMINDER: Final = ("(cancel|delete|remove|stop) [the|my|that] reminder",)
_SKIP: Final = ("skip [the|my] next alarm", "skip [the|my] alarm", "skip (tomorrow's alarm|the alarm tomorrow)")

_Table = Mapping[str, tuple[tuple[TimeIntent, tuple[str, ...]], ...]]

_SPOKEN: Final[_Table] = {
    SET_TIMER: ((TimeIntent.SET_TIMER, _SET_TIMER),),
    SET_ALARM: ((TimeIntent.SET_ALARM, _ALARM),),
    CHANGE_TIMER: (
        (TimeIntent.CHANGE, _CHANGE),
        (TimeIntent.CHANGE_ALL, _CHANGE_ALL),
        (TimeIntent.EXTEND, _EXTEND),
        (TimeIntent.SNOOZE, _SNOOZE),
    ),
    LIST_TIMERS: ((TimeIntent.ASK_LEFT, _ASK_LEFT), (TimeIntent.LIST_TIMERS, _LIST)),
    PLAN_DEVICE: (
        (TimeIntent.PLAN, tuple(f"{command} {_WHEN}" for command in _COMMANDS_LATER)),
        (TimeIntent.PLAN, tuple(f"{_WHEN} {command}" for command in _COMMANDS_LATER[:2])),
    ),
}
_FREE: Final[_Table] = {
    CHANGE_TIMER: (
        (TimeIntent.STOP_RINGING, _STOP),
        (TimeIntent.CANCEL_REMINDER, _CANCEL_REMINDER),
        (TimeIntent.SKIP, _SKIP),
        (TimeIntent.SNOOZE, _SNOOZE_FREELY),
        (TimeIntent.EXTEND, _EXTEND_FREELY),
        (TimeIntent.CHANGE, _CHANGE_FREELY),
        (TimeIntent.CHANGE_ALL, _CHANGE_ALL_FREELY),
    ),
    LIST_TIMERS: ((TimeIntent.ASK_LEFT, _ASK_LEFT_FREELY), (TimeIntent.LIST_TIMERS, _LIST_FREELY)),
    SET_TIMER: ((TimeIntent.SET_TIMER, _SET_TIMER_FREELY),),
    SET_ALARM: ((TimeIntent.SET_ALARM, _ALARM_FREELY),),
    SET_REMINDER: ((TimeIntent.SET_REMINDER, _REMINDER),),
}


def heard_about_time(functions: frozenset[str]) -> Iterator[Template]:
    """What the recogniser's closed grammar has, for the functions that there are."""
    return _templates(_SPOKEN, functions)


def freely_about_time(functions: frozenset[str]) -> Iterator[Template]:
    """What is read only in a free transcript, or typed: sentences too short for a closed grammar, or open."""
    yield from _templates(_FREE, functions)
    yield from _templates({name: _SPOKEN[name] for name in (CHANGE_TIMER, LIST_TIMERS)}, functions)
    yield from (
        Template(TimeIntent.NO_TIME, pattern) for name in _NO_TIME if name in functions for pattern in _NO_TIME[name]
    )


def typed_about_time(functions: frozenset[str]) -> Iterator[Template]:
    """What is understood only if it is typed: so short that a number which was misheard would be taken for it."""
    return _templates({SET_TIMER: ((TimeIntent.SET_TIMER, _SET_TIMER_IN_SHORT),)}, functions)


def _templates(table: _Table, functions: frozenset[str]) -> Iterator[Template]:
    for name, rows in table.items():
        if name in functions:
            yield from (Template(intent, pattern) for intent, patterns in rows for pattern in patterns)
