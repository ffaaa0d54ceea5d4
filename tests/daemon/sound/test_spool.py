import io
import os
from contextlib import closing
from pathlib import Path

import pytest

from daemon.errors import AudioFileError
from daemon.sound.spool import LARGEST_BYTES, Descriptor, as_file, pipe_of, shown, spooled


def test_a_file_is_itself(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"sound")
    (tmp_path / "link").symlink_to("a")
    for name in ("a", "link"):
        with as_file(tmp_path / name) as file:
            assert file == tmp_path / name


def test_what_is_kept_is_gone_afterwards() -> None:
    with spooled("a pipe", io.BytesIO(b"x" * 200_000)) as file:
        assert file.read_bytes() == b"x" * 200_000
    assert not file.exists()


class Endless:
    def read(self, size: int, /) -> bytes:
        return bytes(size * 256)


def test_a_pipe_without_end_is_refused() -> None:
    with (
        pytest.raises(AudioFileError, match=rf"a pipe is larger than {LARGEST_BYTES >> 20} MB"),
        spooled("a pipe", Endless()),
    ):
        pass


def test_a_pipe_into_which_nobody_writes_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    told = r"nothing came from .*fifo for 0 s. Fix: look what the program"
    with pytest.raises(AudioFileError, match=told), as_file(tmp_path / "fifo", patience_s=0):
        pass


def test_a_pipe_that_falls_silent_is_refused() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"RIFF")
    with closing(Descriptor("standard input", reader, 0)) as pipe:
        assert pipe.read(100) == b"RIFF"
        with pytest.raises(AudioFileError, match="nothing came from standard input for 0 s"):
            pipe.read(100)
    os.close(writer)


def test_a_device_and_a_terminal_are_refused() -> None:
    with pytest.raises(AudioFileError, match="/dev/null is a device, not a sound file"), as_file(Path("/dev/null")):
        pass
    controller, terminal = os.openpty()
    with (
        os.fdopen(terminal, "rb") as stream,
        os.fdopen(controller, "rb"),
        pytest.raises(AudioFileError, match=r"standard input is a terminal\. Fix: pipe a recording"),
        pipe_of("standard input", stream),
    ):
        pass


@pytest.mark.parametrize("name", ["none.wav", "nul\0.wav"])
def test_what_is_not_there_is_said_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(AudioFileError, match="there is no file"), as_file(tmp_path / name):
        pass


def test_a_name_is_shown_on_one_line() -> None:
    assert shown(Path("a b.wav")) == "a b.wav"
    assert shown(Path("a\n\x1b.wav")) == r"'a\n\x1b.wav'"
