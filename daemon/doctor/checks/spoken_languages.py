"""What hears the household's language without the cloud: the extra that hears other languages than English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.brain.recognition.language_files import LANGUAGE_FILES, WHISPER_FOLDER, altered, chosen_folder
from daemon.brain.recognition.whisper import PACKAGE
from daemon.doctor.checks.models_present import fetch_by
from daemon.doctor.checks.native import import_all
from daemon.fetch.fetching import missing_files
from daemon.house.settings import Settings
from daemon.machine.check import Check
from daemon.machine.finding import Finding, bad, good, warning
from daemon.sentences.shelf import primary_of

if TYPE_CHECKING:
    from daemon.doctor.examining.patient import Patient

HEARD = ("de", "es", "fr", "pt")
"""Primary tags; what is understood when it is typed (daemon/brain/everyday/lexicons), but English."""
ENGLISH = "what is spoken without the cloud is heard in English"
FETCH = "`sudo pipit doctor --fix` fetches it anew"


def _examine(site: Patient) -> Finding:
    settings = site.settings or Settings()
    language = settings.reply_language
    if primary_of(language) not in HEARD or settings.offline.hears == "english":
        return good(ENGLISH)
    problems, folder = import_all(site, (PACKAGE,)), chosen_folder(settings.wake.models_dir)
    if problems and folder is None:
        return good(f"{ENGLISH}: the extra for {language} is not installed")
    if problems:
        return warning(f"{ENGLISH} ({'; '.join(problems)})", "sudo ./install.sh, with spoken = yes")
    if folder is None:
        return bad(f"{ENGLISH}: there is no model in {settings.wake.models_dir / WHISPER_FOLDER}", FETCH)
    ours = folder.name == WHISPER_FOLDER
    wrong = [file.file_name for file in missing_files(folder, LANGUAGE_FILES)] if ours else altered(folder)
    if wrong:
        return bad(f"not as published is, in {folder}, {', '.join(wrong)}", FETCH if ours else "fetch your model anew")
    return good(f"{language} is heard without the cloud too, by the model in {folder}")


SPOKEN_LANGUAGES = Check(
    "spoken-languages",
    "Is the household's language heard without the cloud?",
    _examine,
    fetch_by("daemon.brain.recognition.install_languages"),
)
