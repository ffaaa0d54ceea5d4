"""USB sound cards in the kernel's tree of devices, below a folder."""

from pathlib import Path


def plug_in(sys: Path, number: int, card: str, port: str) -> None:
    """Make the card of this number and id appear at the port."""
    bus, _, way = port.partition("-")
    hubs = way.split(".")
    levels = [f"{bus}-{'.'.join(hubs[: depth + 1])}" for depth in range(len(hubs))]
    place = sys.joinpath("devices/platform/xhci-hcd.0", f"usb{bus}", *levels, f"{port}:1.0", "sound", f"card{number}")
    place.mkdir(parents=True)
    (place / "id").write_text(f"{card}\n")
    link = sys / f"class/sound/card{number}"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(place)


def on_board(sys: Path, number: int, card: str) -> None:
    """Make a card appear that is not on USB."""
    place = sys / f"devices/platform/soc/sound/sound/card{number}"
    place.mkdir(parents=True)
    (place / "id").write_text(f"{card}\n")
    link = sys / f"class/sound/card{number}"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(place)


def unplug(sys: Path, number: int) -> None:
    (sys / f"class/sound/card{number}").unlink()
