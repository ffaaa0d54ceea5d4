import os
from pathlib import Path

import pytest
from PIL import Image

from hardware.camera.picture import PictureFormat
from hardware.camera.picture_files import FileCamera
from hardware.errors import DeviceMissing, FormatRefused, HardwareError


def put(path: Path, width: int) -> Path:
    Image.new("RGB", (width, 10)).save(path)
    return path


async def test_a_file_is_read_anew_for_every_picture(tmp_path: Path) -> None:
    file = put(tmp_path / "door.jpg", 20)
    async with FileCamera(file, PictureFormat(), now=lambda: 7.0) as camera:
        first = await camera.frame()
        put(file, 30)
        assert [first.width, (await camera.frame()).width] == [20, 30]
        assert first.taken_s == 7.0


async def test_a_folder_is_gone_through_by_name_and_begun_again(tmp_path: Path) -> None:
    put(tmp_path / "b.PNG", 20)
    put(tmp_path / "a.jpg", 10)
    (tmp_path / "notes.txt").write_text("no picture")
    async with FileCamera(tmp_path, PictureFormat()) as camera:
        assert [(await camera.frame()).width for _ in range(3)] == [10, 20, 10]
    async with camera:  # it may be switched on again, and goes on
        assert (await camera.frame()).width == 20


async def test_what_is_not_there_is_told_with_its_path(tmp_path: Path) -> None:
    async with FileCamera(tmp_path / "door.jpg", PictureFormat()) as camera:
        with pytest.raises(DeviceMissing, match=r"door\.jpg cannot be read"):
            await camera.frame()
    async with FileCamera(tmp_path, PictureFormat()) as camera:
        with pytest.raises(DeviceMissing, match="there is no picture in"):
            await camera.frame()


async def test_what_is_no_picture_is_told_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "door.jpg").write_text("no picture")
    async with FileCamera(tmp_path / "door.jpg", PictureFormat()) as camera:
        with pytest.raises(FormatRefused, match=r"door\.jpg is no picture"):
            await camera.frame()


async def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "door.jpg")
    for path in (tmp_path / "door.jpg", tmp_path):
        async with FileCamera(path, PictureFormat()) as camera:
            with pytest.raises(HardwareError, match=r"door\.jpg is no file"):
                await camera.frame()


@pytest.mark.parametrize("name", ["x" * 300, "file/door.jpg"])
async def test_a_path_that_cannot_be_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    async with FileCamera(tmp_path / name, PictureFormat()) as camera:
        with pytest.raises(DeviceMissing, match=r"cannot be read \((File name too long|Not a directory)\)"):
            await camera.frame()
