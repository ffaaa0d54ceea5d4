"""`pipit support-bundle`: what helps to find a fault, in one file that a household can send without a worry.

Everything is by allow-list: a fact passes if it is a number, or a word, of a kind that nobody chose. Never in it are
audio, what anybody said, keys, names of people, rooms and devices, addresses and file names of the household's.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import tarfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from daemon.doctor.support.journal import OwnWords, journal_of
from daemon.doctor.support.machine import (
    STATES,
    boot_lines,
    card_ids,
    install_lines,
    machine_lines,
    package_lines,
    pin_lines,
    sound_lines,
    unit_lines,
)
from daemon.doctor.support.shapes import names_of, program_text
from daemon.doctor.support.shared_settings import settings_lines
from daemon.errors import PipitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from daemon.doctor.examining.patient import Patient
    from daemon.doctor.examining.report import Result
    from daemon.machine.finding import Fact

FOLDER: Final = "pipit-support"
LEFT_OUT: Final = "(left out)"

README: Final = """\
A support bundle of Pipit, made by `pipit support-bundle`.

Everything in it is text: look at it before you send it. "(left out)" and "…" stand for what is not known to be
harmless: whatever people said, named or typed. There is no audio in it, no transcript, no key, no name of a
household, room, device or network, and no date: the journal counts seconds from the start of the machine.

"""


class BundleNotWritten(PipitError):
    """The file could not be made."""

    exit_status = os.EX_CANTCREAT


@dataclass(frozen=True)
class Member:
    """A file of the bundle; `about` is for the list that is shown."""

    name: str
    about: str
    text: str


class Words(OwnWords):
    """As OwnWords, and what checks and facts are called."""

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(name for text in program_text("daemon/doctor") for name in names_of(text))


def default_name(site: Patient) -> str:
    """Of a bundle made now."""
    return f"pipit-support-{site.now():%Y%m%d-%H%M%S}.tar.gz"


def write_support_bundle(site: Patient, path: Path, results: Sequence[Result], words: Words | None = None) -> str:
    """Write the bundle to `path`, which must not exist, readable by its owner alone; returns what to tell the user.

    `results` are those of the doctor's checks. Raises BundleNotWritten.
    """
    members = bundle_members(site, results, words or Words())
    _write(path, _packed(members))
    width = max(len(member.name) for member in members)
    listed = [f"  {member.name:<{width}}  {member.about}" for member in members]
    return "\n".join(
        [
            f"Wrote {path}:",
            *listed,
            "It holds no audio, no transcripts, no keys and no names. Look at it before you send it:",
            f"  tar -xzOf {path} | less",
        ]
    )


def bundle_members(site: Patient, results: Sequence[Result], words: Words) -> list[Member]:
    """What is in the bundle."""
    cards = card_ids(site)
    members = [
        Member("findings.json", "what `pipit doctor` finds, without names", findings_text(results, words)),
        Member(
            "machine.txt", "versions of Pipit, Python, system and kernel; board and memory", _text(machine_lines(site))
        ),
        Member("packages.txt", "versions of the packages Pipit is built on", _text(package_lines())),
        Member("settings.txt", "numbers and switches of the settings", _text(settings_lines(site.settings, cards))),
        Member("unit.txt", "the state of the service", _text(unit_lines(site))),
        Member("journal.txt", "the service's journal: systemd's lines, and Pipit's own words", journal_of(site, words)),
        Member("sound.txt", "sound cards and how they are open", _text(sound_lines(site))),
        Member("pins.txt", "the GPIO chips", _text(pin_lines(site))),
        Member("boot.txt", "sections, overlays and parameters of config.txt", _text(boot_lines(site))),
        Member("install.txt", "the steps of the installer", _text(install_lines(site))),
    ]
    listed = "".join(f"{member.name}: {member.about}\n" for member in members)
    return [Member("README.txt", "what this is", README + listed), *members]


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def findings_text(results: Sequence[Result], words: Words) -> str:
    """The findings as JSON, of each what is the program's own words, and its numbers."""
    return json.dumps([_finding(result, words) for result in results], indent=2, ensure_ascii=False) + "\n"


def _finding(result: Result, words: Words) -> dict[str, object]:
    finding = result.finding
    return {
        "name": result.name if result.name in words.names else LEFT_OUT,
        "verdict": finding.verdict.value,
        "sentence": words.sentences.own_words(finding.sentence) or LEFT_OUT,
        "fix": words.sentences.own_words(finding.fix) or LEFT_OUT if finding.fix else "",
        "facts": _facts(finding.facts, words),
    }


def _facts(facts: Mapping[str, Fact], words: Words) -> dict[str, Fact]:
    """Numbers, and states of systemd's, under the names that the program gives them."""
    return {
        name: value
        for name, value in facts.items()
        if (name in words.names or re.fullmatch(r"pin_\d{1,2}", name))
        and (isinstance(value, int | float) or value in STATES)
    }


# The file


def _packed(members: Sequence[Member]) -> bytes:
    """A tar.gz that says nothing of who made it, where, or when."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile("", "wb", fileobj=packed, mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for member in members:
            content = member.text.encode()
            about = tarfile.TarInfo(f"{FOLDER}/{member.name}")
            about.size, about.mode = len(content), 0o600
            archive.addfile(about, io.BytesIO(content))
    return packed.getvalue()


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise BundleNotWritten(f"{path} exists already", fix="name another file with --output") from None
    except OSError as error:
        raise BundleNotWritten(
            f"cannot write {path}: {error.strerror}", fix="name a file in a folder you may write to with --output"
        ) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise BundleNotWritten(f"cannot write {path}: {error.strerror}", fix="free some space") from error
