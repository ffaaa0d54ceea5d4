"""A recogniser of one's own, by address and checksum."""

import hashlib
import io
import os
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from daemon.brain.recognition.language_files import OWN_FOLDER
from daemon.brain.recognition.own_recogniser import main


class Quiet(SimpleHTTPRequestHandler):
    """Logs nothing."""

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    folder = tmp_path / "served"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/model.zip", folder / "model.zip"
        server.shutdown()
        thread.join()


def packed(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(f"whisper/{name}", b"[]")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"no zip", "is no zip file"),
        (packed("model.bin", "config.json"), "there is no vocabulary.json in the archive"),
    ],
)
def test_what_is_no_model_is_refused(
    served: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, what: str
) -> None:
    url, file = served
    file.write_bytes(content)
    assert main([str(tmp_path), url, hashlib.sha256(content).hexdigest()]) == os.EX_NOINPUT
    assert what in capsys.readouterr().err
    assert not (tmp_path / OWN_FOLDER).exists()


def test_another_checksum_is_refused(
    served: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served[1].write_bytes(packed("model.bin", "vocabulary.json", "config.json"))
    assert main([str(tmp_path), served[0], "0" * 64]) == os.EX_NOINPUT
    assert "another SHA-256" in capsys.readouterr().err
    assert main([str(tmp_path), served[0].replace("model", "other"), "0" * 64]) == os.EX_NOINPUT
    assert "HTTP status 404" in capsys.readouterr().err


@pytest.mark.parametrize(("url", "sha256"), [("file:///etc/passwd", "0" * 64), ("https://example.org/a.zip", "12")])
def test_what_is_no_address_or_no_checksum_is_a_mistake(url: str, sha256: str, tmp_path: Path) -> None:
    assert main([str(tmp_path), url, sha256]) == os.EX_USAGE
