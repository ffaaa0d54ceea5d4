from pathlib import Path

import pytest

from daemon.fetch.model_file import is_genuine, is_installed
from tests.daemon.fetch.published import CONTENT, published


@pytest.mark.parametrize(
    ("content", "genuine"),
    [(CONTENT, True), (CONTENT[:-1], False), (CONTENT[:-1] + b"?", False), (b"", False)],
    ids=["published", "cut off", "changed", "empty"],
)
def test_a_file_is_known_by_its_content(content: bytes, genuine: bool, tmp_path: Path) -> None:
    (tmp_path / "toy.onnx").write_bytes(content)
    assert is_genuine(published(), content) is genuine
    assert is_installed(published(), tmp_path) is genuine


def test_what_is_not_there_is_not_installed(tmp_path: Path) -> None:
    assert not is_installed(published(), tmp_path)
    (tmp_path / "toy.onnx").mkdir()
    assert not is_installed(published(), tmp_path)
