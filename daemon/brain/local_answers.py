"""What came of a sentence, in the household's language: the words of `answers`, numbers and times as in the book."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from daemon.brain.phrases import Intent
from daemon.sentences.book import Book
from daemon.sentences.shelf import primary_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.brain.recognition.grammar import Sentence
    from daemon.brain.sentences_in import Doubt
    from daemon.brain.task import Call

FOLDER: Final = Path(__file__).with_name("everyday") / "answers"

Answer = Mapping[str, Any]

_CHANGED: Final = {"cancel": "cancelled", "pause": "paused", "resume": "resumed", "snooze": "snoozed"}
_AT: Final = ("às ", "à ", "ao ")
"""What a Brazilian time begins with where it says when, and not where it says how late it is."""


def answers_in(language: str, now: datetime) -> LocalAnswers | None:
    """The answers in `language`, a BCP 47 tag; None where they are English. Reads two files the first time."""
    tag = _tags().get(primary_of(language))
    return LocalAnswers(_book(tag), _texts(tag), now) if tag else None


@cache
def _tags() -> Mapping[str, str]:
    """The languages with answers, by their primary tags."""
    return {primary_of(file.stem): file.stem for file in FOLDER.glob("*.toml")}


@cache
def _book(tag: str) -> Book:
    return Book.of(tag)


@cache
def _texts(tag: str) -> Mapping[str, str]:
    return tomllib.loads((FOLDER / f"{tag}.toml").read_text("utf-8"))


class LocalAnswers:
    """The answers of one language, to what is said at one moment."""

    def __init__(self, book: Book, texts: Mapping[str, str], now: datetime) -> None:
        self._book, self._texts, self._now = book, texts, now

    def text(self, key: str, **values: object) -> str:
        """The sentence `key`; it begins with a capital letter."""
        said = self._texts[key].format(**values)
        return said[:1].upper() + said[1:]

    def doubt(self, doubt: Doubt | None) -> str:
        """Why nothing was done."""
        return self.text("not_understood" if doubt is None else doubt.value.replace(" ", "_"))

    def read_back(self, words: str) -> str:
        """Asked where something else was nearly heard; `words` have no mark at their end."""
        return f"{self.text('heard_so', words=words)} {self.shall_i}"

    @property
    def shall_i(self) -> str:
        """What is asked before something is done; a yes to that has it done."""
        return self.text("shall_i")

    def told(self, sentence: Sentence, calls: Sequence[Call], answers: Sequence[Answer], english: str) -> str:
        """What came of `sentence`: the calls that were made last, and what they answered."""
        if sentence.intent == Intent.TELL_TIME:
            return self.text("time", clock=_without(self._book.clock(self._now), _AT))
        if sentence.intent == Intent.TELL_DATE:
            return self.text("date", date=self._book.day(self._now))
        if not calls:
            return self._of_no_call(english)
        spoken = [self._of_call(sentence, call, answer) for call, answer in zip(calls, answers, strict=True)]
        return " ".join(dict.fromkeys(filter(None, spoken))) or self.text("okay")

    def _of_no_call(self, english: str) -> str:
        if "when" in english.lower():
            return self.text("no_time")
        return self.text("which_device" if "device" in english else "which_timer" if "?" in english else "none_set")

    def _of_call(self, sentence: Sentence, call: Call, answer: Answer) -> str:
        if "error" in answer and not answer.get("devices"):
            return self.text("refused")
        known: dict[str, Callable[[], str]] = {
            "trigger": lambda: self.text("opened", device=call.arguments["device"]),
            "pulse": lambda: self.text("done"),
            "set_timer": lambda: self.text("timer", duration=self._book.duration(int(call.arguments["seconds"]))),
            "set_alarm": lambda: self.text("alarm", when=self._when(answer)),
            "set_reminder": lambda: self.text("reminder", when=self._when(answer), text=call.arguments["text"]),
            "plan_device": lambda: self._planned(call, answer),
            "change_timer": lambda: self._changed(call),
            "list_timers": lambda: self._listed(sentence, answer),
            "list_devices": lambda: self._states(sentence, answer),
            "read_sensor": lambda: self._measured(sentence, answer),
            "do_not_disturb": lambda: self.text("quiet" if call.arguments.get("on", True) else "talking"),
            "end_conversation": lambda: self.text("okay"),
        }
        if call.name.endswith("_volume"):
            return self.text("volume", percent=self._book.percent(int(answer.get("percent", 0))))
        return known.get(call.name, lambda: self._devices(answer))()

    def _devices(self, answer: Answer) -> str:
        rows = answer.get("devices") if isinstance(answer.get("devices"), list) else [answer]
        return " ".join(self._state(row) for row in rows or () if isinstance(row, Mapping))

    def _state(self, row: Answer) -> str:
        device, state, level = str(row.get("device", "")), row.get("state"), row.get("level_percent")
        if "error" in row:
            return self.text("refused")
        if state == "on" and isinstance(level, int | float) and 0 < level < 100:
            return self.text("at_level", device=device, percent=self._book.percent(round(level)))
        return self.text(state, device=device) if state in ("on", "off") else self.text("unknown_state", device=device)

    def _states(self, sentence: Sentence, answer: Answer) -> str:
        rows = [row for row in answer.get("devices", ()) if isinstance(row, Mapping)]
        asked = sentence.slots.get("asked", "")
        if "device" not in sentence.slots:
            found = [row for row in rows if not asked or row.get("state") == asked]
            return " ".join(self._state(row) for row in found) or self.text("all_off" if asked == "on" else "none_set")
        device = sentence.slots["device"]
        row = next(
            (one for one in rows if device in (one.get("device"), *one.get("also_called", ()))), {"device": device}
        )
        told = self._state({**row, "device": device})
        return self.text("yes" if row.get("state") == asked else "no", sentence=told) if asked else told

    def _planned(self, call: Call, answer: Answer) -> str:
        key = "planned_off" if call.arguments["state"] == "off" else "planned_on"
        return self.text(key, device=call.arguments["device"], when=self._when(answer))

    def _changed(self, call: Call) -> str:
        change = str(call.arguments["change"])
        if change == "extend":
            return self.text("extended", duration=self._book.duration(int(call.arguments["seconds"])))
        return self.text(_CHANGED.get(change, "done"))

    def _listed(self, sentence: Sentence, answer: Answer) -> str:
        kind = sentence.slots.get("kind", "timer" if "left" in sentence.intent else "")
        rows = [row for row in answer.get("timers", ()) if isinstance(row, Mapping)]
        told = [self._entry(row) for row in rows if not kind or row.get("kind") == kind]
        return " ".join(told) or self.text("none_set")

    def _entry(self, row: Answer) -> str:
        left = row.get("left_s")
        if row.get("kind") == "timer" and isinstance(left, int | float):
            name = str(row.get("name") or self._texts["timer_name"])
            return self.text("timer_left", name=name, duration=self._book.duration(round(left)))
        if row.get("kind") == "reminder":
            return self.text("reminder_set", when=self._when(row), text=row.get("text", ""))
        return self.text("alarm_set", when=self._when(row))

    def _measured(self, sentence: Sentence, answer: Answer) -> str:
        wanted = sentence.slots.get("quantity", "")
        rows = [row for row in answer.get("readings", ()) if isinstance(row, Mapping)]
        told = [self._reading(row) for row in rows if not wanted or row.get("quantity", wanted) == wanted]
        return " ".join(told) or self.text("none_set")

    def _reading(self, row: Answer) -> str:
        sensor, state = str(row.get("sensor", "")), str(row.get("state", ""))
        if "error" in row or ("value" not in row and state not in self._texts):
            return self.text("refused")
        if state:
            return self.text(state, sensor=sensor)
        value, quantity = self._book.number(row["value"], 1), str(row.get("quantity"))
        key = quantity if quantity in ("temperature", "humidity") else "measured"
        return self.text(key, sensor=sensor, value=value, unit=row.get("unit", ""))

    def _when(self, answer: Answer) -> str:
        try:
            due = datetime.fromisoformat(str(answer.get("due")))
        except ValueError:
            return ""
        days = (due.date() - self._now.date()).days
        key = "today" if days == 0 else "tomorrow" if days == 1 else "later"
        return self._texts[key].format(clock=self._book.clock(due), day=self._book.day(due) if days > 1 else "")


def _without(words: str, beginnings: Sequence[str]) -> str:
    return next((words.removeprefix(start) for start in beginnings if words.startswith(start)), words)
