"""The camera through real parts: a picture file, the tools, the gate, the unmodified SDK, the server.

Promise 1 for pictures: nothing leaves that was not asked for, nothing while muted, and never more than was allowed.
"""

from __future__ import annotations

import asyncio
import io
import os
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from daemon.conversation.events import CameraSwitched, PlayoutDrained, SessionLost, ToolFinished
from daemon.conversation.exchange import State
from daemon.offline.rehearsal.scenario import Call, Say, Scenario
from daemon.offline.service.faults import Wait
from daemon.offline.wire.client_messages import ClientContent, ClientMessage, FunctionAnswer, RealtimeText, VideoFrame
from tests.hardware.camera.camera_program import FRAMES, install
from tests.hardware.camera.test_mjpeg import is_running, process_of

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.offline.wire.records import SessionRecord
    from tests.system.conftest import Homes
    from tests.system.home import Home
    from tests.system.voices import Voice

pytestmark = pytest.mark.hears_levels

ANSWER = Say("A red wall.", tone_s=0.3)
LOOKS = Scenario(turns=[[Call("look", {}, expect={"ok": True, "pictures": 1})], [ANSWER]])
"""The question about the picture is a turn of its own."""
WATCHES = Scenario(turns=[[Call("watch", {"seconds": 3})], [ANSWER]])
RED = (200, 16, 16)
ORDER = (FunctionAnswer, VideoFrame, ClientContent, RealtimeText)


@pytest.fixture
def wall(tmp_path: Path) -> Path:
    """A red wall, twice as wide as what is sent."""
    file = tmp_path / "wall.png"
    Image.new("RGB", (1536, 1024), RED).save(file)
    return file


async def ask(home: Home, voice: Voice) -> None:
    """By the button: what is tested here begins after the request."""
    home.button.press()
    home.say(voice.request)
    await home.microphone.all_said()
    home.button.release(held_ms=1_500)


def seeing(file: Path, **more: Any) -> dict[str, Any]:
    return {"camera": {"source": "file", "path": str(file), **more}}


def frames(session: SessionRecord) -> list[VideoFrame]:
    return [message for message in session.messages(VideoFrame) if isinstance(message, VideoFrame)]


def kinds(session: SessionRecord) -> list[type[ClientMessage]]:
    return [type(message) for message in session.messages(*ORDER)]


async def test_look_sends_the_picture_once_scaled_and_the_model_is_asked_about_it(
    at_home: Homes, synthetic_voice: Voice, wall: Path
) -> None:
    async with at_home(LOOKS, **seeing(wall)) as home:
        await ask(home, synthetic_voice)
        await home.diary.until_happened(PlayoutDrained)
        session = await home.session()
        (frame,) = frames(session)
        assert frame.mime_type == "image/jpeg"
        picture = Image.open(io.BytesIO(frame.data))
        assert picture.size == (768, 512)
        assert all(abs(a - b) < 8 for a, b in zip(picture.getpixel((400, 200)), RED, strict=True))
        assert kinds(session) == [FunctionAnswer, VideoFrame, ClientContent]
        assert [event.on for event in home.diary.all(CameraSwitched)] == [True, False]
        assert list(home.indicator.shown).count("watching") == 1


async def test_a_model_that_says_one_moment_first_tells_what_it_sees_all_the_same(
    at_home: Homes, synthetic_voice: Voice, wall: Path
) -> None:
    moment = Scenario(turns=[[Say("One moment.", tone_s=0.2), Call("look", {})], [Wait(500), ANSWER]])
    async with at_home(moment, **seeing(wall)) as home:
        await ask(home, synthetic_voice)
        await home.diary.until_happened(PlayoutDrained, times=2)
        assert kinds(await home.session()) == [FunctionAnswer, VideoFrame, ClientContent]


async def test_a_model_that_always_waits_is_answered_before_it_is_shown_the_picture(
    at_home: Homes, synthetic_voice: Voice, wall: Path
) -> None:
    live = {"model": "gemini-3.1-flash-live-preview", "media_resolution": "low"}
    async with at_home(LOOKS, live=live, **seeing(wall)) as home:
        await ask(home, synthetic_voice)
        await home.diary.until_happened(PlayoutDrained)
        session = await home.session()
        assert kinds(session) == [FunctionAnswer, VideoFrame, RealtimeText]
        assert Image.open(io.BytesIO(frames(session)[0].data)).size == (384, 256)


async def test_watch_sends_a_bounded_number_of_pictures_with_the_light_on(
    at_home: Homes, synthetic_voice: Voice, wall: Path
) -> None:
    async with at_home(WATCHES, **seeing(wall, watch=True, watch_s=3)) as home:
        await ask(home, synthetic_voice)
        await home.diary.until(lambda: CameraSwitched(on=True) in home.diary.events)
        assert home.indicator.shown[-1] == "watching"
        await home.diary.until_happened(PlayoutDrained)
        session = await home.session()
        times = [item.at_s for item in session.received if isinstance(item.message, VideoFrame)]
        (answer,) = session.messages(FunctionAnswer)
        assert isinstance(answer, FunctionAnswer)
        assert answer.response["pictures"] == len(times)
        assert 1 <= len(times) <= 4
        assert kinds(session)[-2:] == [FunctionAnswer, ClientContent]
        assert home.indicator.shown[-1] != "watching"


async def test_watch_stops_at_mute_and_nothing_leaves_after(at_home: Homes, synthetic_voice: Voice, wall: Path) -> None:
    async with at_home(WATCHES, **seeing(wall, watch=True, watch_s=8)) as home:
        await ask(home, synthetic_voice)
        session = await home.session()
        await session.until(lambda s: bool(frames(s)))
        sent = len(frames(session))
        home.appliance.mute(muted=True)
        assert home.indicator.shown[-1] == "muted"
        await home.diary.until(lambda: CameraSwitched(on=False) in home.diary.events)
        await session.until(lambda s: not s.open)
        assert home.indicator.shown[-1] == "muted"
        assert home.state is State.MUTED
        assert len(frames(session)) == sent
        assert len(home.server.sessions) == 1


@pytest.mark.real_time
async def test_mute_ends_the_program_that_reads_a_real_camera(
    at_home: Homes, synthetic_voice: Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a program in the place of rpicam-vid: the child process runs while it watches, and is gone when muted."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    install(tmp_path, "rpicam-vid", FRAMES)
    camera = {"source": "picamera", "watch": True, "watch_s": 8}
    async with at_home(WATCHES, camera=camera) as home:
        await ask(home, synthetic_voice)
        session = await home.session()
        await session.until(lambda s: bool(frames(s)))
        pid, arguments, _ = process_of(tmp_path)
        assert is_running(pid)
        assert "mjpeg" in arguments
        home.appliance.mute(muted=True)
        await home.diary.until(lambda: CameraSwitched(on=False) in home.diary.events)
        assert not is_running(pid)


async def test_watch_stops_when_the_user_speaks_up(at_home: Homes, synthetic_voice: Voice, wall: Path) -> None:
    async with at_home(WATCHES, **seeing(wall, watch=True, watch_s=8)) as home:
        await ask(home, synthetic_voice)
        session = await home.session()
        await session.until(lambda s: bool(frames(s)))
        home.button.press()
        await home.diary.until(lambda: CameraSwitched(on=False) in home.diary.events)
        assert home.state is State.HEARING
        assert not [kind for kind in kinds(session) if kind is ClientContent], "nobody asks what there was to see"


async def test_nothing_leaves_without_a_call(at_home: Homes, synthetic_voice: Voice, wall: Path) -> None:
    async with at_home(Scenario(turns=[[ANSWER]]), **seeing(wall, watch=True)) as home:
        await ask(home, synthetic_voice)
        await home.diary.until_happened(PlayoutDrained)
        assert frames(await home.session()) == []
        assert home.diary.all(CameraSwitched) == []


async def test_without_a_camera_the_model_cannot_ask_to_see(at_home: Homes, synthetic_voice: Voice) -> None:
    async with at_home(LOOKS) as home:
        await ask(home, synthetic_voice)
        await home.diary.until_happened(ToolFinished)
        await home.diary.until(
            lambda: bool(home.diary.all(SessionLost))
        )  # the scenario says that it expected a picture
        setup = (await home.session()).setup
        assert setup is not None
        assert {"look", "watch"}.isdisjoint(function.name for function in setup.functions)


async def test_a_camera_that_is_gone_is_told_to_the_model(at_home: Homes, synthetic_voice: Voice, wall: Path) -> None:
    gone = Scenario(turns=[[Call("look", {}), ANSWER]])
    async with at_home(gone, **seeing(wall)) as home:
        await asyncio.to_thread(wall.unlink)
        await ask(home, synthetic_voice)
        await home.diary.until_happened(PlayoutDrained)
        session = await home.session()
        assert kinds(session) == [FunctionAnswer]
        (answer,) = session.messages(FunctionAnswer)
        assert isinstance(answer, FunctionAnswer)
        assert "cannot be read" in answer.response["error"]
