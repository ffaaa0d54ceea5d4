"""Who has sound cards open, and which sound servers run: they belong to a user's session, and may take a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.machine.check import Check
from daemon.machine.facts import SOUND_SERVERS
from daemon.machine.finding import CannotTell, Finding, good, warning
from daemon.machine.model import UNIT
from daemon.machine.sound_cards import Card, cards
from hardware.sound.holder import open_streams

if TYPE_CHECKING:
    from daemon.machine.site import Site

OF_A_DESKTOP: Final = ("pipewire", "pulseaudio")
OWN_NAME: Final = "pipit"


def running_servers(site: Site) -> dict[int, str]:
    """The sound servers among all processes, by process."""
    found = {}
    for comm in site.path("/proc").glob("[0-9]*/comm"):
        process = comm.parent.name
        name = site.text(f"/proc/{process}/comm")
        if name in SOUND_SERVERS:
            found[int(process)] = name
    return dict(sorted(found.items()))


def is_pipit(site: Site, process: int) -> bool:
    """Whether the process is one of the service's, or a Pipit that somebody started."""
    group = site.text(f"/proc/{process}/cgroup") or ""
    return f"/{UNIT}" in group or site.text(f"/proc/{process}/comm") == OWN_NAME


def holders(site: Site) -> list[str]:
    """The programs other than Pipit that have a card open, such as "arecord (card0)", each once."""
    found = (
        f"{site.text(f'/proc/{process}/comm') or f'process {process}'} ({card})"
        for card, process in open_streams(site.path("/proc"))
        if not is_pipit(site, process)
    )
    return list(dict.fromkeys(found))


def _examine(site: Site) -> Finding:
    held, servers = holders(site), list(running_servers(site).values())
    if any(holder.startswith(OF_A_DESKTOP) for holder in held):
        return warning(
            f"held by {', '.join(held)}",
            "a desktop's sound server keeps the card for itself while somebody is logged in; use the Lite image, or"
            " take this card from it",
        )
    if held:
        return warning(f"held by {', '.join(held)}", "end that, or Pipit cannot hear and speak")
    if servers:
        return warning(
            f"{servers[0]} runs",
            "it may take the card while somebody is logged in to the desktop; the Lite image has none",
        )
    if not _cards(site):
        return warning("no sound card yet; one on the header shows after its lines are in config.txt and a reboot", "")
    return good("nobody holds a sound card")


def _cards(site: Site) -> list[Card]:
    try:
        return cards(site)
    except CannotTell:
        return []


SOUND_HOLDERS = Check("sound", "Does somebody hold a sound card, or might?", _examine)
"""For an installation. The doctor knows by the settings which cards count."""
