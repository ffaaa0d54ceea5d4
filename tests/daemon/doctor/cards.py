"""Sound cards below /proc/asound, as real kernels show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine

HDMI, HEADPHONES, USB, VOICEHAT, WEBCAM = (
    ("vc4hdmi0", "vc4-hdmi - vc4-hdmi-0", "p"),
    ("Headphones", "bcm2835_headpho - bcm2835 Headphones", "p"),
    ("Device", "USB-Audio - USB PnP Sound Device", "pc"),
    ("sndrpigooglevoi", "RPi-simple - snd_rpi_googlevoicehat_soundcar", "pc"),
    ("Camera", "USB-Audio - HD Webcam C270", "c"),
)


def add_cards(machine: Machine, *cards: tuple[str, str, str]) -> None:
    """Cards by id, "driver - name", and the directions of their first PCM; all of them free."""
    lines = [
        f"{number:2} [{card_id:<15}]: {name}\n                      {name} at somewhere\n"
        for number, (card_id, name, _) in enumerate(cards)
    ]
    machine.file("/proc/asound/cards", "".join(lines) or "--- no soundcards ---\n")
    for number, (card_id, _, directions) in enumerate(cards):
        for direction in directions:
            machine.file(f"/proc/asound/card{number}/pcm0{direction}/sub0/status", "closed\n")
        (machine.root / "proc/asound" / card_id).symlink_to(f"card{number}")


def hold(machine: Machine, card: int, direction: str, name: str, group: str, process: int = 812) -> None:
    """Let a process of this name and control group have the card open."""
    status = f"state: RUNNING\nowner_pid   : {process}\n"
    machine.file(f"/proc/asound/card{card}/pcm0{direction}/sub0/status", status)
    run(machine, name, group, process)


def run(machine: Machine, name: str, group: str = "/user.slice", process: int = 812) -> None:
    machine.file(f"/proc/{process}/comm", f"{name}\n")
    machine.file(f"/proc/{process}/cgroup", f"0::{group}\n")
