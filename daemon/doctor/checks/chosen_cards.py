"""The sound cards of the settings: are they there, can they do what they shall, and who holds them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from daemon.house.settings import Settings
from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Fact, Finding, bad, good, warning
from daemon.machine.model import UNIT
from daemon.machine.sound_cards import PLUG_IN, Card, cards
from hardware.sound.holder import Stream, card_of, device_of, holder, holding_process
from hardware.sound.refusal import is_bare_hdmi
from hardware.sound.usb_place import usb_place

if TYPE_CHECKING:
    from daemon.doctor.examining.patient import Patient, PatientCheck


@dataclass(frozen=True)
class Side:
    """The microphone's or the speaker's part of the settings."""

    name: Literal["microphone", "speaker"]
    stream: Stream
    verb: str

    def device(self, site: Patient) -> str:
        settings = site.settings or Settings()
        return settings.microphone.device if self.name == "microphone" else settings.speaker.device

    def can(self, card: Card) -> bool:
        return card.captures if self.name == "microphone" else card.plays


MICROPHONE: Final = Side("microphone", "c", "record")
SPEAKER: Final = Side("speaker", "p", "play")


def card_behind(site: Patient, side: Side) -> Card | None:
    """The card of the PCM that the settings name; None if its name does not tell, or names one that is not there."""
    device, found = side.device(site), cards(site)
    named = card_of(device, site.path("/sys"))
    if not named and device == "default" and _is_plain_default(site):
        named = "0"
    return next((card for card in found if named in (card.id, str(card.number))), None)


def _is_plain_default(site: Patient) -> bool:
    """Whether ALSA's "default" is card 0: nobody configured it, and no sound server is installed to take its place."""
    configured = [site.path(f"/etc/{name}") for name in ("asound.conf", "alsa/conf.d/99-pipewire-default.conf")]
    configured += [site.path("/etc/alsa/conf.d/99-pulse.conf")]
    return not any(path.exists() for path in configured)


def _examine(site: Patient, side: Side) -> Finding:
    found, device = cards(site), side.device(site)
    card = card_behind(site, side)
    usable = [one for one in found if side.can(one)]
    place = usb_place(device)
    if card is None and place:
        return bad(f"the {side.name} is at the USB port {place.port}, and no sound card is", _choose(side, usable))
    named = card_of(device, site.path("/sys"))
    if card is None and not named:
        raise CannotTell(f"which card {device!r} is, ALSA's own configuration decides")
    if card is None:
        return bad(f"the {side.name} is {device!r}, and there is no such card", _choose(side, usable))
    if not side.can(card):
        how = "ALSA's default is" if device == "default" else f"{device!r} is"
        return bad(f"the {side.name} cannot {side.verb}: {how} card {card}", _choose(side, usable))
    if named and not _has_pcm(site, card, device_of(device), side.stream):
        return bad(
            f"the {side.name} cannot {side.verb}: that is another PCM of card {card} than {device!r}",
            f"set device = {_quoted(card, side)} under [{side.name}]",
        )
    if card.is_hdmi and side is SPEAKER:
        also = (
            f", and HDMI takes no sound by {device!r}" if is_bare_hdmi(f"{device.partition(':')[0]}:{card.id}") else ""
        )
        return warning(f"the speaker is {card}: silent without a screen that is on{also}", _choose(side, usable))
    return _held(site, side, card)


def _has_pcm(site: Patient, card: Card, number: int, stream: Stream) -> bool:
    return site.path(f"/proc/asound/card{card.number}/pcm{number}{stream}").exists()


def _held(site: Patient, side: Side, card: Card) -> Finding:
    device, proc = side.device(site), site.path("/proc")
    facts: dict[str, Fact] = {"card": card.id, "number": card.number, "device": device}
    process = holding_process(f"hw:{card.number}", side.stream, proc)
    if process is not None and UNIT not in (site.text(f"/proc/{process}/cgroup") or ""):
        by = holder(f"hw:{card.number}", side.stream, proc)
        return bad(
            f"the {side.name} {card} is in use by {by}",
            "stop that program; for PipeWire see the check sound-server",
            **facts,
        )
    if device == "default" or (card_of(device).isdecimal()):
        return warning(
            f"the {side.name} is {card} by its number, which changes when another card is plugged in",
            f"set device = {_quoted(card, side)} under [{side.name}]",
            **facts,
        )
    if card.twin and card.port and not usb_place(device):
        return warning(
            f"the {side.name} is {card}, one of several that are equal: which is which, is who was found first",
            f"set device = {_quoted(card, side)} under [{side.name}]",
            **facts,
        )
    use = ", which the Pipit service has open" if process is not None else ""
    return good(f"the {side.name} is {card}{use}", **facts)


def _choose(side: Side, usable: list[Card]) -> str:
    if not usable:
        return PLUG_IN
    # HDMI last: it plays, but seldom is what was meant.
    names = [_quoted(card, side) for card in sorted(usable, key=lambda card: card.is_hdmi)]
    return f"plug it in, or set device under [{side.name}] to {' or '.join(names)}"


def _quoted(card: Card, side: Side) -> str:
    return f'"{card.pcm(side.stream)}"'


MICROPHONE_CARD: Final[PatientCheck] = Check(
    "microphone-card", "Is the microphone of the settings there, and free?", lambda site: _examine(site, MICROPHONE)
)
SPEAKER_CARD: Final[PatientCheck] = Check(
    "speaker-card", "Is the speaker of the settings there, and free?", lambda site: _examine(site, SPEAKER)
)
