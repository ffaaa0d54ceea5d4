"""Whisper where it cannot be had; what it hears is measured by tests/benchmarks/test_spoken.py, with the extra."""

from pathlib import Path

import pytest

from daemon.brain.recognition.whisper import PIECES, Whisper
from daemon.errors import ModelFileError


def test_a_missing_model_is_told_with_what_brings_it(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="no model in") as raised:
        Whisper(tmp_path / "whisper_base")
    assert raised.value.fix == f"python -m daemon.brain.recognition.install_languages {tmp_path}"


@pytest.mark.parametrize("content", [b"", b"[1, 2", b'["a"]'])
def test_a_list_of_pieces_that_is_cut_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / PIECES).write_bytes(content)
    with pytest.raises(ModelFileError, match="no model in"):
        Whisper(tmp_path)
