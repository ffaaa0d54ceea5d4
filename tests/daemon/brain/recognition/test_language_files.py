"""Which folder of the models hears other languages."""

import hashlib
from pathlib import Path

from daemon.brain.recognition.language_files import OWN_FOLDER, SUMS, WHISPER_FOLDER, altered, chosen_folder
from daemon.brain.recognition.whisper import MODEL


def put(folder: Path, name: str = MODEL) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"model")
    return folder


def test_ones_own_model_comes_first(tmp_path: Path) -> None:
    assert chosen_folder(tmp_path) is None
    ours = put(tmp_path / WHISPER_FOLDER)
    assert chosen_folder(tmp_path) == ours
    assert chosen_folder(tmp_path) == ours
    own = put(tmp_path / OWN_FOLDER)
    assert chosen_folder(tmp_path) == own


def test_what_has_changed_since_it_came_is_told(tmp_path: Path) -> None:
    own = put(tmp_path / OWN_FOLDER)
    assert altered(own) == [SUMS]
    (own / SUMS).write_text(f"{hashlib.sha256(b'model').hexdigest()}  {MODEL}\n")
    assert altered(own) == []
    (own / MODEL).write_bytes(b"mode")
    assert altered(own) == [MODEL]
