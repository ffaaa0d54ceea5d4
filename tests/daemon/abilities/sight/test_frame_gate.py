"""Whether a picture may leave: rules one by one, and all of them over every short sequence of what can happen."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

import pytest

from daemon.abilities.sight.frame_gate import INTERVAL_S, Allowance, FrameGate, Ticket

ALLOWED = {"look": Allowance(1, 8.0), "watch": Allowance(3, 2.0)}


@pytest.fixture
def gate() -> FrameGate:
    gate = FrameGate(ALLOWED)
    gate.session(is_open=True)
    return gate


def test_nothing_leaves_without_a_call(gate: FrameGate) -> None:
    assert gate.wait_s(0.0) is None
    assert gate.admit(0.0) is None


def test_a_look_is_one_picture(gate: FrameGate) -> None:
    gate.called("a", "look", 0.0)
    assert gate.admit(0.5) is not None
    assert gate.admit(5.0) is None


def test_a_watch_is_one_picture_a_second_for_its_time(gate: FrameGate) -> None:
    gate.called("a", "watch", 10.0)
    assert [gate.admit(10 + step / 4) is not None for step in range(16)].count(True) == 3
    assert gate.wait_s(12.5) is None


def test_the_time_is_over_even_if_pictures_are_left(gate: FrameGate) -> None:
    gate.called("a", "watch", 10.0)
    assert gate.admit(12.0) is not None
    assert gate.admit(13.0) is None


def test_it_says_how_long_to_wait(gate: FrameGate) -> None:
    gate.called("a", "watch", 10.0)
    assert gate.wait_s(10.0) == 0
    gate.admit(10.0)
    assert gate.wait_s(10.25) == pytest.approx(0.75)


def admitted_at(gate: FrameGate, *times_s: float) -> list[Ticket | None]:
    return [gate.admit(now_s) for now_s in times_s]


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda gate: gate.admit(0.0), ["no picture may leave: no call asks for one"]),
        (lambda gate: gate.wait_s(0.0), ["no picture may leave: no call asks for one"]),
        (
            lambda gate: (gate.called("a", "look", 0.0), admitted_at(gate, 0.5, 5.0)),
            ["no picture may leave: what was called has had all of its own"],
        ),
        (
            lambda gate: (gate.called("a", "watch", 0.0), admitted_at(gate, 0.0, 0.25)),
            ["no picture may leave: the next may in 0.8 s"],
        ),
        (
            lambda gate: (gate.called("a", "watch", 0.0), gate.wait_s(9.0)),
            ["no picture may leave: the time for it is over"],
        ),
        (lambda gate: (gate.called("a", "watch", 0.0), gate.wait_s(0.0), gate.admit(0.0)), []),
        (
            lambda gate: (gate.session(is_open=False), gate.called("a", "look", 0.0)),
            ["look may show nothing: no session is open"],
        ),
        (lambda gate: (gate.muted(True), gate.called("a", "look", 0.0)), ["look may show nothing: muted"]),
        (lambda gate: (gate.called("a", "set_device", 0.0), gate.stopped(), gate.exhausted()), []),
        (
            lambda gate: (gate.called("a", "look", 0.0), gate.stopped(), gate.stopped()),
            ["no more pictures: calls that might show some were stopped: 1"],
        ),
        (
            lambda gate: (gate.called("a", "watch", 0.0), gate.exhausted()),
            ["no more pictures: the session will end soon"],
        ),
    ],
)
def test_why_no_picture_may_leave_is_told(
    gate: FrameGate, act: Callable[[FrameGate], object], told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    act(gate)
    assert caplog.messages == told


def test_another_tool_shows_nothing(gate: FrameGate) -> None:
    gate.called("a", "set_device", 0.0)
    assert gate.admit(0.0) is None


@pytest.mark.parametrize(
    "stop",
    [
        FrameGate.stopped,
        lambda gate: gate.muted(True),
        lambda gate: gate.session(is_open=False),
    ],
    ids=["stopped", "muted", "session closed"],
)
def test_a_stop_calls_back_what_was_let_out(gate: FrameGate, stop: Callable[[FrameGate], None]) -> None:
    gate.called("a", "watch", 0.0)
    ticket = gate.admit(0.0)
    assert ticket is not None
    assert gate.holds(ticket)
    stop(gate)
    assert not gate.holds(ticket)
    assert gate.admit(1.0) is None


def test_an_answer_and_a_coming_end_do_not(gate: FrameGate) -> None:
    gate.called("a", "watch", 0.0)
    ticket = gate.admit(0.0)
    assert ticket is not None
    gate.exhausted()
    gate.ended("a")
    assert gate.holds(ticket)
    assert gate.admit(1.0) is None


def test_a_call_looks_until_it_is_answered_or_stopped_even_if_it_gets_no_more_pictures(gate: FrameGate) -> None:
    gate.called("a", "look", 0.0)
    gate.called("b", "watch", 0.0)
    gate.called("c", "set_device", 0.0)
    gate.exhausted()
    assert [gate.looks(id_) for id_ in "abc"] == [True, True, False]
    assert gate.wait_s(0.0) is None
    gate.ended("a")
    assert not gate.looks("a")
    gate.stopped()
    assert not gate.looks("b")


# Every sequence. What it is compared with are the promises themselves, counted from what happened.


@dataclass
class Story:
    """A gate, and what has happened to it so far, by a clock of half seconds."""

    gate: FrameGate = field(default_factory=lambda: FrameGate(ALLOWED))
    now_s: float = 0.0
    open: bool = False
    muted: bool = False
    calls: dict[str, tuple[str, float]] = field(default_factory=dict)  # those that may show: tool, begun
    pictures: list[tuple[float, str]] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)  # valid since the last stop
    last_s: float = float("-inf")
    told: tuple[str, ...] = ()

    def standing(self) -> str:
        """All that what follows depends on. Of the stops it counts which tickets are older, not how many there were."""
        gate = vars(self.gate) | {"_stops": [ticket.stops - self.gate._stops for ticket in self.tickets]}
        own = (self.open, self.muted, self.calls, self.pictures, self.last_s)
        return repr((own, gate, [(ticket.call_id, ticket.tool) for ticket in self.tickets]))

    def happens(self, what: str) -> None:
        self.now_s += 0.5
        match what:
            case "look" | "watch":
                self.gate.called(what, what, self.now_s)
                if self.open and not self.muted:
                    self.calls[what] = (what, self.now_s)
                    self.pictures = [picture for picture in self.pictures if picture[1] != what]
            case "answered":
                self.gate.ended("look")
                self.calls.pop("look", None)
            case "going away":
                self.gate.exhausted()
                self.calls.clear()
            case "picture":
                self._picture()
            case _:
                self._stop(what)

    def _stop(self, what: str) -> None:
        match what:
            case "stop":
                self.gate.stopped()
            case "mute" | "unmute":
                self.muted = what == "mute"
                self.gate.muted(self.muted)
            case "opened" | "closed":
                self.open = what == "opened"
                self.gate.session(is_open=self.open)
        for ticket in self.tickets:
            assert not self.gate.holds(ticket)
        self.tickets.clear()
        self.calls.clear()

    def _picture(self) -> None:
        due = self.gate.wait_s(self.now_s)
        ticket = self.gate.admit(self.now_s)
        assert (ticket is not None) == (due == 0)
        if ticket is None:
            return
        assert self.open, "a picture left without a session"
        assert not self.muted, "a picture left while muted"
        assert ticket.call_id in self.calls, "a picture left that nobody asked for"
        tool, begun_s = self.calls[ticket.call_id]
        assert self.now_s - begun_s <= ALLOWED[tool].seconds
        assert self.now_s - self.last_s >= INTERVAL_S
        self.last_s = self.now_s
        self.pictures.append((self.now_s, ticket.call_id))
        assert [call for _, call in self.pictures].count(ticket.call_id) <= ALLOWED[tool].frames
        self.tickets.append(ticket)

    def all_may_still_leave(self) -> bool:
        return all(self.gate.holds(ticket) for ticket in self.tickets)


HAPPENINGS = ("opened", "closed", "mute", "unmute", "look", "watch", "answered", "going away", "stop", "picture")
LENGTH = 5
OF_PICTURES = ("look", "watch", "picture", "answered", "stop")
"""Those of which longer sequences are tried, begun with a session, for in them pictures can add up."""


def after_each(stories: Sequence[Story], happenings: Sequence[str]) -> list[Story]:
    """The stories with each happening after each. Of those that stand the same one is left: so does what follows."""
    found: dict[str, Story] = {}
    for story in stories:
        for what in happenings:
            longer = deepcopy(story)
            longer.told += (what,)
            longer.happens(what)
            assert longer.all_may_still_leave(), longer.told
            found.setdefault(longer.standing(), longer)
    return list(found.values())


@pytest.mark.parametrize(
    ("first", "happenings", "length"), [(HAPPENINGS, HAPPENINGS, LENGTH - 1), (("opened",), OF_PICTURES, LENGTH + 1)]
)
def test_no_short_sequence_breaks_a_promise(first: Sequence[str], happenings: Sequence[str], length: int) -> None:
    stories = after_each([Story()], first)
    for _ in range(length):
        stories = after_each(stories, happenings)
    assert sum(len(story.pictures) for story in stories) > 50, "hardly any picture left: the sequences say nothing"
