"""What the model is shown and asked, driven by a real conversation; the session only writes down what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.abilities.sight.showing_tools import LOOK, SHOWING_TOOLS, WATCH
from daemon.abilities.sight.viewfinder import ASK, Viewfinder, allowances
from daemon.conversation.causes import Cause
from daemon.conversation.commands import CancelTools, Pattern, ShowIndicator, ShowPictures
from daemon.conversation.conversation import Conversation
from daemon.conversation.events import (
    ButtonPressed,
    CameraSwitched,
    MuteSwitched,
    SessionEnding,
    SessionLost,
    SessionOpened,
    ToolCancelled,
    ToolFinished,
    ToolRequested,
    UtteranceEnded,
    UtteranceStarted,
    WakeWordDetected,
)
from daemon.conversation.rules import Rules
from daemon.conversation.tool_call import ToolCall
from hardware.base import Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.conversation.events import Event

LOOKING = ToolCall("c1", LOOK)
WATCHING = ToolCall("c2", WATCH)
LAMP = ToolCall("c3", "set_device")


def picture(content: bytes = b"jpeg") -> Picture:
    return Picture(content, 4, 3, 0.0)


class Room:
    """A conversation that is waiting for an answer, with a viewfinder that looks on."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.sent: list[bytes | str] = []
        self.wanted: list[Callable[[], bool]] = []
        self.reported: list[Event] = []
        self.conversation = Conversation(Rules(showing=SHOWING_TOOLS))
        self.viewfinder = Viewfinder(allowances(look=True, watch_s=5), lambda: self.now_s)
        self.viewfinder.attach(self)
        self.viewfinder.reports_to(self.reported.append)
        self.happens(WakeWordDetected("alexa", 0), SessionOpened(), UtteranceStarted(0), UtteranceEnded(9_000))

    def happens(self, *events: Event) -> None:
        for event in events:
            commands = self.conversation.handle(event)
            for command in commands:
                if isinstance(command, ShowPictures):
                    self.viewfinder.show_and_ask(command.turn)
            self.viewfinder.happened(event, commands, self.conversation.situation)

    def send_frame(self, jpeg: bytes, wanted: Callable[[], bool]) -> None:
        self.sent.append(jpeg)
        self.wanted.append(wanted)

    def send_text(self, turn: int, text: str) -> None:
        assert turn == self.conversation.turn
        self.sent.append(text)


@pytest.fixture
def room() -> Room:
    return Room()


def test_a_look_is_shown_after_its_answer_and_then_asked_about(room: Room) -> None:
    room.happens(ToolRequested(LOOKING))
    assert room.viewfinder.wait_s() == 0
    assert room.viewfinder.show(picture())
    assert room.sent == []
    room.happens(ToolFinished("c1"))
    assert room.sent == [b"jpeg", ASK[LOOK]]
    assert room.wanted[0]()


def test_a_watch_is_shown_at_once_and_asked_about_at_its_end(room: Room) -> None:
    room.happens(ToolRequested(WATCHING))
    for number in range(3):
        room.now_s = number
        assert room.viewfinder.show(picture(b"%d" % number))
        assert len(room.sent) == number + 1
    room.happens(ToolFinished("c2"))
    assert room.sent == [b"0", b"1", b"2", ASK[WATCH]]


def test_what_no_call_asks_for_is_not_shown(room: Room) -> None:
    assert not room.viewfinder.show(picture())
    assert room.viewfinder.refused == 1
    room.happens(ToolRequested(LAMP), ToolFinished("c3"))
    assert room.sent == []


def test_a_picture_that_was_taken_and_is_not_shown_is_told(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "daemon.abilities.sight.viewfinder")
    room.happens(ToolRequested(LOOKING), WakeWordDetected("alexa", 20_000))
    assert caplog.messages == []
    room.happens(UtteranceStarted(20_000), UtteranceEnded(30_000), ToolRequested(LOOKING))
    room.viewfinder.show(picture())
    room.happens(WakeWordDetected("alexa", 40_000))
    assert caplog.messages == ["pictures that were taken are not shown any more: 1"]


def test_a_picture_waits_for_other_calls_whose_answers_are_awaited(room: Room) -> None:
    room.happens(ToolRequested(LOOKING), ToolRequested(LAMP))
    room.viewfinder.show(picture())
    room.happens(ToolFinished("c1"))
    assert room.sent == []
    room.happens(ToolFinished("c3"))
    assert room.sent == [b"jpeg", ASK[LOOK]]


def test_a_picture_does_not_wait_for_a_call_that_was_withdrawn(room: Room) -> None:
    room.happens(ToolRequested(LOOKING), ToolRequested(LAMP))
    room.viewfinder.show(picture())
    room.happens(ToolFinished("c1"), ToolCancelled(("c3",)))
    assert room.sent == [b"jpeg", ASK[LOOK]]


def test_a_look_that_failed_is_told_once(room: Room) -> None:
    room.happens(ToolRequested(LOOKING))
    room.viewfinder.show(picture())
    room.viewfinder.answered(LOOKING, {"error": "it took too long", "fix": "say so"})
    room.happens(ToolFinished("c1", failed=True))
    assert room.sent == []


def test_a_look_that_failed_is_not_asked_about_even_if_somebody_wants_it(room: Room) -> None:
    room.happens(ToolRequested(LOOKING))
    room.viewfinder.show(picture())
    room.viewfinder.answered(LOOKING, {"error": "it took too long", "fix": "say so"})
    room.viewfinder.show_and_ask(1)
    assert room.sent == []


STOPS = {
    "mute": MuteSwitched(True),
    "wake word": WakeWordDetected("alexa", 20_000),
    "button": ButtonPressed(20_000),
    "lost": SessionLost(Cause.LOST),
    "withdrawn": ToolCancelled(("c2",)),
}


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_a_stop_ends_a_watch_at_once(room: Room, stop: Event) -> None:
    stopped: list[bool] = []
    room.happens(ToolRequested(WATCHING))
    room.viewfinder.when_stopped = lambda: stopped.append(True)
    room.viewfinder.show(picture())
    room.happens(stop)
    assert stopped
    assert not room.wanted[0](), "what is on its way is called back"
    room.now_s = 2.0
    assert room.viewfinder.wait_s() is None
    assert not room.viewfinder.show(picture())
    room.happens(ToolFinished("c2"))
    assert room.sent == [b"jpeg"], "nobody asks about it any more"


@pytest.mark.parametrize("stop", [MuteSwitched(True), SessionLost(Cause.LOST)], ids=["mute", "lost"])
def test_a_mute_or_a_loss_needs_no_command_to_stop_it(room: Room, stop: Event) -> None:
    """What the conversation commands besides is a second line, not the first."""
    stopped: list[bool] = []
    room.happens(ToolRequested(WATCHING))
    room.viewfinder.when_stopped = lambda: stopped.append(True)
    room.viewfinder.show(picture())
    room.viewfinder.happened(stop, [], room.conversation.situation)
    assert stopped
    assert not room.wanted[0]()
    assert room.viewfinder.wait_s() is None


def test_a_session_that_will_end_takes_no_more_pictures_but_is_asked_about_those_it_has(room: Room) -> None:
    stopped: list[bool] = []
    room.happens(ToolRequested(WATCHING))
    room.viewfinder.when_stopped = lambda: stopped.append(True)
    room.viewfinder.show(picture())
    room.happens(SessionEnding(50))
    assert stopped
    assert room.viewfinder.wait_s() is None
    room.happens(ToolFinished("c2"))
    assert room.sent == [b"jpeg", ASK[WATCH]]


def test_a_withdrawn_lamp_does_not_stop_the_watch(room: Room) -> None:
    room.happens(ToolRequested(WATCHING), ToolRequested(LAMP), ToolCancelled(("c3",)))
    assert room.viewfinder.wait_s() == 0


def test_the_light_tells_that_the_camera_is_on_unless_muted(room: Room) -> None:
    room.viewfinder.camera_is(on=True)
    assert room.reported == [CameraSwitched(on=True)]
    assert room.conversation.handle(CameraSwitched(on=True)) == [ShowIndicator(Pattern.WATCHING)]
    muted = room.conversation.handle(MuteSwitched(True))
    assert ShowIndicator(Pattern.MUTED) in muted
    assert room.conversation.handle(CameraSwitched(on=False)) == []


def test_mute_cancels_the_call_too(room: Room) -> None:
    room.happens(ToolRequested(WATCHING))
    assert CancelTools(("c2",)) in room.conversation.handle(MuteSwitched(True))


def test_nothing_is_allowed_that_the_settings_do_not_name() -> None:
    assert allowances(look=False, watch_s=0) == {}
    assert set(allowances(look=True, watch_s=0)) == {LOOK}
    assert allowances(look=False, watch_s=5)[WATCH].frames == 6
