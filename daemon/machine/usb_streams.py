"""What a USB sound card takes, as the kernel lists it in /proc/asound/cardN/streamM (sound/usb/proc.c)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.machine.site import Site
    from hardware.sound.holder import Stream

_DIRECTIONS: Final = {"c": "Capture:", "p": "Playback:"}
_CONTINUOUS: Final = re.compile(r"(\d+) - (\d+) \(continuous\)")


@dataclass(frozen=True)
class Offer:
    """One of a card's ways. `sample_formats` are ALSA's names, `rates_hz` the rates, or the lowest and the highest."""

    sample_formats: tuple[str, ...]
    channels: int
    rates_hz: tuple[int, ...]
    continuous: bool = False

    def has_rate(self, rate_hz: int) -> bool:
        if self.continuous:
            return self.rates_hz[0] <= rate_hz <= self.rates_hz[-1]
        return rate_hz in self.rates_hz


def offers(site: Site, card: int, device: int, stream: Stream) -> tuple[Offer, ...]:
    """Every way of a PCM, in the kernel's order; none where the card is not on USB, or the kernel does not say."""
    text = site.text(f"/proc/asound/card{card}/stream{device}") or ""
    return tuple(offer for part in _parts(text, _DIRECTIONS[stream]) if (offer := _offer(part)))


def _parts(text: str, direction: str) -> Iterator[str]:
    """What stands after each "Altset" of a direction."""
    _, _, after = text.partition(f"\n{direction}")
    here = re.split(r"^\w+:", after, maxsplit=1, flags=re.MULTILINE)[0]
    yield from re.split(r"^ *Altset \d+$", here, flags=re.MULTILINE)[1:]


def _offer(part: str) -> Offer | None:
    said = dict(re.findall(r"^ *(Format|Channels|Rates): (.+)$", part, re.MULTILINE))
    if set(said) != {"Format", "Channels", "Rates"} or not said["Channels"].isdecimal():
        return None
    between = _CONTINUOUS.fullmatch(said["Rates"])
    rates = between.groups() if between else re.findall(r"\d+", said["Rates"])
    if not rates:
        return None
    return Offer(
        tuple(said["Format"].split()), int(said["Channels"]), tuple(map(int, rates)), continuous=between is not None
    )
