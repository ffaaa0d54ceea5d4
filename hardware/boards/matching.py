"""Which board is meant by the card that the settings name, and which pins are not free beside it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from hardware.boards.reading import known_boards
from hardware.header.pins import Wired
from hardware.sound.holder import card_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from hardware.boards.board import Board, BoardPin


def config_lines(files: Iterable[Path]) -> tuple[str, ...]:
    """The settings in the first of these config.txt that can be read, whatever part of it they stand in."""
    for file in files:
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        stripped = (line.strip() for line in text.splitlines())
        return tuple(line for line in stripped if line and not line.startswith(("#", "[")))
    return ()


def board_of(card: str, lines: Iterable[str] = (), boards: Sequence[Board] | None = None) -> Board | None:
    """The board with the ALSA card of this id: of several the one whose lines are in config.txt, else the first."""
    sharing = [board for board in (known_boards() if boards is None else boards) if card in board.cards]
    present = tuple(lines)
    return max(sharing, key=lambda board: _seen(board, present), default=None)  # of equal ones the first


def usb_board_of(usb: str, boards: Sequence[Board] | None = None) -> Board | None:
    """The board with this USB id, such as "0b0e:0412": rather one that names it than one of all its vendor's."""
    everyone = f"{usb.partition(':')[0]}:*"
    known = known_boards() if boards is None else boards
    own = [board for board in known if usb in board.usb] or [board for board in known if everyone in board.usb]
    return own[0] if own else None


def pins_beside(
    devices: Iterable[str], lines: Iterable[str] = (), boards: Sequence[Board] | None = None
) -> Mapping[int, Wired]:
    """The pins that the boards behind these ALSA names are wired to, for `hardware.header.pins.check_pins`.

    `lines` are those of config.txt. What only one of several boards has is left out: it is not known which is there. A
    card given by its number, or a name that does not tell its card, has no board. Raises BoardFileError.
    """
    present = tuple(lines)
    found: dict[int, Wired] = {}
    for card in dict.fromkeys(card for device in devices if (card := card_of(device))):
        board = board_of(card, present, boards)
        for pin in board.pins if board else ():
            if board and not pin.only_on:
                owner = f'the sound board "{board.word}" ({pin.use})'
                found.setdefault(_moved(pin, board, present), Wired(owner, pin.serves))
    return MappingProxyType(found)


def _seen(board: Board, present: Sequence[str]) -> int:
    """How much of the board's lines is in config.txt, with 1 for each option; 0 if one is missing."""
    counts = [max((_agreement(line, other) for other in present), default=0) for line in board.lines]
    return sum(counts) if all(counts) else 0


def _agreement(wanted: str, present: str) -> int:
    """How well a line in config.txt is the one that is wanted; it may have more options."""
    name, *options = wanted.split(",")
    other, *others = present.split(",")
    return 1 + len(options) if name == other and set(options) <= set(others) else 0


def _moved(pin: BoardPin, board: Board, present: Sequence[str]) -> int:
    """The number of the pin where the overlay's option puts it."""
    for line in present if pin.moved_by else ():
        name, *options = line.removeprefix("dtoverlay=").split(",")
        given = dict(option.partition("=")[::2] for option in options)
        if name in board.overlays and given.get(pin.moved_by, "").isdecimal():
            return int(given[pin.moved_by])
    return pin.pin
