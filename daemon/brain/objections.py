"""What speaks against acting on a command although one was heard in it: "don't", "if it is dark", "in ten minutes".

A closed grammar finds a command in words that mean something else. Whoever says no, speaks of what was, will be or
might be, or thinks better of it, is told so, and nothing is done.
"""

import re
from collections.abc import Iterable
from typing import Final

from daemon.brain import replies
from daemon.brain.written import normalised

NAME: Final = "device"
"""Stands for the name of a device, which may hold any words: "the lamp that is not mine"."""

_VERB: Final = (
    r"(?:turn|switch|dim|set|put|make|toggle|ring|pulse|flash|open|close|start|stop|shut)(?:n|m|t)?(?:e?s|e?d|ing)?"
)
_COUNT: Final = (
    r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|"
    r"sixty|ninety|hundred|half|few|couple|some|another|quarter)"
)
_UNIT: Final = r"(?:seconds?|secs?|minutes?|mins?|hours?|days?|weeks?|months?|while|moment|bit|night|evening|morning)"
_CLOCK: Final = rf"(?:{_COUNT}|noon|midday|midnight|night|dawn|dusk|sunset|sunrise|lunch|dinner|bedtime)"

_POLITE: Final = re.compile(r"^(?:(?:please|(?:can|could|would|will) you|kindly|just|now|okay|ok|hey|so|and|then) )+")
_CORRECTION: Final = re.compile(
    r"\b(?:no(?! (?:longer|more)\b)|nope|wait|sorry|oops|actually|rather|instead|i mean|i meant|scratch that|hold on|"
    r"never ?mind|forget it|on second thought|correction|cancel)\b"
)
_TAKEN_BACK: Final = re.compile(r"\b(?:no|nope|wait|sorry|oops|never ?mind|forget it|hold on|scratch that)\b")
_ENDS_TAKEN_BACK: Final = re.compile(r"\b(?:no|nope|never ?mind|forget it|scratch that|don't|do not)$")
_REQUEST: Final = re.compile(
    r"^(?:(?:hey|ok|okay|so|and|now|just|then) )*(?:please\b|(?:can|could|would|will|won't|can't) you\b|"
    r"(?:do|would) you mind\b|"
    r"(?:can|could|may) (?:i|we) (?:have|get|trouble)\b|(?:how|what) about\b)"
)
_QUESTION: Final = re.compile(
    r"^(?:is|are|was|were|am|did|does|do(?! (?:not|turn|switch|dim|set|toggle|pulse|flash|ring)\b)|has|have|had|should|"
    r"shall|may|must|might|"
    r"why|who|who's|whose|when|where|how|what|what's|which)\b|\b(?:tell (?:me|us)|know|see|check|ask) (?:if|whether)\b"
)
_NO: Final = re.compile(r"\b(?:\w+n't|dont|not|never|cannot|without|no longer|no more|nobody|neither|nor)\b")
_PAST: Final = re.compile(
    r"\w (?:have |has |had |was |were |been |just |already |be |being |got |is |are )*"
    r"(?:turned|switched|dimmed|toggled|rang|rung|pulsed|flashed|opened|closed|turning|switching|dimming)\b"
)
_REPORTED: Final = re.compile(
    r"\b(?:(?<=\w )said|says|saying|told|tells|asked|asks|thinks?|thought|"
    r"heard|reads?|wrote|writes|means|wish|wishes|wished|"
    r"wanted|wants|dreamt|dreamed|imagine|pretend|supposed|would have|could have|should have|going to|how to|have to|"
    r"i (?:turn|switch|dim|set)|(?:he|she|it|they|we|who|which|that) (?:turns?|switch(?:es)?|dims?|sets?)|"
    r"story|song|poem|word|sentence|phrase|translate|spell)\b"
)
_LATER: Final = re.compile(
    rf"\b(?:(?:in|for|after|within|during) (?:\w+ ){{0,3}}?{_UNIT}|"
    rf"(?:at|by|around) (?:about |half |quarter )?(?:past |to )?{_CLOCK}\b(?! ?(?:%|per ?cent))|"
    r"\d{1,2} ?(?:am|pm|a m|p m)|o'clock|oclock|tomorrow|tonight|later|(?<!as )soon|someday|yesterday|"
    r"this (?:morning|afternoon|evening)|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|"
    r"(?:every|each) (?:day|night|hour|morning|evening|\d+)|daily|sunset|sunrise|midnight|noon)\b"
)
_CONDITION: Final = re.compile(
    r"\b(?:if|when|whenever|unless|until|till|(?<!at )once|as soon as|as long as|while|before|after|every time|because|"
    r"in case|provided)\b"
)
_SEVERAL: Final = re.compile(
    rf"\b{_VERB}\b.*\b(?:and|then|but|also|or|plus)\b.*\b{_VERB}\b|\bon\b.*\boff\b|\boff\b.*\bon\b|"
    rf"\b(?:turn|switch|toggle|dim)\b.*\b(?:turn|switch|toggle|dim)\b"
)
_YESTERDAY: Final = re.compile(r"\b(?:yesterday|ago|last (?:night|week|time|month|year))\b")
_MEANT_FOR_LATER: Final = re.compile(
    r"^(?:cancel|stop)\b|\b(?:do not|don't) disturb\b|\b(?:until|till)\b|"
    r"\bon (?=(?:every|week|the week|mon|tues|wednes|thurs|fri|satur|sun|workdays))"
)
"""What would be an objection elsewhere, and is a part of commands about time."""

_BEFORE_LATER: Final = (
    (_CORRECTION, replies.SAY_AGAIN),
    (_QUESTION, replies.NO_ANSWER),
    (_NO, replies.LEFT_ALONE),
    (_PAST, replies.LEFT_ALONE),
    (_REPORTED, replies.LEFT_ALONE),
)
_AFTER_LATER: Final = (
    (_CONDITION, replies.NO_CONDITIONS),
    (_SEVERAL, replies.ONE_AT_A_TIME),
)
_ORDER: Final = re.compile(
    rf"\b(?:turn|switch|toggle|dim|pulse|flash)(?:n|m|t)?(?:e?s|e?d|ing)?\b|\b{NAME}\b.*(?:\b(?:on|off)\b|%|percent)|"
    rf"\b{_VERB} (?:the |my )?{NAME}\b"
)


def objection(text: str, names: Iterable[str], *, later: str = replies.NOT_LATER) -> str:
    """What to say instead of doing what `text` seems to ask for; "" if nothing speaks against it.

    `names` is how the devices are called: what they consist of says nothing about the order. `later` is what to say
    to words about another time; "" if the command itself is one about another time.
    """
    words = _POLITE.sub("", without_names(text, names))
    if not later:
        words = _MEANT_FOR_LATER.sub("", words)
    weighed = (*_BEFORE_LATER, (_LATER, later) if later else (_YESTERDAY, replies.LEFT_ALONE), *_AFTER_LATER)
    return next((reply for pattern, reply in weighed if pattern.search(words)), "")


def takes_back(text: str) -> bool:
    """Whether `text` says no, or thinks better of something."""
    words = normalised(text)
    return bool(_NO.search(words) or _TAKEN_BACK.search(words))


def ends_taken_back(text: str) -> bool:
    """Whether `text` ends with a no, which is hardly a part of what somebody is to be reminded of."""
    return bool(_ENDS_TAKEN_BACK.search(normalised(text)))


def only_asks(written: str) -> bool:
    """Whether a question mark makes a question of it: "lamp on?", unlike "could you turn on the lamp?"."""
    return written.rstrip(" \"'”’").endswith(("?", "？")) and not _REQUEST.search(normalised(written))


def orders(text: str, names: Iterable[str]) -> bool:
    """Whether `text` speaks of doing something to a device."""
    return bool(_ORDER.search(without_names(text, names)))


def without_names(text: str, names: Iterable[str]) -> str:
    """The normalised words of `text` with `NAME` for each name of a device."""
    spoken = sorted({normalised(name) for name in names} - {""}, key=len, reverse=True)
    words = normalised(text)
    return re.sub(rf"\b(?:{'|'.join(map(re.escape, spoken))})\b", NAME, words) if spoken else words
