"""What to say to words that are no command: to small talk, to questions, to the name of a device that is not there."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from daemon.brain import replies
from daemon.brain.abilities import SET_ALARM, SET_REMINDER, SET_TIMER, SET_VOLUME, Abilities
from daemon.brain.brain import Remark
from daemon.brain.objections import NAME, objection, orders, without_names
from daemon.brain.phrases import spoken_names
from daemon.brain.written import LONGEST_CHARACTERS, normalised, without_courtesies

_HUSH: Final = re.compile(
    r"(?:(?:please|oh|ok|okay|just|no|pipit) )*"
    r"(?:shut (?:up|it)|shush|be (?:quiet|silent)|quiet|silence|hush|stop(?: it| that| now| talking| speaking)?|"
    r"never ?mind|forget (?:it|that|about it)|cancel(?: that| it)?|abort|go away|leave me alone|not you|"
    r"(?:that's |that is )?(?:all|enough|it|fine|ok|okay|good)|that will be all|nothing|no|nope|no thanks|no thank you|"
    r"don't|do not|yes|yeah|yep|all right|alright|great|nice|cool|perfect|well done|"
    r"i wasn't talking to you|i (?:did not|didn't) mean you)(?: please| thanks| thank you| pipit| now)*"
)
_GREETING: Final = re.compile(
    r"^(?:well )?(?:hello|hi|hey|hiya|howdy|greetings|welcome|good (?:morning|afternoon|evening|day))\b"
    r"(?: (?:there|again)\b)? ?"
)
_HOW_ARE_YOU: Final = re.compile(
    r"\bhow(?:'s it| is it| are (?:you|things)|'re you| have you been| do you do)(?: going| doing| feeling)?\b|"
    r"^(?:what's|what is) (?:up|new)$"
)
_PRESENT: Final = re.compile(
    r"\b(?:are you (?:there|here|awake|listening|alive|ready|on(?:line)?)|(?:can|do) you (?:hear|understand) me|"
    r"any(?:body|one) there|test(?:ing)?(?: one two(?: three)?)?$)"
)
_FAREWELL: Final = re.compile(
    r"^(?:ok |okay |well )?(?:good ?bye|bye(?: bye)?|good night|see you|farewell|sleep well|ciao)\b"
)
_THANKS: Final = re.compile(r"^(?:ok |okay |great |many |no )?(?:thank you|thanks|thank|cheers)\b")
_WHO: Final = re.compile(r"\b(?:who|what) are you\b|\b(?:your name|about yourself|who is this)\b|^who am i talking to")
_HELP: Final = re.compile(
    r"^(?:please )?help(?: me| us)?(?: please)?$|"
    r"\bwhat (?:can|could|do) (?:you|i|we) (?:do|say|ask|understand|control)\b|"
    r"\bhow (?:do you work|does this work|can you help)\b|\bcan you help\b|\bwhat are you (?:able|good)\b"
)
_MISSING: Final = {
    SET_TIMER: re.compile(r"\b(?:timers?|countdown)\b"),
    SET_ALARM: re.compile(r"\b(?:alarms?|wake (?:me|us))\b"),
    SET_REMINDER: re.compile(r"\bremind(?:er|ers)?\b"),
    SET_VOLUME: re.compile(r"\b(?:louder|quieter|volume)\b"),
    "": re.compile(r"\b(?:stopwatch|mute|unmute|shopping list|calendar)\b"),
}
"""What is asked for without being there, by the function that would do it."""

_ASKING: Final = re.compile(
    r"^(?:(?:please|so|and|but|ok|okay|well|can you|could you|would you|do you know|i want to know|i wonder|hey) )*"
    r"(?:what|what's|whats|who|who's|whose|whom|where|where's|when|when's|why|how|how's|which|is|isn't|are|was|were|"
    r"does|did|do|has|have|will|would|should|can|could|may|tell|explain|define|describe|translate|search|google|"
    r"look up|find|play|sing|read|call|phone|text|send|write|email|order|buy|book|calculate|give me|show me|spell|"
    r"recommend|suggest|compare|count|convert|say|repeat)\b"
)
_TOPICS: Final = re.compile(
    r"\b(?:weather|forecast|news|music|song|joke|story|capital|president|internet|wikipedia|recipe|traffic|stocks?|"
    r"score|rain|rains|raining)\b"
)

_NAMED: Final = tuple(
    re.compile(f"{pattern}$")
    for pattern in (
        r"(?:turn|switch)(?:ed)? (?:on|off) (?P<name>.+?)",
        r"(?:turn|switch)(?:ed)? (?P<name>.+?) (?:on|off)",
        r"(?:toggle|dim|pulse|flash|ring|brighten) (?P<name>.+?)(?: to .*)?",
        r"(?:set|put|turn|make) (?P<name>.+?)(?: to)? (?:\d+%|\w+(?: \w+)? (?:percent|per cent))",
        r"(?:is|are) (?P<name>.+?) (?:on|off)",
        r"what is the state of (?P<name>.+?)",
    )
)
_ARTICLE: Final = re.compile(r"^(?:the|my|our|a|an|all|both|all the) ")
_WHATEVER: Final = re.compile(
    r"(?:it|this|that|them|these|those|one|ones|some|something|anything|thing|things|stuff|here|there)"
)
_WHICH: Final = re.compile(r"(?:what|which) devices\b.*|(?:list|show me)(?: all)?(?: the| my)? devices")
_EVERYTHING: Final = re.compile(r"(?:everything|all|all of it|all of them|devices|all devices|lights|all lights)")
_NO_NAME: Final = re.compile(
    r"\b(?:and|or|but|then|no|not|don't|to|in|at|if|when|with|for|from|of|on|off|is|are|was|i|you|he|she|it|we|they|me|him|"
    r"us|them|please|turn|switch|dim|set|because|so|until|the|a|an|my|what|which|who|that|this)\b"
)
_LONGEST_NAME_WORDS: Final = 4
_HOW_BRIGHT: Final = re.compile(rf"(?:set|dim|put|turn|make|brighten) (?:the |my )?{NAME}(?: to\b.*)?")
_MOVING: Final = re.compile(r"(?:open|close|shut|start|stop|lock|unlock|raise|lower) (?:the |my )?(?P<name>.+)")


def remark(text: str, able: Abilities, history: Sequence[Remark]) -> str:
    """What to say to `text`, which was not understood as a command."""
    text = text[:LONGEST_CHARACTERS]
    whole, words = normalised(text), without_courtesies(text)
    names = spoken_names(able.devices)
    if _HUSH.fullmatch(whole):
        return replies.OKAY
    if answer := _small_talk(whole, able):
        return answer
    blank = without_names(_GREETING.sub("", whole), names)
    if asked := [name for name, pattern in _MISSING.items() if pattern.search(blank)]:
        return _about_the_day(words, names) if able.day.issuperset(asked) else replies.MISSING
    if orders(words, names):
        later = replies.NOT_UNDERSTOOD_WHEN if able.plannable else replies.NOT_LATER
        return objection(words, names, later=later) or _about_devices(words, able) or replies.SAY_AGAIN
    return _about_devices(words, able) or _about_the_world(whole, blank) or _not_understood(history)


def _about_the_day(words: str, names: Iterable[str]) -> str:
    """To what speaks of timers or of volume, and was not understood."""
    return objection(words, names, later="") or replies.SAY_AGAIN


def _about_the_world(words: str, blank: str) -> str:
    """To a question, or to nothing but a greeting; `blank` is what follows it."""
    if NAME in blank.split():
        return ""
    if _ASKING.search(blank) or _TOPICS.search(blank):
        return replies.NEEDS_INTERNET
    return replies.GREETING if blank != words and len(blank.split()) <= 1 else ""


def _small_talk(words: str, able: Abilities) -> str:
    if not able.devices and _WHICH.fullmatch(words):
        return replies.NO_DEVICES
    greeted = bool(_GREETING.search(words))
    for pattern, answer in (
        (_HOW_ARE_YOU, replies.FINE),
        (_PRESENT, replies.PRESENT),
        (_HELP, replies.what_i_can_do(able)),
        (_WHO, replies.NAME),
        (_THANKS, replies.WELCOME),
        (_FAREWELL, replies.FAREWELL),
    ):
        if pattern.search(words):
            return f"{replies.HELLO} {answer}" if greeted and answer in (replies.FINE, replies.PRESENT) else answer
    return ""


def _about_devices(words: str, able: Abilities) -> str:
    """What is wrong with the device that is named in `words`; "" if none is."""
    found = next((match["name"] for pattern in _NAMED if (match := pattern.match(words))), "")
    name = _ARTICLE.sub("", found)
    known = {normalised(spoken): device for spoken, device in spoken_names(able.devices).items()}
    if (moving := _MOVING.fullmatch(words)) and moving["name"] in known:
        return replies.cannot(known[moving["name"]])
    if able.dimmable and _HOW_BRIGHT.fullmatch(without_names(words, spoken_names(able.dimmable))):
        return replies.HOW_BRIGHT
    if words in known:
        return replies.what_about(known[words])
    if not name:
        return ""
    if device := known.get(name):
        return replies.cannot(device) if orders(words, known) and device not in able.switchable else ""
    if _EVERYTHING.fullmatch(name) and not able.switchable:
        return replies.NO_DEVICES
    if _WHATEVER.fullmatch(name) or _EVERYTHING.fullmatch(name):
        return replies.WHICH_DEVICE
    if re.search(r"\b(?:and|or)\b", name):
        return replies.ONE_AT_A_TIME
    if NAME in without_names(name, known).split() or _NO_NAME.search(name) or len(name.split()) > _LONGEST_NAME_WORDS:
        return replies.WHICH_DEVICE
    return replies.unknown_device(name, able)


def _not_understood(history: Sequence[Remark]) -> str:
    """Not the same sentence twice in a row."""
    said = next((earlier.text for earlier in reversed(history) if earlier.role == "model"), "")
    return replies.NOT_UNDERSTOOD_EITHER if said == replies.NOT_UNDERSTOOD else replies.NOT_UNDERSTOOD
