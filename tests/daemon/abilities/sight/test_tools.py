"""The tools `look` and `watch`, with a camera and a way to the model that do what a test says."""

import asyncio
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pytest

from daemon.abilities.sight.tools import camera_tools
from daemon.conversation.tool_call import ToolCall
from daemon.errors import HardwareError
from daemon.tools.tool import Toolbox
from hardware.base import Camera, Picture

if TYPE_CHECKING:
    from collections.abc import Callable

PICTURE = Picture(b"jpeg", 4, 3, 0.0)
BROKEN = HardwareError("the lens fell off", fix="put it on")


class Eye:
    """A camera; `frames` are what it sees, errors among them. After the last one it stares into nothing."""

    def __init__(self, *frames: Picture | Exception) -> None:
        self.frames = deque(frames)
        self.on = False
        self.staring = asyncio.Event()
        self.closing = asyncio.Event()
        self.may_close = asyncio.Event()
        self.may_close.set()

    async def __aenter__(self) -> Self:
        assert not self.on
        self.on = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        await self.may_close.wait()
        self.on = False

    async def frame(self) -> Picture:
        assert self.on
        if not self.frames:
            self.staring.set()
            await asyncio.Event().wait()
        frame = self.frames.popleft()
        if isinstance(frame, Exception):
            raise frame
        return frame


class Screen:
    """Takes `allowed` pictures, then none."""

    def __init__(self, eye: Eye, allowed: int = 100) -> None:
        self.when_stopped: Callable[[], None] | None = None
        self.shown: list[Picture] = []
        self.lights: list[tuple[bool, bool]] = []
        self.allowed = allowed
        self._eye = eye

    def wait_s(self) -> float | None:
        return 0.0 if len(self.shown) < self.allowed else None

    def show(self, picture: Picture) -> bool:
        if self.wait_s() is None:
            return False
        self.shown.append(picture)
        return True

    def camera_is(self, *, on: bool) -> None:
        """The light, and whether the camera was on then."""
        self.lights.append((on, self._eye.on))


def toolbox(camera: Camera, screen: Screen, watch_s: float = 5.0) -> Toolbox:
    return Toolbox(camera_tools(camera, screen, look=True, watch_s=watch_s))


async def call(box: Toolbox, name: str, **arguments: Any) -> Any:
    return await box.call(ToolCall("1", name, arguments))


async def test_look_shows_one_picture_and_switches_the_camera_off() -> None:
    eye = Eye(PICTURE, PICTURE)
    screen = Screen(eye)
    answer = await call(toolbox(eye, screen), "look")
    assert (answer["ok"], answer["pictures"]) == (True, 1)
    assert screen.shown == [PICTURE]
    assert screen.lights == [(True, False), (False, False)], "the light goes on before the camera, and off after it"
    assert screen.when_stopped is None


async def test_watch_shows_pictures_until_no_more_may_leave() -> None:
    eye = Eye(*[PICTURE] * 9)
    screen = Screen(eye, allowed=3)
    answer = await call(toolbox(eye, screen), "watch", seconds=5)
    assert (answer["pictures"], len(screen.shown)) == (3, 3)
    assert screen.lights[-1] == (False, False)


async def test_watch_ends_after_the_time_that_the_maker_allows_whatever_the_model_asks_for() -> None:
    eye = Eye(PICTURE)
    answer = await call(toolbox(eye, Screen(eye), watch_s=0.01), "watch", seconds=60)
    assert answer["pictures"] == 1


async def test_a_stop_ends_it_in_the_midst_of_a_picture() -> None:
    eye = Eye(PICTURE)
    screen = Screen(eye)
    watching = asyncio.create_task(call(toolbox(eye, screen), "watch", seconds=5))
    await eye.staring.wait()
    stop = screen.when_stopped
    assert stop
    stop()
    stop()  # a mute and the end of the session are two stops
    await asyncio.sleep(0)
    stop()  # and a third one may come while it is already ending
    assert (await watching)["pictures"] == 1
    assert not eye.on


async def test_a_stop_that_comes_while_the_camera_is_being_switched_off_finds_nothing_to_stop() -> None:
    eye = Eye(PICTURE)
    eye.may_close.clear()
    screen = Screen(eye)
    looking = asyncio.create_task(call(toolbox(eye, screen), "look"))
    await eye.closing.wait()
    assert screen.when_stopped is None
    assert screen.lights == [(True, False)], "the light stays on as long as the camera"
    eye.may_close.set()
    assert (await looking)["ok"]


async def test_a_cancelled_call_switches_the_camera_and_the_light_off() -> None:
    eye = Eye()
    screen = Screen(eye)
    looking = asyncio.create_task(call(toolbox(eye, screen), "look"))
    await eye.staring.wait()
    looking.cancel()
    await asyncio.wait([looking])
    assert not eye.on
    assert screen.lights[-1] == (False, False)


async def test_what_may_not_be_shown_is_not_even_looked_at() -> None:
    eye = Eye(PICTURE)
    screen = Screen(eye, allowed=0)
    answer = await call(toolbox(eye, screen), "look")
    assert "no picture was sent" in answer["error"]
    assert screen.lights == []
    assert len(eye.frames) == 1


async def test_a_camera_that_fails_is_the_answer() -> None:
    eye = Eye(BROKEN)
    assert await call(toolbox(eye, Screen(eye)), "look") == {"error": "the lens fell off", "fix": "put it on"}
    assert not eye.on


async def test_a_camera_that_fails_in_the_midst_ends_the_watch_with_what_there_is() -> None:
    eye = Eye(PICTURE, BROKEN)
    answer = await call(toolbox(eye, Screen(eye)), "watch", seconds=5)
    assert (answer["ok"], answer["pictures"], answer["ended_early"]) == (True, 1, "the lens fell off")


async def test_two_calls_at_once_use_the_one_camera_one_after_the_other() -> None:
    eye = Eye(PICTURE, PICTURE)
    screen = Screen(eye)
    box = toolbox(eye, screen)
    answers = await asyncio.gather(call(box, "look"), call(box, "look"))
    assert [answer["pictures"] for answer in answers] == [1, 1]


@pytest.mark.parametrize(("look", "watch_s", "names"), [(True, 0, ["look"]), (False, 5, ["watch"]), (False, 0, [])])
def test_the_model_is_told_of_what_the_settings_allow(look: bool, watch_s: float, names: list[str]) -> None:
    eye = Eye()
    tools = camera_tools(eye, Screen(eye), look=look, watch_s=watch_s)
    assert [tool.name for tool in tools] == names
