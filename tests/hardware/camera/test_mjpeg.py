"""A camera behind a program, with programs that do what a test says. No camera exists where these tests run."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.camera.mjpeg import SETTLING_FRAMES, FrameSplitter, MjpegCamera, Program
from hardware.camera.picture import PictureFormat
from hardware.errors import DeviceBusy, DeviceMissing, HardwareError
from tests.hardware.camera.camera_program import FRAMES, SILENCE, complaint, install

FIRST_WIDTH = 16


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return tmp_path


def camera(**more: Any) -> MjpegCamera:
    program = Program(
        command=["eye", "--of", "test"], camera="the camera 0", install="install it", look_for="look for it", **more
    )
    return MjpegCamera(program, PictureFormat(), now=lambda: 9.0)


def process_of(folder: Path) -> tuple[int, list[str], dict[str, str]]:
    pid, arguments, environment = json.loads((folder / "arguments").read_text())
    return pid, arguments, environment


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# Cutting the stream


def jpeg(content: bytes) -> bytes:
    return b"\xff\xd8" + content.replace(b"\xff", b"\xff\x00") + b"\xff\xd9"


@given(
    contents=st.lists(st.binary(max_size=40), max_size=6),
    noise=st.binary(max_size=8).map(lambda data: data.replace(b"\xff", b"")),
    cuts=st.lists(st.integers(min_value=1, max_value=20), min_size=1, max_size=10),
)
def test_every_picture_comes_out_whole_however_the_stream_is_cut(
    contents: list[bytes], noise: bytes, cuts: list[int]
) -> None:
    stream = b"".join(noise + jpeg(content) for content in contents)
    splitter, found, at = FrameSplitter(), [], 0
    while at < len(stream):
        size = cuts[len(found) % len(cuts)]
        found += splitter.feed(stream[at : at + size])
        at += size
    assert found == [jpeg(content) for content in contents]


def test_what_never_ends_is_thrown_away() -> None:
    splitter = FrameSplitter(largest_bytes=100)
    for _ in range(50):
        assert splitter.feed(b"\xff\xd8" + bytes(30)) == []
    assert len(splitter._pending) <= 100
    splitter.feed(bytes(100))
    assert splitter.feed(jpeg(b"good")) == [jpeg(b"good")]


# The camera


async def test_gives_a_picture_that_was_begun_after_the_call(bin_folder: Path) -> None:
    install(bin_folder, "eye", FRAMES)
    async with camera() as eye:
        first = await eye.frame()
        assert first.width >= FIRST_WIDTH + 2 * (SETTLING_FRAMES - 1)  # the first ones are too dark
        assert first.taken_s == 9.0
        until = eye._frames + 20
        while eye._frames < until:
            await asyncio.sleep(0)
            eye._changed.clear()
            await eye._changed.wait()
        second = await eye.frame()
        assert second.width > FIRST_WIDTH + 2 * until  # none of those that went by meanwhile


async def test_runs_only_while_it_is_on_and_may_be_switched_on_again(bin_folder: Path) -> None:
    install(bin_folder, "eye", FRAMES)
    eye = camera()
    assert not (bin_folder / "arguments").exists()
    pids = []
    for _ in range(2):
        async with eye:
            await eye.frame()
            pids.append(process_of(bin_folder)[0])
            assert is_running(pids[-1])
        assert not is_running(pids[-1])
    assert pids[0] != pids[1]


async def test_the_program_gets_its_arguments_and_no_secret(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "secret")
    install(bin_folder, "eye", FRAMES)
    async with camera() as eye:
        await eye.frame()
    _, arguments, environment = process_of(bin_folder)
    assert arguments == ["--of", "test"]
    assert "GEMINI_API_KEY" not in environment


async def test_a_program_that_does_not_want_to_end_is_made_to(bin_folder: Path) -> None:
    install(bin_folder, "eye", FRAMES, on_stop="None")
    async with camera() as eye:
        await eye.frame()
    assert not is_running(process_of(bin_folder)[0])


async def test_a_cancelled_picture_ends_the_program_too(bin_folder: Path) -> None:
    install(bin_folder, "eye", FRAMES)
    started = asyncio.Event()

    async def stare() -> None:
        async with camera() as eye:
            while True:
                await eye.frame()
                started.set()

    task = asyncio.create_task(stare())
    await started.wait()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert not is_running(process_of(bin_folder)[0])


@pytest.mark.parametrize(
    ("said", "error", "message"),
    [
        ("ERROR: *** no cameras available ***", DeviceMissing, "the camera 0 is not there. Fix: look for it"),
        ("ERROR: *** failed to acquire camera /base/soc ***", DeviceBusy, "in use by another program"),
        ("VIDIOC_STREAMON returned -1 (Device or resource busy)", DeviceBusy, "in use by another program"),
        ("failed to open /dev/media0: Permission denied", HardwareError, "no permission to use the camera 0"),
        ("the lens fell off", HardwareError, r"stopped \(the lens fell off\)"),
    ],
)
async def test_why_the_program_ended_is_told(
    bin_folder: Path, said: str, error: type[HardwareError], message: str
) -> None:
    install(bin_folder, "eye", complaint(said))
    async with camera() as eye:
        with pytest.raises(error, match=message):
            await eye.frame()


async def test_a_program_that_sends_nothing_has_a_deadline(bin_folder: Path) -> None:
    install(bin_folder, "eye", SILENCE)
    program = Program(command=["eye"], camera="the camera 0", install="install it", look_for="look for it")
    async with MjpegCamera(program, PictureFormat(), frame_deadline_s=0.05) as eye:
        with pytest.raises(HardwareError, match=r"the camera 0 sent no picture within 0\.05 s"):
            await eye.frame()


async def test_a_program_that_is_missing_is_told_with_how_to_get_it() -> None:
    with pytest.raises(DeviceMissing, match=r"there is no program eye\. Fix: install it"):
        async with camera():
            pass


async def test_a_device_that_is_missing_is_told_before_anything_runs(bin_folder: Path) -> None:
    install(bin_folder, "eye", FRAMES)
    with pytest.raises(DeviceMissing, match="the camera 0 is not there"):
        async with camera(device=str(bin_folder / "video9")):
            pass
    assert not (bin_folder / "arguments").exists()
