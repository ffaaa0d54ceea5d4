"""A person who answers as written down, and does things when told to: a `Terminal` of the checks by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass
class ScriptedTerminal:
    """`answers` are given to questions that contain the key, else the default; `when` is called at lines that do."""

    answers: Mapping[str, bool] = field(default_factory=dict)
    when: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        self.said.append(line)
        self._react(line)

    def live(self, line: str) -> None:
        self.shown.append(line)

    async def ask_yes_no(self, question: str, *, default: bool) -> bool:
        self.asked.append(question)
        self._react(question)
        return next((answer for words, answer in self.answers.items() if words in question), default)

    def _react(self, line: str) -> None:
        for words, react in self.when.items():
            if words in line:
                react()
