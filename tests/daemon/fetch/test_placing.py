import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.errors import ModelFileError
from daemon.fetch.placing import NoSpace, check_space, explained, write
from tests.daemon.fetch.published import CONTENT, published


def fill(path: Path) -> None:
    path.write_bytes(CONTENT)


def test_the_service_user_may_read_what_root_wrote(tmp_path: Path) -> None:
    write(tmp_path / "toy.onnx", fill)
    assert (tmp_path / "toy.onnx").read_bytes() == CONTENT
    assert (tmp_path / "toy.onnx").stat().st_mode & 0o777 == 0o644


def test_a_file_that_could_not_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(CONTENT[:10])
        raise ModelFileError("not so", fix="otherwise")

    (tmp_path / "toy.onnx").write_bytes(b"old")
    with pytest.raises(ModelFileError, match="not so"):
        write(tmp_path / "toy.onnx", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["toy.onnx"]
    assert (tmp_path / "toy.onnx").read_bytes() == b"old"


def test_space_that_runs_out_is_told_and_no_half_file_stays(tmp_path: Path) -> None:
    (tmp_path / ".toy.onnx.new").symlink_to("/dev/full")
    with pytest.raises(NoSpace, match="no space is left in") as error:
        write(tmp_path / "toy.onnx", fill)
    assert error.value.__cause__.errno == errno.ENOSPC  # type: ignore[union-attr]
    assert error.value.exit_status == os.EX_CANTCREAT
    assert list(tmp_path.iterdir()) == []


def test_too_little_space_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(NoSpace, match=r"MB free, the model files need 1000000000\d+ MB\. Fix: free some space"):
        check_space(tmp_path, [replace(published(), size_bytes=10**18)])
    check_space(tmp_path, [published()])


def test_the_wheels_need_space_too(tmp_path: Path) -> None:
    toy = published()
    wheels = (replace(toy.wheels[0], size_bytes=10**18), *toy.wheels)
    with pytest.raises(NoSpace, match=r"need 2000000000\d+ MB"):
        check_space(tmp_path, [replace(toy, wheels=wheels), replace(published("second.onnx"), wheels=wheels)])


@pytest.mark.parametrize(
    ("number", "kind", "message"),
    [
        (errno.ENOSPC, NoSpace, "no space is left in /models. Fix: free some or choose another directory"),
        (errno.EDQUOT, NoSpace, "no space is left in /models. Fix: free some or choose another directory"),
        (
            errno.EROFS,
            ModelFileError,
            "cannot write to /models: Read-only file system. Fix: run with sudo, or choose another directory",
        ),
    ],
    ids=["full", "quota", "read-only"],
)
def test_a_file_system_that_refuses_is_named_with_its_fix(
    number: int, kind: type[ModelFileError], message: str
) -> None:
    with pytest.raises(ModelFileError) as raised, explained(Path("/models")):
        raise OSError(number, os.strerror(number))
    assert type(raised.value) is kind
    assert str(raised.value) == message
