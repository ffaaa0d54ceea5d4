"""The boards as text: a list for people, tables for the pages, and facts for install.sh."""

from __future__ import annotations

from dataclasses import fields
from itertools import groupby
from typing import TYPE_CHECKING, Final

from hardware.boards.board import Board, BoardPin, Side, Sound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COLUMNS: Final = (
    *("word", "board", "hears, speaks", "lines in `config.txt`", "ALSA card", "wants in the settings"),
    "GPIO that it is wired to",
)


def as_text(boards: Sequence[Board]) -> str:
    """For people: each board with what it wants, one paragraph each."""
    return "\n\n".join("\n".join(_paragraph(board)) for board in boards)


def _paragraph(board: Board) -> Iterator[str]:
    yield f"{board.word}: {board.title}"
    yield f"  it {_ability(board)}{', with echo cancelling of its own' if board.echo_cancelling else ''}"
    if board.pauses:
        yield "  its speaker may pause between replies"
    if board.cards:
        yield f"  ALSA card: {', '.join(board.cards)}"
    if board.usb:
        yield f"  USB: {', '.join(board.usb)}"
    if board.lines:
        yield f"  config.txt: {'  '.join(board.lines)}"
    for side in ("microphone", "speaker"):
        if wishes := wishes_of(board, side):
            yield f"  [{side}] {wishes}"
    for pin in board.pins:
        yield f"  GPIO {pin.pin}: {pin.use}{f' ({pin.only_on})' if pin.only_on else ''}"
    if refusal := board.refusal:
        yield f"  it does not work{' on ' + ', '.join(refusal.models) if refusal.models else ''}: {refusal.sentence}"
    if board.remark:
        yield f"  {board.remark}"
    yield f"  source: {board.source}"


def _ability(board: Board) -> str:
    verbs = [verb for verb, able in (("hears", board.hears), ("speaks", board.speaks)) if able]
    return " and ".join(verbs) or "does not work with this system"


def as_table(boards: Sequence[Board]) -> str:
    """The table of docs/boards.md, in Markdown."""
    rows = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    rows += [f"| {' | '.join(_cells(board))} |" for board in boards]
    return "\n".join(rows)


def _cells(board: Board) -> Iterator[str]:
    yield f"`{board.word}`"
    yield board.title
    yield _ability(board)
    yield _codes(board.lines)
    yield _codes((*board.cards, *(f"USB {usb}" for usb in board.usb)))
    sides: tuple[Side, ...] = ("microphone", "speaker")
    yield "<br>".join(f"`[{side}]` {wishes}" for side in sides if (wishes := wishes_of(board, side)))
    yield "<br>".join(_grouped(board.pins))


def _codes(words: Sequence[str]) -> str:
    return "<br>".join(f"`{word}`" for word in words)


def _grouped(pins: Sequence[BoardPin]) -> Iterator[str]:
    for (use, only_on), same in groupby(pins, key=lambda pin: (pin.use, pin.only_on)):
        numbers = ", ".join(str(pin.pin) for pin in same)
        yield f"{numbers}: {use}{f' ({only_on})' if only_on else ''}"


def wishes_of(board: Board, side: Side) -> str:
    """What the settings must say of a side, as TOML has it; empty if nothing. The first channel goes without saying."""
    sound = board.microphone if side == "microphone" else board.speaker
    given = ((field.name, getattr(sound, field.name)) for field in fields(Sound))
    pcm = [f'device = "plughw:CARD={board.cards[0]},DEV={sound.device}"'] if sound.device and board.cards else []
    wishes = [
        f"{name} = {_toml(value)}"
        for name, value in given
        if value is not None and name != "device" and not (name == "channel" and value == 0)
    ]
    return ", ".join(pcm + wishes)


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


def note_of(board: Board) -> str:
    """What the installer tells about the board, in one line."""
    parts = []
    if board.cards and (wishes := wishes_of(board, "microphone")):
        parts.append(f"its microphone wants {wishes} in the settings")
    if taken := [pin.pin for pin in board.own_pins]:
        parts.append(f"GPIO {_listed(taken)} {'is' if len(taken) == 1 else 'are'} taken")
    if buttons := [pin.pin for pin in board.buttons if not pin.only_on]:
        parts.append(f"its {'button is' if len(buttons) == 1 else 'buttons are'} on GPIO {_listed(buttons)}")
    if board.remark:
        parts.append(board.remark)
    if board.cards and not board.hears:
        parts.append("the microphone is another card")
    return "; ".join(parts)


def _listed(numbers: Sequence[int]) -> str:
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}" if first else last


def for_installer(boards: Sequence[Board]) -> str:
    """A fact a line, "word TAB key TAB value", by board; lists have ; between, and empty facts no line."""
    return "\n".join(
        f"{board.word}\t{key}\t{value}" for board in boards for key, value in _facts(board) if value or key == "title"
    )


def _facts(board: Board) -> Iterator[tuple[str, str]]:
    yield "title", board.title
    yield "cards", ";".join(board.cards)
    yield "usb", ";".join(board.usb)
    yield (
        "ability",
        {(True, True): "both", (True, False): "hears", (False, True): "speaks"}.get((board.hears, board.speaks), ""),
    )
    yield "lines", ";".join(board.lines)
    yield "eeprom", board.eeprom
    yield "i2c", f"{board.i2c_address:02x}" if board.i2c_address is not None else ""
    yield "module", board.module
    yield "overlay_from", board.overlay_from
    yield "hears_device", str(board.microphone.device or "")
    yield "speaks_device", str(board.speaker.device or "")
    yield "note", note_of(board)
    yield "pins", ";".join(f"{pin.pin}{':' if pin.moved_by else ''}{pin.moved_by}" for pin in board.own_pins)
    if board.refusal:
        yield "refusal", board.refusal.sentence
        yield "refusal_fix", board.refusal.fix
        yield "refusal_models", ";".join(board.refusal.models)
