"""Replies as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.chat.recordings import keep_reply
from daemon.errors import AudioFileError
from tests.daemon.chat.chatting import ANSWER, samples_in

if TYPE_CHECKING:
    from pathlib import Path


def test_its_folder_is_made(tmp_path: Path) -> None:
    keep_reply(tmp_path / "new" / "reply.flac", ANSWER)
    assert np.array_equal(samples_in(tmp_path / "new" / "reply.flac"), ANSWER)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AudioFileError, match="cannot make the folder"):
        keep_reply(tmp_path / "file" / "in" / "reply.wav", ANSWER)
