"""What is printed: once, in order, and nothing that a terminal would obey."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from daemon.chat.screen import Look, call_line, tidied
from daemon.chat.turn_and_reply import Exchange
from daemon.conversation.messages import HandleRefused, ReplyText, Transcribed
from daemon.conversation.tool_call import ToolCall
from tests.daemon.chat.chatting import Paper

if TYPE_CHECKING:
    import pytest

TERMINAL = Look(labelled=True, streaming=True, reckoning=True)
PIPE = Look()


def reply(paper: Paper, *pieces: str, heard: str = "", notes_after: int | None = None) -> None:
    """A turn in which `pieces` are said, with a note after so many of them."""
    exchange = Exchange(1, heard=heard)
    paper.reply_expected(1)
    if heard:
        paper.received(Transcribed(1, "user", heard))
    for number, piece in enumerate(pieces, start=1):
        message = Transcribed(1, "model", piece)
        exchange.received(message)
        paper.received(message)
        if number == notes_after:
            paper.note("a note")
    paper.reply_ended(exchange)


def test_a_pipe_gets_the_reply_alone_and_whole() -> None:
    paper = Paper(PIPE)
    reply(paper, " It is", " noon. ")
    assert paper.out.getvalue() == "It is noon.\n"
    assert paper.notes.getvalue() == ""


def test_a_terminal_gets_it_as_it_comes_and_once() -> None:
    paper = Paper(TERMINAL)
    paper.reply_expected(1)
    paper.received(Transcribed(1, "model", " It is "))
    assert paper.out.getvalue() == "pipit  It is"
    paper.received(Transcribed(1, "model", "  noon."))
    assert paper.out.getvalue() == "pipit  It is noon."
    paper.reply_ended(Exchange(1, said=" It is   noon."))
    assert paper.out.getvalue() == "pipit  It is noon.\n"


def test_both_look_the_same_in_the_end() -> None:
    pieces = (" One", " two.\n", "\nThree  ", " four.")
    papers = [Paper(TERMINAL), Paper(Look(labelled=True))]
    for paper in papers:
        reply(paper, *pieces)
    assert papers[1].said == ["pipit  One two.", "       ", "       Three four."]
    assert [line.rstrip() for line in papers[0].said] == [line.rstrip() for line in papers[1].said]


def test_a_note_in_mid_reply_has_a_line_of_its_own() -> None:
    paper = Paper(TERMINAL)
    reply(paper, "Just a moment.", " It is on.", notes_after=1)
    assert paper.said == ["pipit  Just a moment.", "       It is on."]
    assert paper.noted == ["a note"]


def test_what_was_heard_comes_before_what_is_said() -> None:
    for look in (TERMINAL, Look(labelled=True)):
        paper = Paper(look)
        reply(paper, "Noon.", heard=" what time ")
        assert paper.said == ["you    what time", "pipit  Noon."]


def test_another_turns_words_are_not_shown() -> None:
    paper = Paper(TERMINAL)
    paper.reply_expected(2)
    paper.received(ReplyText(1, "too late"))
    paper.received(ReplyText(2, "in time"))
    assert paper.out.getvalue() == "pipit  in time"


def test_a_lost_conversation_is_told() -> None:
    paper = Paper(PIPE)
    paper.received(HandleRefused())
    assert paper.noted == ["the service does not know that conversation any more: a new one begins"]


def test_nothing_that_a_terminal_obeys_gets_through() -> None:
    paper = Paper(TERMINAL)
    reply(paper, "a\x1b[2Jb\x07\x9bc")
    paper.note("d\x1b[31m")
    assert paper.said == ["pipit  a[2Jbc"]
    assert paper.noted == ["d[31m"]


def test_colours_are_only_where_they_are_wanted() -> None:
    plain, coloured = Paper(TERMINAL), Paper(Look(labelled=True, coloured=True))
    for paper in (plain, coloured):
        reply(paper, "Noon.", notes_after=1)
    assert "\033[" not in plain.out.getvalue() + plain.notes.getvalue()
    assert "\033[" in coloured.out.getvalue()
    assert "\033[" in coloured.notes.getvalue()


def test_the_look_follows_the_streams_and_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Look.fitting(labelled=False, environ={}) == Look()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert Look.fitting(labelled=False, environ={}).coloured
    for environ in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        look = Look.fitting(labelled=False, environ=environ)
        assert (look.labelled, look.coloured, look.streaming) == (True, False, True)
    assert Look.fitting(labelled=False, environ={"NO_COLOR": ""}).coloured, "no-color.org: an empty one counts as none"


def test_a_call_is_one_readable_line() -> None:
    call = ToolCall("1", "set_device", {"device": "Küche", "state": "on"})
    assert call_line(call, {"ok": True}) == 'set_device(device="Küche", state="on") → {"ok": true}'


def test_text_is_tidied_line_by_line() -> None:
    assert tidied(" a  b \n\n c\t d ") == "a b\n\nc d"
