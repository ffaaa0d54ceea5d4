"""`python -m daemon.brain.recognition.own_recogniser DIR URL SHA256`: a Whisper model of one's own, below DIR.

At URL is a zip file of at most 128 MB with the model as CTranslate2 keeps it: `model.bin`, `vocabulary.json` and
`config.json`, in a folder or not; eight bits are advised. It takes the place of the one that we fetch.
"""

import argparse
import hashlib
import io
import os
import re
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from daemon.brain.recognition.language_files import OWN_FOLDER, SUMS
from daemon.brain.recognition.whisper import CONFIG, MODEL, PIECES, Whisper
from daemon.errors import ModelFileError, PipitError, UsageError
from daemon.fetch.fetching import Tell
from daemon.fetch.model_file import ModelFile, is_genuine
from daemon.fetch.placing import explained, write
from daemon.fetch.sources import Release, SourceFailed
from daemon.files import LARGEST_MODEL_BYTES

DEADLINE_S: Final = 1800.0
"""128 MB over a line of 0.6 Mbit/s."""


def install_own(models_dir: Path, archive: ModelFile, tell: Tell) -> None:
    """Fetch, check, unpack and open it. Raises ModelFileError, and leaves what was there before."""
    try:
        content = Release(DEADLINE_S).read(archive)
    except SourceFailed as failure:
        raise ModelFileError(
            f"the model cannot be had: {failure}", fix="connect to the network, or correct the URL"
        ) from (failure)
    if not is_genuine(archive, content):
        raise ModelFileError("what is at the URL has another SHA-256", fix="correct the checksum, or do not trust it")
    files = _unpacked(content)
    folder = models_dir / OWN_FOLDER
    with explained(models_dir):
        folder.mkdir(parents=True, exist_ok=True)
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    for name, data in (*files.items(), (SUMS, sums.encode())):
        write(folder / name, lambda path, data=data: path.write_bytes(data))  # type: ignore[misc]
    Whisper(folder)
    tell(f"{folder}: SHA-256 as you gave it; it loads")


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = {name.rpartition("/")[2]: name for name in archive.namelist()}
            missing = [name for name in (MODEL, PIECES, CONFIG) if name not in found]
            if missing:
                what = f"there is no {', no '.join(missing)} in the archive"
                raise ModelFileError(what, fix="convert the model by ct2-transformers-converter")
            return {name: _bounded(archive, found[name]) for name in (MODEL, PIECES, CONFIG)}
    except zipfile.BadZipFile as failure:
        raise ModelFileError("what is at the URL is no zip file", fix="pack the model as one") from failure


def _bounded(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        data = member.read(LARGEST_MODEL_BYTES + 1)
    if len(data) > LARGEST_MODEL_BYTES:
        what = f"{name} in the archive has more than {LARGEST_MODEL_BYTES >> 20} MB"
        raise ModelFileError(what, fix="convert it with --quantization int8, or take a smaller model")
    return data


def _own(url: str, sha256: str) -> ModelFile:
    """Raises UsageError."""
    if not url.startswith(("https://", "http://")):
        raise UsageError(f"{url!r} is no address to fetch from", fix="give one that begins with https://")
    if not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise UsageError(f"{sha256!r} is no SHA-256", fix="give the 64 digits that sha256sum prints")
    return ModelFile("own model", LARGEST_MODEL_BYTES, sha256.lower(), "your own", (), release_url=url)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="python -m daemon.brain.recognition.own_recogniser")
    parser.add_argument("directory", type=Path, metavar="DIR", help="where the models are")
    parser.add_argument("url", metavar="URL", help="of a zip file with a Whisper model for CTranslate2")
    parser.add_argument("sha256", metavar="SHA256", help="of that file")
    options = parser.parse_args(arguments)
    try:
        install_own(options.directory, _own(options.url, options.sha256), print)
    except PipitError as error:
        print(f"pipit: {error}", file=sys.stderr)
        return error.exit_status
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
