"""The model files: all there, each the file that was published."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from daemon.brain.recognition.install import SPEECH_FILES
from daemon.doctor.examining.child import own_module
from daemon.errors import PipitError
from daemon.fetch.fetching import missing_files
from daemon.files import LARGEST_MODEL_BYTES, FileTrouble, check_regular
from daemon.house.settings import Settings
from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Fact, Finding, bad, good, warning
from daemon.wake.models import EMBEDDING, SILERO_VAD, STREAMING_EMBEDDING, check_words, wake_word

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from daemon.doctor.examining.patient import Patient

FETCH_TIMEOUT_S: Final = 600.0
"""70 MB over a slow line."""
ANSWERS: Final = {
    "fallback": "it answers when the service does not",
    "always": "it always answers, and the service never",
    "never": "it answers nobody ([offline] use)",
}
FETCH: Final = "`sudo pipit doctor --fix` fetches what is missing"


def _wake(site: Patient) -> Finding:
    wake = (site.settings or Settings()).wake
    words = {name: wake_word(name) for name in wake.models}  # raises ModelFileError for a word that does not exist
    own = any(word.file is None for word in words.values())
    needed = [*(word.file for word in words.values() if word.file), EMBEDDING, SILERO_VAD]
    names = [*(file.file_name for file in needed), STREAMING_EMBEDDING]
    missing = [name for name in names if not _is_there(wake.models_dir / name)]
    damaged = [file.file_name for file in missing_files(wake.models_dir, needed) if file.file_name not in missing]
    facts: dict[str, Fact] = {"directory": str(wake.models_dir), "missing": len(missing), "damaged": len(damaged)}
    if missing or damaged:
        return bad(f"in {wake.models_dir} {_what_is_wrong(missing, damaged)}", FETCH, **facts)
    if own:
        check_words(wake.models, wake.models_dir)  # opens them; raises ModelFileError
    return good(f"the models of {', '.join(words)} and of the end of speech are in {wake.models_dir}", **facts)


def _is_there(path: Path) -> bool:
    try:
        check_regular(path, LARGEST_MODEL_BYTES)
    except FileTrouble as trouble:
        if trouble.number == errno.EACCES:
            raise CannotTell(f"{path} {trouble.what}", fix="run it with sudo") from None
        return False
    return True


def _what_is_wrong(missing: list[str], damaged: list[str]) -> str:
    parts = [f"there is no {', no '.join(missing)}"] if missing else []
    parts += [f"not as published is {', '.join(damaged)}"] if damaged else []
    return "; ".join(parts)


def _speech(site: Patient) -> Finding:
    settings = site.settings or Settings()
    folder = settings.wake.models_dir
    present = [file for file in SPEECH_FILES if _is_there(folder / file.file_name)]
    if not present:
        if settings.offline.use != "never":
            return warning(f"{folder} has no speech recognition: nobody answers when the service does not", FETCH)
        raise CannotTell(f"{folder} has no speech recognition; only `pipit demo` and `pipit live-server` need it")
    missing = [file.file_name for file in SPEECH_FILES if file not in present]
    damaged = [file.file_name for file in missing_files(folder, present)]
    if missing or damaged:
        return bad(f"of the speech recognition in {folder} {_what_is_wrong(missing, damaged)}", FETCH)
    return good(f"the speech recognition is in {folder}, as published; {ANSWERS[settings.offline.use]}")


def fetch_by(installer: str) -> Callable[[Patient], str]:
    """What mends the models that the module `installer` brings."""

    def fetch(site: Patient) -> str:
        folder = (site.settings or Settings()).wake.models_dir
        done = site.run(own_module(installer, str(folder)), FETCH_TIMEOUT_S)
        if not done.ok:
            last = done.last_error or f"status {done.status}"
            raise PipitError(f"the models could not be fetched: {last}", fix="see above")
        return f"fetched and checked what was missing in {folder}"

    return fetch


WAKE_MODELS = Check(
    "wake-models", "Are the models of the wake words there, and as published?", _wake, fetch_by("daemon.wake.install")
)
SPEECH_MODELS = Check(
    "speech-models",
    "Is the offline speech recognition there, and as published?",
    _speech,
    fetch_by("daemon.brain.recognition.install"),
)
