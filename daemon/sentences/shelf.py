"""Which languages there are sentences in: a TOML file each, named by its BCP 47 tag, in this folder."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
FALLBACK: Final = "en"


def written_languages() -> list[str]:
    """The tags of all the files, in order."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def nearest(language: str, among: Iterable[str] | None = None) -> str | None:
    """The file for `language`, a BCP 47 tag: its own, that of the language, that of a region of it; or None.

    `among` are the tags of other files than those that there are.
    """
    written = {tag.lower(): tag for tag in (among or written_languages())}
    primary = primary_of(language)
    regional = (tag for low, tag in written.items() if primary_of(low) == primary)
    return written.get(language.lower()) or written.get(primary) or next(regional, None)


def primary_of(language: str) -> str:
    """The language without script and region: "pt" of "pt-BR"."""
    return language.partition("-")[0].lower()
