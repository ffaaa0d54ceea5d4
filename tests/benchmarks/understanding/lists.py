"""The lists of sentences, and whether what came of one is what was wanted."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from tests.benchmarks.understanding.house import NAMES, ROOMS, House

LANGUAGES: Final = ("en", "de", "pt-BR", "es", "fr")
HALVES: Final = ("tuning", "measured")
SPOKEN_PARTS: Final = ("fresh", "spoken", "spoken-measured", "harder", "unseen", "last")
"""Written later, for spoken words. "unseen" is only counted; so were "spoken-measured" and "last", until seen."""

PARTS: Final = (*HALVES, *SPOKEN_PARTS)
COUNTED: Final = ("measured", "unseen")

Part = Literal["tuning", "measured", "fresh", "spoken", "spoken-measured", "harder", "unseen", "last"]

_NOTHING: Final = ("nothing", "ask", "refuse")
_TELLS: Final = {"says time": r"14|\b(?:2|two|zwei|dos|deux|duas|quatorze|catorce|vierzehn)\b", "says date": r"22"}


@dataclass(frozen=True)
class Said:
    """A sentence, and the outcomes of which each is right."""

    language: str
    text: str
    outcomes: tuple[str, ...]

    @property
    def to_be_done(self) -> bool:
        """Whether something has to be done or answered: where asking back is right too, it does not count."""
        return not any(outcome in _NOTHING for outcome in self.outcomes)


@cache
def said(language: str, part: Part) -> tuple[Said, ...]:
    """The sentences of a part of a language's list."""
    folder = Path(__file__).parent / (part.partition("-")[0] if part in SPOKEN_PARTS else "")
    rows = tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))[part]
    return tuple(Said(language, text, tuple(outcomes.split(" | "))) for text, outcomes in rows.items())


@dataclass(frozen=True)
class Verdict:
    """What came of a sentence."""

    right: bool
    done: bool
    wrong_act: bool
    wrong_answer: bool
    what: str


def judged(one: Said, house: House, reply: str) -> Verdict:
    """`house` is as it was left, `reply` what was said."""
    did, asked = sorted(house.done), bool(reply.strip().endswith("?"))
    right = any(_fits(outcome, house, reply) for outcome in one.outcomes)
    what = ", ".join(did) or " ".join(f"reads {what}" for what in house.read) or ("asks" if asked else "nothing")
    wrong_answer = not right and not did and bool(house.read)
    return Verdict(right, right and one.to_be_done, bool(did) and not right, wrong_answer, f"{what}: {reply.strip()}")


def _fits(outcome: str, house: House, reply: str) -> bool:
    if outcome in _NOTHING:
        return not house.done
    if outcome in _TELLS:
        return not house.done and bool(re.search(_TELLS[outcome], reply))
    if outcome.startswith("reads "):
        return not house.done and outcome.removeprefix("reads ") in house.read
    wanted = [effect for part in outcome.split(", ") for effect in _effects(part)]
    left = list(house.done)
    for effect in wanted:
        found = next((one for one in left if _same(effect, one, house.language)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _effects(part: str) -> Iterator[str]:
    """Those of a whole room are those of its devices."""
    name, _, state = part.partition("=")
    yield from (f"{device}={state}" for device in ROOMS[name]) if name in ROOMS else (part,)


def _same(wanted: str, effect: str, language: str) -> bool:
    if wanted.startswith("remind "):
        when, text = " ".join(wanted.split()[:2]), " ".join(wanted.split()[2:])
        return effect.startswith(f"{when} ") and text.lower() in effect.lower()
    if effect.startswith("timer ") and wanted.startswith("timer "):
        return effect.split()[1] == wanted.split()[1]
    if "=" in wanted and not wanted.startswith("plan ") and effect.startswith(wanted.partition("=")[0] + "="):
        return wanted.partition("=")[2] in effect.partition("=")[2].split()
    return effect in (wanted, *(wanted.replace(name, called) for name, called in NAMES[language].items()))
