"""From a sentence to its marks: names first, then numbers and times, then what the other words speak of."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from daemon.brain.durations import with_durations
from daemon.brain.lexicon import ClockRule, Lexicon
from daemon.brain.marks import Mark, joined_from, marks_of, replaced, with_words, words_taken
from daemon.brain.naming import names_for, with_names, with_slips
from daemon.brain.numerals import number_of, number_pattern
from daemon.brain.spoken_times import EITHER, WEEKDAYS

_PERCENT_SIGN: Final = re.compile(r"(?:percent|per cent|prozent|por ciento|pour cent|por cento)(?![^ ])")
_PERCENT: Final = re.compile(r"(?P<n>\d{1,3})(?:[.,]0+)? %(?![^ ])")


def marked(text: str, names: Iterable[str], lexicon: Lexicon) -> tuple[Mark, ...]:
    """The marks of `text`; what bears one of `names` is of the kind "name", and its value the name."""
    row = list(marks_of(text, joins_apostrophes=lexicon.language == "en"))
    names = tuple(names)
    row = with_names(row, names_for(names, lexicon.language))
    row = replaced(row, _PERCENT_SIGN, lambda _: Mark("", "", "", "%"))
    row = replaced(row, number_pattern(lexicon.language), lambda match: _number(match[0], lexicon.language))
    row = replaced([*_parted(row, lexicon)], _PERCENT, lambda match: Mark("percent", int(match["n"])))
    row = _with_times(row, lexicon)
    row = with_slips(_with_concepts(row, lexicon), names)
    if lexicon.past.search(text.lower()):
        row.append(Mark("past"))
    return tuple(_with_days_together(row))


def _number(words: str, language: str) -> Mark:
    return Mark("", "", "", str(number_of(words, language)))


def _parted(row: Sequence[Mark], lexicon: Lexicon) -> Iterable[Mark]:
    """Compounds of a name and a word for timers as two: "nudeltimer"."""
    for mark in row:
        end = next(
            (end for end in lexicon.timer_ends if mark.plain.endswith(end) and len(mark.plain) > len(end) + 2), ""
        )
        if end and not mark.kind and mark.plain != "kurzzeitwecker":
            cut = len(mark.plain) - len(end)
            yield from (Mark("", "", mark.words[:cut], mark.plain[:cut]), Mark("", "", mark.words[cut:], end))
        else:
            yield mark


def _with_times(row: list[Mark], lexicon: Lexicon) -> list[Mark]:
    """Durations come before times of day where a timer is spoken of, and behind "in"; else after them."""
    row = with_durations(row, lexicon, only_delays=not _speaks_of(row, lexicon, "timer"))
    for pattern, clock in lexicon.clock_words.items():
        row = replaced(row, pattern, lambda _, clock=clock: Mark("time", clock))  # type: ignore[misc]
    for rule in lexicon.clocks:
        row = replaced(row, rule.pattern, lambda match, rule=rule: _time(match, rule))  # type: ignore[misc]
    return with_durations(row, lexicon, only_delays=False)


def _speaks_of(row: Sequence[Mark], lexicon: Lexicon, kind: str) -> bool:
    pattern = next(pattern for pattern, known, _ in lexicon.phrases if known == kind)
    return any(pattern.fullmatch(mark.plain) for mark in row if not mark.kind)


def _time(match: re.Match[str], rule: ClockRule) -> Mark | None:
    groups = match.groupdict()
    hour, minute = int(groups["h"]), rule.minute + rule.sign * int(groups.get("m") or 0)
    if not 0 <= minute < 60 or hour > 24 or (rule.shift and not 0 < hour <= 12):
        return None
    sure = hour > 12 or hour == 0 or re.search(r"\b0\d", match[0]) is not None
    hour = hour % 24 if sure else (hour + rule.shift - 1) % 12 + 1
    return Mark("time", f"{hour:02}:{minute:02}{'' if sure else EITHER}")


def _with_concepts(row: list[Mark], lexicon: Lexicon) -> list[Mark]:
    """At each word the longest phrase that fits; of those that are as long, one that says something."""
    position = 0
    while position < len(row):
        joined = joined_from(row, position)
        found = [
            (words_taken(joined, match), kind != "filler", kind, value)
            for pattern, kind, value in lexicon.phrases
            if joined and (match := pattern.match(joined))
        ]
        taken, _, kind, value = max(found, key=lambda one: one[:2], default=(0, False, "", ""))
        if taken:
            row[position : position + taken] = [with_words(Mark(kind, value), row[position : position + taken])]
        elif not row[position].kind and row[position].plain.isdecimal():
            row[position] = with_words(Mark("number", int(row[position].plain)), row[position : position + 1])
        position += 1
    return row


def _with_days_together(row: Sequence[Mark]) -> Iterable[Mark]:
    """ "on saturdays and sundays" as one rule; each as RFC 5545 has it."""
    days: list[str] = []
    for index, mark in enumerate(row):
        if mark.kind == "repeat":
            days += _days(str(mark.value))
            if not _goes_on(row, index):
                yield Mark("repeat", _rule(days), mark.words, mark.plain)
                days = []
        elif not days:
            yield mark


def _goes_on(row: Sequence[Mark], index: int) -> bool:
    """Whether another repeated day follows, joined to this one."""
    following = [mark for mark in row[index + 1 :] if mark.kind not in ("and", "comma", "filler")]
    return bool(following) and following[0].kind == "repeat"


def _days(value: str) -> Sequence[str]:
    return {"daily": ("daily",), "weekdays": WEEKDAYS[:5], "weekend": WEEKDAYS[5:]}.get(value, (value,))


def _rule(days: Sequence[str]) -> str:
    if "daily" in days:
        return "FREQ=DAILY"
    return f"FREQ=WEEKLY;BYDAY={','.join(day for day in WEEKDAYS if day in days)}"
