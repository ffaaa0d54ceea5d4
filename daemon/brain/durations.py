"""How long something takes, in each language: "anderthalb Stunden", "une heure et quart", "ten more minutes"."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from daemon.brain.lexicon import Lexicon
from daemon.brain.marks import Mark, joined_from, with_words, words_taken

_MIXED: Final = {"anderthalb": "1.5", "eineinhalb": "1.5", "zweieinhalb": "2.5", "dreieinhalb": "3.5"}
_GLUED: Final = {"viertelstunde": 900, "halbstunde": 1800, "dreiviertelstunde": 2700, "stundchen": 3600}
_HOUR_S: Final = 3600


def with_durations(marks: Sequence[Mark], lexicon: Lexicon, *, only_delays: bool) -> list[Mark]:
    """`marks` with the durations made one each: "delay" if they follow "in", else "duration"."""
    row, position = list(marks), 0
    while position < len(row):
        delayed = _after_in(row, position, lexicon)
        found = None if only_delays and not delayed else _Reading(row, position, lexicon).duration()
        if found is not None:
            seconds, taken, more = found
            made = Mark("delay" if delayed else "duration", seconds)
            row[position : position + taken] = [with_words(made, row[position : position + taken])]
            if more:
                row.insert(position, Mark("more"))
                position += 1
        position += 1
    return row


def _after_in(row: Sequence[Mark], position: int, lexicon: Lexicon) -> bool:
    """Whether the words right before are those of "in"."""
    pattern = next(pattern for pattern, kind, _ in lexicon.phrases if kind == "in")
    for back in (3, 2, 1):
        if position >= back and not any(mark.kind for mark in row[position - back : position]):
            words = " ".join(mark.plain for mark in row[position - back : position])
            if pattern.fullmatch(words):
                return True
    return False


class _Reading:
    """The words from a position on, eaten one after the other."""

    def __init__(self, row: Sequence[Mark], start: int, lexicon: Lexicon) -> None:
        self._row, self._start, self._at, self._lexicon = row, start, start, lexicon
        self._more = False

    def duration(self) -> tuple[int, int, bool] | None:
        """Seconds, how many words they take, and whether "more" was among them."""
        total, unit = Fraction(0), 0
        while (part := self._part(unit)) is not None:
            total, unit = total + part[0], part[1]
        taken = self._at - self._start
        return (int(total), taken, self._more) if unit and total > 0 and total.denominator == 1 else None

    def _part(self, before: int) -> tuple[Fraction, int] | None:
        """An amount in seconds, and its unit, which is smaller than the one `before`, 0 if that is the first."""
        kept = self._at
        if before:
            self._eat("and")
        amount = self._amount() or self._one_unsaid()
        if amount is None and not before and (glued := _GLUED.get(self._word())):
            self._at += 1
            return Fraction(glued), 60
        self._eat_more()
        unit = self._unit() if amount is not None else 0
        if before == _HOUR_S and amount is not None and not unit and self._row[self._at - 1].plain.isdecimal():
            return amount * 60, 60  # "une heure trente"
        if amount is None or not unit or (before and unit >= before):
            self._at = kept
            return None
        self._eat_more()
        return amount * unit + self._share_after() * unit, unit

    def _amount(self) -> Fraction | None:
        word = _MIXED.get(self._word(), self._word()).replace(",", ".")
        if self._is("quarter") or (word in ("3", "1") and self._is("quarter", 1)):
            self._at += 1 if self._is("quarter") else 2
            self._eat("of"), self._eat("one")
            return Fraction(int(word) if word in ("3", "1") else 1, 4)
        if word.replace(".", "", 1).isdecimal():
            self._at += 1
            return Fraction(word) + self._half_of_a_number()
        self._eat("one")
        one = self._at
        if self._eat("half"):
            self._eat("of"), self._eat("one")
            return Fraction(1, 2)
        if self._eat("quarter"):
            self._eat("of"), self._eat("one")
            return Fraction(1, 4)
        return Fraction(1) if one > self._start and self._lexicon.parts["one"].fullmatch(self._word(-1)) else None

    def _one_unsaid(self) -> Fraction | None:
        """ "hora y media"."""
        at, self._at = self._at, self._at + 1
        share = self._share_after() if self._lexicon.units and self._at - 1 == at else Fraction(0)
        self._at = at
        return Fraction(1) if share and self._unit_here() else None

    def _half_of_a_number(self) -> Fraction:
        """ "six and a half minutes"."""
        kept = self._at
        if self._eat("and"):
            self._eat("one")
            if self._eat("half") and self._unit_here():
                return Fraction(1, 2)
        self._at = kept
        return Fraction(0)

    def _share_after(self) -> Fraction:
        """ "an hour and a half"."""
        kept = self._at
        self._eat("and"), self._eat("one")
        for name, share in (("half", Fraction(1, 2)), ("quarter", Fraction(1, 4))):
            if self._eat(name) and not self._unit_here() and not self._is("of"):
                return share
        self._at = kept
        return Fraction(0)

    def _eat_more(self) -> None:
        pattern = next(pattern for pattern, kind, _ in self._lexicon.phrases if kind == "more")
        if not self._kind() and pattern.fullmatch(self._word()) and self._at > self._start:
            self._at += 1
            self._more = True

    def _unit(self) -> int:
        seconds = self._unit_here()
        self._at += bool(seconds)
        return seconds

    def _unit_here(self) -> int:
        joined = joined_from(self._row, self._at)
        for pattern, seconds in self._lexicon.units.items():
            if words_taken(joined, pattern.match(joined)):
                return seconds
        return 0

    def _eat(self, part: str) -> bool:
        if self._is(part):
            self._at += 1
            return True
        return False

    def _is(self, part: str, ahead: int = 0) -> bool:
        return not self._kind(ahead) and bool(self._lexicon.parts[part].fullmatch(self._word(ahead)))

    def _word(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._row[at].plain if 0 <= at < len(self._row) and not self._row[at].kind else ""

    def _kind(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._row[at].kind if at < len(self._row) else "end of the sentence"
