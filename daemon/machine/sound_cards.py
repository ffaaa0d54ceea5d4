"""Sound cards as the kernel lists them below /proc/asound: which there are, and what they can."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from daemon.machine.check import Check
from daemon.machine.facts import HDMI_CARDS
from daemon.machine.finding import CannotTell, Finding, bad, good
from daemon.machine.model import board
from hardware.sound.refusal import converting_pcm

if TYPE_CHECKING:
    from daemon.machine.site import Site

HDMI: Final = re.compile(r"hdmi", re.IGNORECASE)
PLUG_IN: Final = (
    "plug in a USB sound card, or let `sudo ./install.sh install` set up the one on the header, and restart"
)


@dataclass(frozen=True)
class Card:
    """One line of /proc/asound/cards, and what the card's PCMs can."""

    number: int
    id: str
    name: str
    captures: bool
    plays: bool

    @property
    def is_hdmi(self) -> bool:
        by_id = any(fnmatchcase(self.id, pattern) for pattern in HDMI_CARDS)
        return by_id or bool(HDMI.search(f"{self.id} {self.name}"))

    @property
    def pcm(self) -> str:
        """What to name it in the settings."""
        return converting_pcm(self.id, hdmi=self.is_hdmi)

    def __str__(self) -> str:
        return f"{self.id} ({self.name})"


def cards(site: Site) -> list[Card]:
    """The cards, by number. Raises CannotTell where the kernel has no sound at all, unless that is a Pi."""
    text = site.text("/proc/asound/cards")
    if text is None:
        if board(site):
            return []
        raise CannotTell("this machine's kernel knows no sound cards")
    found = re.findall(r"^ *(\d+) \[(\S+) *\]: .*? - (.*)$", text, re.MULTILINE)
    return [_card(site, int(number), name_id, name) for number, name_id, name in found]


def _card(site: Site, number: int, card_id: str, name: str) -> Card:
    folder = site.path(f"/proc/asound/card{number}")
    return Card(number, card_id, name.strip(), any(folder.glob("pcm*c")), any(folder.glob("pcm*p")))


def _list(site: Site) -> Finding:
    found = cards(site)
    if not found:
        return bad("there is no sound card", PLUG_IN)
    names = ", ".join(map(str, found))
    if all(card.is_hdmi for card in found):
        return bad(f"there is no sound card but HDMI's: {names}", PLUG_IN)
    if not any(card.captures for card in found):
        return bad(f"no sound card can record: {names}", PLUG_IN)
    if not any(card.plays for card in found):
        return bad(f"no sound card can play: {names}", PLUG_IN)
    return good(f"the sound cards are {names}", cards=len(found))


SOUND_CARDS = Check("sound-cards", "Are there sound cards that can record and play?", _list)
