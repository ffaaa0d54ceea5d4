"""The English sentences about loudness, about being left alone, and those that end a conversation."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from daemon.brain.abilities import CHANGE_VOLUME, DO_NOT_DISTURB, END_CONVERSATION, GET_VOLUME, SET_VOLUME
from daemon.brain.recognition.grammar import Template


class SoundIntent(StrEnum):
    """What a sentence about Pipit's own sound asks for."""

    SET_VOLUME = "set volume"
    CHANGE_VOLUME = "change volume"
    ASK_VOLUME = "ask volume"
    QUIET_ON = "do not disturb"
    QUIET_OFF = "end do not disturb"
    END = "end conversation"
    THANK_AND_END = "thank and end conversation"
    PART = "part"


ACTING_ON_SOUND: Final = frozenset(
    {SoundIntent.SET_VOLUME, SoundIntent.CHANGE_VOLUME, SoundIntent.QUIET_ON, SoundIntent.QUIET_OFF}
)
"""What does something that lasts, and so must not be done by mistake."""

_ASK: Final = "[please|can you|could you|would you]"

_SET: Final = (
    f"{_ASK} (set|put|turn) [the|your] volume to {{level}}",
    f"{_ASK} (set|put|turn) [the|your] {{of}} volume to {{level}}",
    "[the] volume to {percent}",
    "[the] {of} volume to {percent}",
)
_SET_FREELY: Final = (
    "volume [to|at] {level}",
    "{of} volume [to|at] {level}",
    "set [the] volume [of|for] the {of} to {level}",
)
_CHANGE: Final = (
    f"{_ASK} turn [the|your] volume {{direction}} by {{percent}}",
    f"{_ASK} turn [the|your] {{of}} volume {{direction}}",
)
_CHANGE_FREELY: Final = (
    "[a bit|a little|much] {louder} [please]",
    "(make it|speak|talk|be|get|go|play) [a bit|a little|much] {louder}",
    "turn [it|the volume|the sound|yourself] {direction} [a bit|a little]",
    "turn {direction} [the|your] volume [a bit|a little]",
    "turn {direction} [the|your] {of} volume [a bit|a little]",
    "turn (it|the volume|the sound) {direction} by {level}",
    "(volume|speak) {direction}",
    "(that's|that is|it's|it is|you are|you're) [far|much|way] {too}",
    "make the {of} [a bit|a little|much] {louder}",
)
_ASK_VOLUME: Final = (
    "(what is|what's) [the|your] volume [now|right now]",
    "(what is|what's) [the|your] {of} volume [now|right now]",
    "how loud (are you|is it|is your voice) [now|right now]",
    "how loud (is|are) [the|your] {of}",
)
_UNTIL: Final = "(until|till) ({time}|{time} {day}|{day} at {time})"
_QUIET: Final = (f"[please] do not disturb {_UNTIL}", "[please] do not disturb for {duration}")
_QUIET_FREELY: Final = (
    "(do not|don't) disturb [me|us] [please|now|any more]",
    "(do not|don't) disturb [me|us] for {duration}",
    f"(do not|don't) disturb (me|us) {_UNTIL}",
    f"(do not|don't) disturb {_UNTIL}",
    f"leave (me|us) (alone|in peace) {_UNTIL}",
    "leave (me|us) (alone|in peace) for {duration}",
    "(turn on|switch on|start) do not disturb",
    "(turn|switch) do not disturb on",
    f"be quiet {_UNTIL}",
    "be quiet for {duration}",
)
_LOUD_AGAIN: Final = (
    "you (may|can) (talk|speak|disturb me|disturb us) [again|now]",
    "(end|stop|cancel|turn off|switch off) do not disturb",
    "(turn|switch) do not disturb off",
    "(you may|you can) disturb [me|us] [again|now]",
)
_END: Final = (
    "stop [it|that|now|talking|speaking] [now]",
    "[just] be (quiet|silent)",
    "(quiet|silence|hush|shush|enough|abort)",
    "shut up",
    "(never mind|nevermind|forget it|forget that|go away|leave me alone)",
    "[no|okay|ok] (that's|that is) (all|it|enough)",
    "that will be all",
    "no thanks that's all",
)
_THANK_AND_END: Final = (
    "[no|okay|ok] (that's|that is) (all|it|enough) (thank you|thanks)",
    "(thank you|thanks) (that's|that is) (all|it|enough)",
    "that will be all (thank you|thanks)",
)
_PART: Final = ("(goodbye|good bye|bye|bye bye|good night|see you|see you later|farewell)",)

_Table = Mapping[str, tuple[tuple[SoundIntent, tuple[str, ...]], ...]]

_SPOKEN: Final[_Table] = {
    SET_VOLUME: ((SoundIntent.SET_VOLUME, _SET),),
    CHANGE_VOLUME: ((SoundIntent.CHANGE_VOLUME, _CHANGE),),
    DO_NOT_DISTURB: ((SoundIntent.QUIET_ON, _QUIET),),
}
_FREE: Final[_Table] = {
    SET_VOLUME: ((SoundIntent.SET_VOLUME, _SET_FREELY),),
    CHANGE_VOLUME: ((SoundIntent.CHANGE_VOLUME, _CHANGE_FREELY),),
    GET_VOLUME: ((SoundIntent.ASK_VOLUME, _ASK_VOLUME),),
    DO_NOT_DISTURB: ((SoundIntent.QUIET_OFF, _LOUD_AGAIN), (SoundIntent.QUIET_ON, _QUIET_FREELY)),
    END_CONVERSATION: (
        (SoundIntent.THANK_AND_END, _THANK_AND_END),
        (SoundIntent.PART, _PART),
        (SoundIntent.END, _END),
    ),
}


def heard_about_sound(functions: frozenset[str]) -> Iterator[Template]:
    """What the recogniser's closed grammar has, for the functions that there are."""
    return _templates(_SPOKEN, functions)


def freely_about_sound(functions: frozenset[str]) -> Iterator[Template]:
    """What is read only in a free transcript, or typed: sentences so short that a closed grammar would hear them in
    anything."""
    return _templates(_FREE, functions)


def _templates(table: _Table, functions: frozenset[str]) -> Iterator[Template]:
    for name, rows in table.items():
        if name in functions:
            yield from (Template(intent, pattern) for intent, patterns in rows for pattern in patterns)
