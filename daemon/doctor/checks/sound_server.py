"""PipeWire and PulseAudio: they belong to a user's session, and take sound cards from a system's service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.doctor.checks.chosen_cards import MICROPHONE, SPEAKER
from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Finding, bad, good, warning
from daemon.machine.sound_cards import cards
from daemon.machine.sound_holders import running_servers

if TYPE_CHECKING:
    from daemon.doctor.examining.patient import Patient

OF_A_SERVER: Final = ("pipewire", "pulse", "jack")
"""PCMs that lead to a sound server."""

KEEP_AWAY: Final = (
    "a machine without a desktop needs none: sudo systemctl --global mask pipewire.socket wireplumber.service; on a"
    " desktop disable this card in WirePlumber (a rule with device.disabled = true), then restart"
)


def _examine(site: Patient) -> Finding:
    try:
        cards(site)
    except CannotTell as reason:
        raise CannotTell(reason.message) from reason
    running = running_servers(site)
    for side in (MICROPHONE, SPEAKER):
        device = side.device(site)
        if device.partition(":")[0] in OF_A_SERVER:
            return bad(
                f"the {side.name} is {device!r}, a sound server of a user's session, which the service cannot reach",
                f'name the card itself: device = "plughw:CARD=…" under [{side.name}]',
            )
    if running:
        names = ", ".join(f"{name} (process {process})" for process, name in running.items())
        return warning(f"{names} runs here, and may take a card when it is plugged in", KEEP_AWAY, servers=len(running))
    return good("no sound server is in the way")


SOUND_SERVER = Check("sound-server", "Is PipeWire or PulseAudio in the way?", _examine)
