"""Sound cards as the kernel lists them below /proc/asound: which there are, and what they can."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from daemon.machine.check import Check
from daemon.machine.facts import HDMI_CARDS
from daemon.machine.finding import CannotTell, Finding, bad, good
from daemon.machine.model import board
from hardware.sound.refusal import converting_pcm
from hardware.sound.usb_place import UsbPlace, usb_cards

if TYPE_CHECKING:
    from daemon.machine.site import Site
    from hardware.sound.holder import Stream

HDMI: Final = re.compile(r"hdmi", re.IGNORECASE)
PLUG_IN: Final = (
    "plug in a USB sound card, or let `sudo ./install.sh install` set up the one on the header, and restart"
)


@dataclass(frozen=True)
class Card:
    """One line of /proc/asound/cards, and what the card's PCMs can.

    `usb` is vendor:product, `port` where a USB card is plugged in, the devices are those of the first PCM that captures
    and that plays. One of `twins` shares its `usb` with another card.
    """

    number: int
    id: str
    name: str
    captures: bool
    plays: bool
    usb: str = ""
    port: str = ""
    capture_device: int = 0
    play_device: int = 0
    twin: bool = False

    @property
    def is_hdmi(self) -> bool:
        by_id = any(fnmatchcase(self.id, pattern) for pattern in HDMI_CARDS)
        return by_id or bool(HDMI.search(f"{self.id} {self.name}"))

    def pcm(self, stream: Stream) -> str:
        """What to name it in the settings; of equal cards only the port stays what it is."""
        device = self.capture_device if stream == "c" else self.play_device
        if self.twin and self.port:
            return str(UsbPlace(self.port, device))
        return converting_pcm(self.id, hdmi=self.is_hdmi, device=device)

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
    ports = {card: port for port, card in usb_cards(site.path("/sys")).items()}
    every = [_card(site, int(number), name_id, name, ports.get(name_id, "")) for number, name_id, name in found]
    usb = Counter(card.usb for card in every if card.usb)
    return [replace(card, twin=usb[card.usb] > 1) for card in every]


def _card(site: Site, number: int, card_id: str, name: str, port: str) -> Card:
    captures, plays = _devices(site, number, "c"), _devices(site, number, "p")
    return Card(
        number,
        card_id,
        name.strip(),
        captures=bool(captures),
        plays=bool(plays),
        usb=site.text(f"/proc/asound/card{number}/usbid") or "",
        port=port,
        capture_device=min(captures, default=0),
        play_device=min(plays, default=0),
    )


def _devices(site: Site, number: int, stream: Stream) -> list[int]:
    """The numbers of its PCMs in this direction."""
    names = (folder.name for folder in site.path(f"/proc/asound/card{number}").glob(f"pcm*{stream}"))
    return [int(found[1]) for name in names if (found := re.fullmatch(r"pcm(\d+)[cp]", name))]


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
