"""Questions and meters on a real pipe, and on a pseudo-terminal."""

from __future__ import annotations

import asyncio
import io
import os
import pty
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from daemon.doctor.hands_on.terminal import LineTerminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Keyboard:
    """A pipe that somebody types into."""

    def __init__(self) -> None:
        self.read_end, self.write_end = os.pipe()

    def type(self, text: str) -> None:
        os.write(self.write_end, text.encode())

    def close(self) -> None:
        os.close(self.read_end)
        os.close(self.write_end)


@pytest.fixture
def keyboard() -> Iterator[Keyboard]:
    with closing(Keyboard()) as keyboard:
        yield keyboard


@pytest.mark.parametrize(
    ("typed", "default", "answer"),
    [
        ("y\n", False, True),
        ("YES \n", False, True),
        ("n\n", True, False),
        ("\n", True, True),
        ("\n", False, False),
        ("what?\nno\n", True, False),
        ("a\nb\nc\ny\n", False, False),
    ],
)
async def test_answers(keyboard: Keyboard, typed: str, default: bool, answer: bool) -> None:
    terminal = LineTerminal(keyboard.read_end, io.StringIO())
    keyboard.type(typed)
    assert await terminal.ask_yes_no("Shall I?", default=default) is answer


async def test_an_answer_that_comes_while_the_loop_goes_on(keyboard: Keyboard) -> None:
    shown = io.StringIO()
    terminal = LineTerminal(keyboard.read_end, shown)
    asking = asyncio.create_task(terminal.ask_yes_no("Shall I?", default=False))
    await asyncio.sleep(0)
    keyboard.type("y\n")
    assert await asking
    assert shown.getvalue() == "Shall I? [y/N] "


async def test_nobody_answers(keyboard: Keyboard) -> None:
    terminal = LineTerminal(keyboard.read_end, io.StringIO(), answer_s=0)
    assert not await terminal.ask_yes_no("Shall I?", default=False)
    keyboard.type("y\n")
    keyboard.type("n\n")
    terminal = LineTerminal(keyboard.read_end, io.StringIO())
    assert await terminal.ask_yes_no("And now?", default=False), "nothing of the first question waits for the answer"


async def test_two_answers_typed_at_once_are_for_two_questions(keyboard: Keyboard) -> None:
    terminal = LineTerminal(keyboard.read_end, io.StringIO())
    keyboard.type("y\nn\n")
    assert await terminal.ask_yes_no("One?", default=False)
    assert not await terminal.ask_yes_no("Two?", default=True)


async def test_the_end_of_the_input_is_the_default(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    read_end, write_end = os.pipe()
    os.close(write_end)
    for descriptor in (read_end, os.open(empty, os.O_RDONLY)):
        terminal = LineTerminal(descriptor, io.StringIO())
        assert not await terminal.ask_yes_no("One?", default=False)
        assert await terminal.ask_yes_no("Two?", default=True)
        os.close(descriptor)


async def test_what_was_typed_before_the_question_is_no_answer() -> None:
    ours, theirs = pty.openpty()
    try:
        terminal = LineTerminal(theirs, io.StringIO())
        os.write(ours, b"y\n")
        asking = asyncio.create_task(terminal.ask_yes_no("Shall I?", default=False))
        await asyncio.sleep(0)
        os.write(ours, b"n\n")
        assert not await asking
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_meter_stays_on_its_line_and_makes_room_for_what_is_said() -> None:
    shown = io.StringIO()
    terminal = LineTerminal(output=shown, meter=True)
    terminal.live("#####")
    terminal.live("##")
    terminal.say("done")
    assert shown.getvalue() == "\r#####\r##   \r  \rdone\n"


def test_a_meter_is_no_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    shown = io.StringIO()
    LineTerminal(output=shown, meter=True).live("#" * 50)
    assert shown.getvalue() == "\r" + "#" * 19


def test_without_a_terminal_there_is_no_meter() -> None:
    shown = io.StringIO()
    LineTerminal(output=shown).live("##")
    assert shown.getvalue() == ""
