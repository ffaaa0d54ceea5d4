"""Which pins a board takes, and what its lines load."""

from __future__ import annotations

from hardware.boards.board import Board, BoardPin, Light


def board(**facts: object) -> Board:
    return Board(word="hat", title="A hat", source="its schematic", **facts)  # type: ignore[arg-type]


def test_its_pins_are_its_own_those_of_its_buttons_and_those_of_its_lights() -> None:
    own, button = BoardPin(16, "amplifier"), BoardPin(23, "its button", "button")
    lights = (Light(kind="led", pins=(25,)), Light(kind="apa102", pins=(10, 11), count=3, only_on="the large one"))
    found = board(own_pins=(own,), buttons=(button,), lights=lights).pins
    assert found[:2] == (own, button)
    assert [(pin.pin, pin.serves, pin.only_on) for pin in found[2:]] == [
        (25, "light", ""),
        (10, None, "the large one"),  # a row is driven by data: as an indicator its pins are of no use
        (11, None, "the large one"),
    ]


def test_overlays_are_named_without_their_options_and_other_lines_are_none() -> None:
    lines = ("dtparam=i2s=on", "dtoverlay=googlevoicehat-soundcard", "dtoverlay=i2s-mmap,x=1", "dtoverlay=")
    assert board(lines=lines).overlays == ("googlevoicehat-soundcard", "i2s-mmap")
